"""Signing in with the work account of a gemeente, by OpenID Connect."""
