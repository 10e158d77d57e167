"""The rules of the house, held by tests: what a file, a function, a line and a name may be."""
