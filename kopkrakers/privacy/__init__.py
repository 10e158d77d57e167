"""What may leave: thresholds, bundles, released objects. The one place where anonymity is decided."""
