"""Read totals, which leave by `privacy.release` only."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.tallies.models import SHIFT_TALLY, TALLY

_SCOPES = select(TALLY.c.scope, TALLY.c.option, TALLY.c.n).where(
    TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition == bindparam("edition")
)
_SCOPES_OF = select(
    TALLY.c.dilemma, TALLY.c.edition, TALLY.c.scope, TALLY.c.option, TALLY.c.n
).where(TALLY.c.dilemma.in_(bindparam("dilemmas", expanding=True)))
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


def read_scopes_of(
    session: Session, dilemmas: Sequence[str]
) -> dict[tuple[str, int], dict[str, dict[str, int]]]:
    """Return the totals of all editions of these dilemmas, each by scope and option."""
    editions: dict[tuple[str, int], dict[str, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for row in session.connection().execute(_SCOPES_OF, {"dilemmas": dilemmas}):
        editions[row.dilemma, row.edition][row.scope][row.option] = row.n
    return editions


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
