"""Sealed envelopes: boxes, keys, sealing, macs and the counter's loop. Knows nothing of dilemmas or sessions."""
