"""What every part stands on: settings, database, errors, clock, mail. Knows no Flask and no feature."""
