"""The protected tables of earlier releases: a new one is audited beside them before it leaves."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.base.db import table
from kopkrakers.privacy.audit import Snapshot
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.columns import SUM_TABLES
from kopkrakers.privacy.sums import Addends, Name, Of, SumTable
from kopkrakers.research.models import ReleasePart

PART = table(ReleasePart)


ALL = Of("", 0)
"""The part of a table of all dilemmas together."""


@dataclass(frozen=True)
class Earlier:
    """Tables that left before, by their id.

    `tables`: the snapshots of an edition that differed from the one before. `sums`: likewise.
    """

    tables: Mapping[str, Mapping[Of, Sequence[Snapshot]]] = field(default_factory=dict)
    sums: Mapping[str, Sequence[SumTable]] = field(default_factory=dict)


_PROTECTED = (
    select(PART.c.number, PART.c.table_id, PART.c.dilemma, PART.c.edition, PART.c.rows)
    .add_columns(PART.c.margins)
    .where(PART.c.margins.is_not(None))
    .order_by(PART.c.number)
)


# D-45
def read_earlier(session: Session) -> Earlier:
    """Return every protected table, and every sum table of them, as it left before."""
    tables: dict[str, dict[Of, list[Snapshot]]] = defaultdict(lambda: defaultdict(list))
    parts: dict[tuple[str, int], list[_StoredPart]] = defaultdict(list)
    for row in session.execute(_PROTECTED):
        of, rows, kept = Of(row.dilemma, row.edition), json.loads(row.rows), json.loads(row.margins)
        if row.table_id in SUM_TABLES:
            parts[row.table_id, row.number].append(_StoredPart(rows, kept))
            continue
        snapshot = _snapshot(rows, kept)
        snapshots = tables[row.table_id][of]
        # one that left as the one before told nothing new, and is no step of what is known
        if not snapshots or snapshots[-1] != snapshot:
            snapshots.append(snapshot)
    sums: dict[str, list[SumTable]] = defaultdict(list)
    # by number of the release: a sum table is held against those that left before it
    for table_id, number in sorted(parts):
        summed = _sum_table(parts[table_id, number])
        if not sums[table_id] or sums[table_id][-1] != summed:
            sums[table_id].append(summed)
    return Earlier(tables, sums)


def kept_of(snapshot: Snapshot) -> str:
    """Return what is stored of a table beside its rows: exact sums, and the numbers behind it."""
    counts = None
    if snapshot.counts is not None:
        counts = {value: dict(row) for value, row in snapshot.counts.items()}
    return _json([dict(snapshot.by_value), dict(snapshot.by_option), counts])


def _snapshot(rows: Sequence[Sequence[Any]], kept: Sequence[Any]) -> Snapshot:
    """Return a table from its rows (dilemma, edition, option, value, text, …) and what was kept.

    Only values with a sum were a group of their own; the others are left out.
    """
    by_value, by_option, *counts = kept
    cells: dict[str, dict[str, str]] = {value: {} for value in by_value}
    for _, _, option, code, text, *_ in rows:
        if code == SAID_NOTHING:
            value = NOT_SAID
        else:
            value = code
        if value in cells:
            cells[value][option] = text
    # a release of before sums kept no numbers
    return Snapshot(cells, by_value, by_option, counts[0] if counts else None)


class _StoredPart(NamedTuple):
    rows: Sequence[Sequence[Any]]
    kept: Mapping[str, Any]


def kept_of_sums(summed: SumTable) -> str:
    """Return what is stored of a sum table beside its rows: of which cells each sum is."""
    names: list[Name] = []
    for row, columns in summed.cells.items():
        names += [(row, column) for column in columns]
    numbers = {name: place for place, name in enumerate(names)}
    parts = []
    for of, part in summed.parts.items():
        cells = []
        for cell, name in part.names.items():
            cells.append([*cell, numbers[name]])
        parts.append([*of, part.place, cells])
    return _json({"names": names, "parts": parts})


def _sum_table(stored: Sequence[_StoredPart]) -> SumTable:
    cells: dict[str, dict[str, str]] = defaultdict(dict)
    parts: dict[Of, Addends] = {}
    for one in stored:
        names: list[Name] = [(row, column) for row, column in one.kept["names"]]
        # the text of a cell stands before its two bounds
        for (row, column), (*_, text, _low, _high) in zip(names, one.rows, strict=True):
            cells[row][column] = text
        for dilemma, edition, place, of_cells in one.kept["parts"]:
            part = {(value, option): names[number] for value, option, number in of_cells}
            parts[Of(dilemma, edition)] = Addends(place, part)
    return SumTable(dict(cells), parts)


def _json(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
