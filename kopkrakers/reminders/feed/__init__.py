"""The dilemmas of the coming weeks in somebody's own calendar, by a secret address."""
