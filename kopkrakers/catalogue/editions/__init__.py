"""Editions of dilemmas, the calendar and the archive."""
