"""What changed in live sessions, for who makes a research release."""

from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.base.db import table
from kopkrakers.tallies.models import ShiftTally

SHIFT_TALLY = table(ShiftTally)
_OF_EDITION = select(SHIFT_TALLY.c.before, SHIFT_TALLY.c.after, SHIFT_TALLY.c.n).where(
    SHIFT_TALLY.c.dilemma == bindparam("dilemma"), SHIFT_TALLY.c.edition == bindparam("edition")
)


def read_shift(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Totals of one edition by the option before and the option after; raw, for `privacy.release` only."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.connection().execute(_OF_EDITION, {"dilemma": dilemma, "edition": edition}):
        counts[row.before][row.after] = row.n
    return counts
