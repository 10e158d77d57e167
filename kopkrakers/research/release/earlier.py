"""What earlier releases showed of each protected table: a new one is looked at beside them before it leaves."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.base.db import table
from kopkrakers.privacy.audit import Snapshot
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.columns import SAID_NOTHING
from kopkrakers.research.release.models import ReleasePart

PART = table(ReleasePart)
Earlier = Mapping[tuple[str, str, int], Sequence[Snapshot]]
"""Per table, dilemma and edition: how it left in each earlier release, where that differed from the one before."""
_PROTECTED = (
    select(PART.c.table_id, PART.c.dilemma, PART.c.edition, PART.c.rows, PART.c.margins)
    .where(PART.c.margins.is_not(None))
    .order_by(PART.c.number)
)


def read_earlier(session: Session) -> Earlier:
    """How every protected table left before."""
    found: dict[tuple[str, str, int], list[Snapshot]] = defaultdict(list)
    for row in session.connection().execute(_PROTECTED):
        snapshot = _snapshot(json.loads(row.rows), json.loads(row.margins))
        kept = found[row.table_id, row.dilemma, row.edition]
        if not kept or kept[-1] != snapshot:
            kept.append(snapshot)
    return found


def margins_of(snapshot: Snapshot) -> str:
    """The exact sums of a table as they are kept."""
    return json.dumps([dict(snapshot.by_value), dict(snapshot.by_option)], separators=(",", ":"))


def _snapshot(rows: Sequence[Sequence[Any]], margins: Sequence[Mapping[str, int]]) -> Snapshot:
    """A table from its rows (dilemma, edition, option, value, text, …) and its sums; groups that it had alone."""
    by_value, by_option = margins
    texts = {
        (NOT_SAID if value == SAID_NOTHING else value, option): text
        for _, _, option, value, text, *_ in rows
    }
    return Snapshot(
        {value: {option: texts[value, option] for option in by_option} for value in by_value},
        by_value,
        by_option,
    )
