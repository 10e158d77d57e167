"""The page on which a card unfolds: its chapters, choosing again, and all figures side by side."""
