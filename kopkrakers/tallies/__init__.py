"""Totals of what was counted; they belong to nobody."""
