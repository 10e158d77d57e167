"""The counter: the other process, and the only package that can reach a private key."""
