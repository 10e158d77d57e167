"""Running it: serving, checking, backups."""
