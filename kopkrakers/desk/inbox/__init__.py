"""The inbox of redacteuren: what was sent in, who has it, and what is said to its sender."""
