"""Plumbing that every feature shares: state, access, errors, headers, static files. No rules of the product."""
