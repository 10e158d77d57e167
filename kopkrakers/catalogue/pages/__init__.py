"""One page: a card as its writer previews it."""
