"""A team together: its agenda, and dilemmas cracked in guided sessions."""
