"""What may leave: thresholds, bundles, released objects. Anonymity is decided here alone."""
