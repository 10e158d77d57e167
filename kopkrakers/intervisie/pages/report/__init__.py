"""The report of a session: its pages, and the files that it can be taken along in."""
