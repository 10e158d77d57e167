"""The pages on which dilemmas are found again: the archive, and the index from A to Z."""
