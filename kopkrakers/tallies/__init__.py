"""What was counted: totals that belong to nobody."""
