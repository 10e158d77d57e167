"""Decide alone what may leave: thresholds, bundles, released objects."""
