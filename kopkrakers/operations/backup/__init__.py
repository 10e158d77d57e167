"""Sealed backups of both databases, how long they stay, and the commands for them."""
