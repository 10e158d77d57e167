"""The pages of the second step: at signing in, the own one, and that of others."""
