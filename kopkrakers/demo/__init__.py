"""A small world to walk through: people, teams and weeks of answers by the real path. Everything is invented."""
