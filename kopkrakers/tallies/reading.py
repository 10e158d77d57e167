"""Read the totals of shifts in live sessions, for research releases."""

from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.tallies.models import SHIFT_TALLY

_OF_EDITION = select(SHIFT_TALLY.c.before, SHIFT_TALLY.c.after, SHIFT_TALLY.c.n).where(
    SHIFT_TALLY.c.dilemma == bindparam("dilemma"), SHIFT_TALLY.c.edition == bindparam("edition")
)


def read_shift(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return totals of one edition by option before and option after.

    They are raw, and for `privacy.release` only.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.execute(_OF_EDITION, {"dilemma": dilemma, "edition": edition}):
        counts[row.before][row.after] = row.n
    return counts
