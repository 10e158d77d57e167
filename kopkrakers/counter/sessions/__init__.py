"""Work of the counter for live sessions: count rounds, end sessions, count shifts."""
