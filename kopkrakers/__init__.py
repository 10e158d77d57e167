"""Kopkrakers: a dilemma trainer whose answers nobody can trace."""
