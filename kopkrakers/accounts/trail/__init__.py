"""The trail: what beheerders and the operator did, each with its day, in a chain of MACs."""
