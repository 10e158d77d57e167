"""The team: what colleagues want to talk about."""
