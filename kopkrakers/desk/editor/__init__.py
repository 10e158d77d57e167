"""The editor: cards of the desk are saved, checked, read by a second person and published."""
