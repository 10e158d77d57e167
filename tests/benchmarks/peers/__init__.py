"""The same poll in Django, in oTree and as a table of Datasette: `make bench-peers`."""
