"""The page on which a reader reports a mistake on a card."""
