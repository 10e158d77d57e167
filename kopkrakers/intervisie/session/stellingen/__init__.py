"""Stellingen in a session: the sentences, the votes on them, and what a report keeps."""
