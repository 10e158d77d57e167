"""Searching by words: capitals and accents make no difference."""

import unicodedata


def fold(text: str) -> str:
    """Text as it is compared: small letters, no accents, single spaces."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    return " ".join(bare.casefold().split())


def holds_words(folded: str, words: str) -> bool:
    """Whether every word occurs in a folded text, also as part of a longer word."""
    return all(word in folded for word in fold(words).split())
