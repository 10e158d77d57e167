"""A group around its votes: it counts itself, and looks back at what it agreed."""
