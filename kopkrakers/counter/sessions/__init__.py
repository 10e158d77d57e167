"""What the counter does for live sessions: count rounds, end sessions, count shifts."""
