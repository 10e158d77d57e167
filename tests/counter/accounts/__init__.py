"""Whose envelopes are believed, and who counts toward a threshold."""
