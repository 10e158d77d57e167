"""Flask plumbing of every feature: state, access, errors, headers, static files."""
