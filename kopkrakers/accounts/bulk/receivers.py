"""Read the receivers of a mail, as mail programs copy them."""

import re
from collections.abc import Iterator

# as mail programs copy people: "Anna de Boer <anna@zaanstad.nl>; Smit, Gerda <gerda@zaanstad.nl>"
_RECEIVER = re.compile(r"(?P<name>[^<>;\t\n]*)<(?P<address>[^<>\s]+@[^<>\s]+)>(?:\s*[;,]\s*|\s+|$)")


def read_receivers(text: str) -> Iterator[tuple[int, list[str]]] | None:
    """Return the names and addresses that were copied from a mail, each with its place.

    None where the text is not that and nothing else.
    """
    text = text.strip()
    found: list[tuple[int, list[str]]] = []
    begins = 0
    while begins < len(text):
        receiver = _RECEIVER.match(text, begins)
        if receiver is None:
            return None
        name = receiver["name"].strip(" \"'")
        found.append((len(found) + 1, [name, receiver["address"]]))
        begins = receiver.end()
    if not found:
        return None
    return iter(found)
