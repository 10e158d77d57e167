"""Texts of the group in a session: boards, werkwijzen of its own, and what phones write."""
