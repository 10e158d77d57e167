"""A year of invented answers by the real path, to learn what size costs. Only ever in an empty database."""
