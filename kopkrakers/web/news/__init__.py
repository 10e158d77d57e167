"""What is new in the product: read from the CHANGELOG, and told until it was read."""
