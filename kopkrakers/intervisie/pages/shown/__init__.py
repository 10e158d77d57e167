"""What several pages of a session show, as frozen objects."""
