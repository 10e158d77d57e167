"""The dilemmas: reading and checking cards, editions, the calendar, covers."""
