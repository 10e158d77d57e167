"""Sending in a case: its texts, its marks, its code, and what is kept of it."""
