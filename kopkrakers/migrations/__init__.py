"""Alembic: the way from one schema to the next and back, on both databases."""
