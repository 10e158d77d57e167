"""Numbers for a monitoring program: coarse in time and in number, so that they tell of nobody."""
