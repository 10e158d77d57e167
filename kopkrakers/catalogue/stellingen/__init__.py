"""Stellingen: short sentences that a group agrees with or not, each set in a file of its own."""
