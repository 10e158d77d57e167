"""The newest of what only grows, known to the key folder too: so an older database is noticed."""
