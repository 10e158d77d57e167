"""A set to learn from: invented answers, counted by the real rules, with the truth beside them."""
