"""Sealed envelopes as a web process sees them: boxes, sealing and MACs. No private key is here."""
