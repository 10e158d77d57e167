"""Search by words, without regard to capitals and accents."""

import unicodedata


def fold(text: str) -> str:
    """Return a text as it is compared: lower case, no accents, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())


def holds_words(folded: str, words: str) -> bool:
    """Whether every word occurs in a folded text, possibly as part of a longer word."""
    return all(word in folded for word in fold(words).split())
