"""Read totals, which leave by `privacy.release` only."""

from collections import defaultdict

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.tallies.models import SHIFT_TALLY, TALLY

_SCOPES = select(TALLY.c.scope, TALLY.c.option, TALLY.c.n).where(
    TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition == bindparam("edition")
)
_BEFORE = (
    select(TALLY.c.edition)
    .where(TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition < bindparam("edition"))
    .limit(1)
)
_OF_EDITION = select(SHIFT_TALLY.c.before, SHIFT_TALLY.c.after, SHIFT_TALLY.c.n).where(
    SHIFT_TALLY.c.dilemma == bindparam("dilemma"), SHIFT_TALLY.c.edition == bindparam("edition")
)


def read_scopes(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return the totals of one edition by scope and option."""
    scopes: dict[str, dict[str, int]] = defaultdict(dict)
    parameters = {"dilemma": dilemma, "edition": edition}
    with session.connection().execute(_SCOPES, parameters) as result:
        assert result.cursor is not None
        # rows as the driver gives them: an edition can have those of hundreds of gemeenten
        for scope, option, n in result.cursor.fetchall():
            scopes[scope][option] = n
    return scopes


def comes_back(session: Session, dilemma: str, edition: int) -> bool:
    """Whether an earlier edition of the dilemma has totals."""
    if edition == 1:
        return False
    parameters = {"dilemma": dilemma, "edition": edition}
    return session.execute(_BEFORE, parameters).first() is not None


def read_shift(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return totals of one edition by option before and option after.

    They are raw, and for `privacy.release` only.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.execute(_OF_EDITION, {"dilemma": dilemma, "edition": edition}):
        counts[row.before][row.after] = row.n
    return counts
