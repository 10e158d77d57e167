"""The daily vote: casting, taking back, bundling into tallies, result and kraakvraag."""
