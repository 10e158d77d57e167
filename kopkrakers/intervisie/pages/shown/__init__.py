"""Frozen objects that several pages of a session show."""
