"""News about the product: read from the CHANGELOG, and told until it was read."""
