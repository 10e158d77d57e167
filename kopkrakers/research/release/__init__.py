"""A release of the dataset: made once, protected, kept."""
