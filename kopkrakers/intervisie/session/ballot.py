"""The ballot that a phone seals: an option and a reason, each ballot equally long."""

import re
from collections.abc import Collection

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line, fold

LONGEST_REASON = 280
"""Characters of a reason, at most."""
PADDED = 1216
"""Bytes of every ballot before sealing: an option and `LONGEST_REASON` four-byte characters fit."""


def ballot_of(option: str, reason: str) -> str:
    """Return the text to seal.

    Raises: WrongInput for a reason that is too long; it is never cut off.
    """
    line = clean_line(reason)
    if len(line) > LONGEST_REASON:
        raise WrongInput(
            f"Je reden is {len(line)} tekens lang. Maak er hoogstens {LONGEST_REASON} van.", "reden"
        )
    return option + line


NAME, NUMBER, ADDRESS = (
    "Staat hier een naam in van iemand uit je team?",
    "Staat hier een nummer in dat van iemand is?",
    "Staat hier een mailadres in?",
)
PUT_AWAY = "Leg de reden dan weg."
_SHORTEST_NAME = 3
_CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w+")
_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")


def warning_of(reason: str, names: Collection[str]) -> str:
    """Return what the begeleider is asked before a reason is shown; nothing when all seems well."""
    doubt = doubt_of(reason, names)
    return f"{doubt} {PUT_AWAY}" if doubt else ""


def doubt_of(text: str, names: Collection[str]) -> str:
    """Return the question whether a text points at somebody; nothing when all seems well.

    `names`: of the people in the team. A first name is found as a word with a capital.
    """
    if "@" in text:
        return ADDRESS
    if _LONG_NUMBER.search(text):
        return NUMBER
    written = {fold(word) for word in _CAPITALISED.findall(text)}
    known = {fold(part) for name in names for part in name.split() if part[0].isupper()}
    named = {part for part in written & known if len(part) >= _SHORTEST_NAME}
    return NAME if named else ""


def option_of(ballot: str) -> str:
    """Return the option in a ballot."""
    return ballot[:1]


def reason_of(ballot: str) -> str:
    """Return the reason in a ballot, perhaps empty."""
    return ballot[1:]
