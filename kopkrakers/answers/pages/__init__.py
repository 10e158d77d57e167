"""The pages of the day and of the archive."""
