"""A gemeente leaves: all that is hers in one file, and then away with it."""
