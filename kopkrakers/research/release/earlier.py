"""The protected tables of earlier releases: a new one is audited beside them before it leaves."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.base.db import table
from kopkrakers.privacy.audit import Snapshot
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.research.release.models import ReleasePart

PART = table(ReleasePart)
Earlier = Mapping[tuple[str, str, int], Sequence[Snapshot]]
"""Per table, dilemma and edition: the snapshots that differed from the release before."""
_PROTECTED = (
    select(PART.c.table_id, PART.c.dilemma, PART.c.edition, PART.c.rows, PART.c.margins)
    .where(PART.c.margins.is_not(None))
    .order_by(PART.c.number)
)


# D-45
def read_earlier(session: Session) -> Earlier:
    """Return every protected table as it left before."""
    earlier: dict[tuple[str, str, int], list[Snapshot]] = defaultdict(list)
    for row in session.execute(_PROTECTED):
        snapshot = _snapshot(json.loads(row.rows), json.loads(row.margins))
        snapshots = earlier[row.table_id, row.dilemma, row.edition]
        if not snapshots or snapshots[-1] != snapshot:
            snapshots.append(snapshot)
    return earlier


def margins_of(snapshot: Snapshot) -> str:
    """Return the exact sums of a table as they are stored."""
    return json.dumps([dict(snapshot.by_value), dict(snapshot.by_option)], separators=(",", ":"))


def _snapshot(rows: Sequence[Sequence[Any]], margins: Sequence[Mapping[str, int]]) -> Snapshot:
    """Return a table from its rows (dilemma, edition, option, value, text, …) and its sums.

    Only values with a sum were a group of their own; the others are left out.
    """
    by_value, by_option = margins
    cells: dict[str, dict[str, str]] = {value: {} for value in by_value}
    for _, _, option, code, text, *_ in rows:
        if code == SAID_NOTHING:
            value = NOT_SAID
        else:
            value = code
        if value in cells:
            cells[value][option] = text
    return Snapshot(cells, by_value, by_option)
