"""Reminders that people ask for: mail and push of their own, and a message to a team."""
