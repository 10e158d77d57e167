"""The steps of one session."""
