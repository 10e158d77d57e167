"""Teams and people of many gemeenten at a time, from a file of the operator."""
