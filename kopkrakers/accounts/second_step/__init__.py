"""A second step at signing in with a password: a code of an app, or one of paper."""
