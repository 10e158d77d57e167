"""Kopkrakers: a dilemma trainer whose answers nobody can trace."""

from kopkrakers.app import create_app

__all__ = ["create_app"]
