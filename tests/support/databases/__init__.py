"""Real databases for tests, what is said to them, and the files they keep."""
