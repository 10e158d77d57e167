"""Pages without a network: the one that is kept, and answers that come later."""
