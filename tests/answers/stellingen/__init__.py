"""The stelling of the day: its pages, its count and who attacks it."""
