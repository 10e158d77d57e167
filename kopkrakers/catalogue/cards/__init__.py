"""A card: its file, its fields, its story and its faults."""
