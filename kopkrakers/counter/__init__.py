"""The counter: a process of its own, and the only package that can reach a private key."""
