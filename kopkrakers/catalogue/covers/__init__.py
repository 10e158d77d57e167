"""Covers of cards: drawn by hand or made from the name."""
