"""The ballot that a phone seals: an option and a reason, each ballot equally long."""

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line

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


def option_of(ballot: str) -> str:
    """Return the option in a ballot."""
    return ballot[:1]


def reason_of(ballot: str) -> str:
    """Return the reason in a ballot, perhaps empty."""
    return ballot[1:]
