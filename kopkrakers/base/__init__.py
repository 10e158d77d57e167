"""Shared by every part: settings, database, errors, clock, logs, mail. No Flask and no feature."""
