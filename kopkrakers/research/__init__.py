"""Releases of counted choices as tables, a dataset and an API; no single answer is seen here."""
