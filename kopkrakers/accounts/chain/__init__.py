"""Accounts and invitations under MACs, and the chain of all that changed of them."""
