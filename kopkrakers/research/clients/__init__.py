"""Clients of a release in one file each, which go with every dataset; the product uses neither."""
