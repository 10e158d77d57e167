"""Count in rounds of ten, and write to the totals as somebody without a key can."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.counter.totals import total_faults
from kopkrakers.tallies.models import EDITION_MAC, NL, TALLY, TOTAL_MAC
from tests.support.attacks import Attacker
from tests.support.polling import SLUG

TEN = "aaaaabbbcc"
MORE = "bbbbbaaacc"
BOTH = {"a": 8, "b": 8, "c": 4, "x": 0}
HERE = TALLY.c.dilemma == SLUG
NATIONAL = TALLY.c.scope == NL
TABLES = (TALLY, TOTAL_MAC, EDITION_MAC)
"""The totals that one who answers adds to, with their MACs."""
Rows = Mapping[Table, Sequence[Mapping[str, Any]]]


def count(attacker: Attacker, votes: str, skip: int = 0) -> None:
    attacker.polling.cast_all(votes, skip=skip)
    attacker.tick(2)


def up(attacker: Attacker) -> None:
    attacker.change(TALLY, HERE, TALLY.c.option == "a", n=TALLY.c.n + 7)


def all_removed(attacker: Attacker) -> None:
    """Everything, with every MAC: as if the edition was never counted."""
    for table in (TALLY, TOTAL_MAC, EDITION_MAC):
        attacker.remove(table, table.c.dilemma == SLUG)


def faults(attacker: Attacker) -> dict[tuple[str, int], str]:
    with attacker.polling.database.reading() as session:
        return total_faults(attacker.polling.counter, session)


def waiting(attacker: Attacker) -> int:
    return len(attacker.rows(ENVELOPE))


def rows_of(attacker: Attacker) -> Rows:
    """The totals and their MACs as they stand."""
    found = {}
    for table in TABLES:
        found[table] = [row._asdict() for row in attacker.rows(table)]
    return found


def put_in_place(attacker: Attacker, rows: Rows) -> None:
    """Replace the totals and their MACs by others."""
    for table in TABLES:
        attacker.remove(table)
        for row in rows[table]:
            attacker.put(table, dict(row))
