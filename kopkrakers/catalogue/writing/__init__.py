"""Tools for editors: checking, advice, a new card, a preview."""
