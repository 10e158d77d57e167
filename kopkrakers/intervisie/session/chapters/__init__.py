"""Chapters in a session: the new facts, the votes after them, and what a report keeps."""
