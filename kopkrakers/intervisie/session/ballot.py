"""What one phone seals: an option and a reason, every vote equally long."""

from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line

LONGEST_REASON = 280
"""Signs of a reason, at most."""
PADDED = 1216
"""Bytes of every vote before sealing: an option and `LONGEST_REASON` signs of four bytes, with room to spare."""


def ballot_of(option: str, reason: str) -> str:
    """What is sealed.

    Raises: WrongInput for a reason that is too long; it is never cut off.
    """
    line = clean_line(reason)
    if len(line) > LONGEST_REASON:
        raise WrongInput(
            f"Je reden is {len(line)} tekens lang. Maak er hoogstens {LONGEST_REASON} van.", "reden"
        )
    return option + line


def option_of(ballot: str) -> str:
    """The option in a ballot."""
    return ballot[:1]


def reason_of(ballot: str) -> str:
    """The reason in a ballot, perhaps empty."""
    return ballot[1:]
