"""Says what a release tells that the one before did not, from their published rows alone."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.base.db import table
from kopkrakers.privacy import card_columns, chapter_columns, columns
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.identity import Identity
from kopkrakers.research.models import ReleasePart
from kopkrakers.research.rows import DataTable, Row, TablePart

PART = table(ReleasePart)
FOLLOWED = tuple(
    spec
    for spec in columns.TABLES
    if spec not in (card_columns.OPTION_TEXTS, card_columns.GEMEENTEN, columns.CHANGES)
)
"""The tables of which changes are told: those with figures, and whether a round was closed."""
Place = tuple[str, str, int]
"""A table, dilemma and edition; an empty dilemma and 0 for a table of all dilemmas together."""
_BEFORE = select(PART.c.table_id, PART.c.dilemma, PART.c.edition, PART.c.rows).where(
    PART.c.number == bindparam("number")
)
_SHAPE = Path(__file__).with_name("texts") / "changes.txt"
WORDS = {
    "new": "Nieuw",
    "changed": "Veranderd",
    "same": "Gelijk gebleven",
    "gone": "Weggelaten",
}


# D-120
def changes_since(session: Session, before: int | None, tables: Sequence[DataTable]) -> DataTable:
    """Return the table of changes since release `before`; everything is new without one.

    Nothing but rows that left is looked at, so it tells nothing that two releases do not.
    """
    now: dict[Place, tuple[TableSpec, TablePart]] = {}
    for one in tables:
        if one.spec in FOLLOWED:
            for part in one.parts:
                now[one.spec.id, part.dilemma, part.edition] = one.spec, part
    values: dict[Place, str] = {}
    if before is not None:
        values.update(_compared(session, before, now))
    parts = []
    for place in sorted({*now, *values}, key=_dilemma_first):
        form = None
        if place in now:
            form = _form(*now[place])
        table_id, dilemma, edition = place
        row: Row = (
            table_id,
            dilemma or None,
            edition or None,
            values.get(place, "new"),
            form,
            before,
        )
        parts.append((dilemma, edition, row))
    return DataTable(columns.CHANGES, _by_edition(parts))


def _dilemma_first(place: Place) -> tuple[str, int, str]:
    table_id, dilemma, edition = place
    return dilemma, edition, table_id


def _by_edition(rows: Iterable[tuple[str, int, Row]]) -> tuple[TablePart, ...]:
    by_edition: dict[tuple[str, int], list[Row]] = {}
    for dilemma, edition, row in rows:
        by_edition.setdefault((dilemma, edition), []).append(row)
    return tuple(TablePart(*key, tuple(of_one)) for key, of_one in by_edition.items())


def _compared(
    session: Session, before: int, now: Mapping[Place, tuple[TableSpec, TablePart]]
) -> Iterator[tuple[Place, str]]:
    """Yield what became of every part of the release before."""
    followed = {spec.id for spec in FOLLOWED}
    for row in session.execute(_BEFORE, {"number": before}):
        place = row.table_id, row.dilemma, row.edition
        if row.table_id not in followed:
            continue
        if place not in now:
            yield place, "gone"
            continue
        _, part = now[place]
        if _says_the_same(json.loads(row.rows), part.rows):
            yield place, "same"
        else:
            yield place, "changed"


def _says_the_same(before: Sequence[Sequence[Any]], rows: Sequence[Row]) -> bool:
    """Whether rows are as before, apart from columns that came later."""
    if len(before) != len(rows):
        return False
    for old, new in zip(before, rows, strict=True):
        # days are stored as text
        written = []
        for cell in new[: len(old)]:
            written.append(str(cell) if hasattr(cell, "isoformat") else cell)
        if written != list(old):
            return False
    return True


def _form(spec: TableSpec, part: TablePart) -> str:
    """Return how precise the rows of a part are, as they stand."""
    if spec is chapter_columns.CHAPTERS:
        return "coarse"
    if "n" not in spec.names:
        return "exact"
    place = spec.names.index("n")
    for row in part.rows:
        if row[place] is None or "-" in str(row[place]):
            return "coarse"
    # told by the table itself: a rounded total of the land
    is_rounded = "rounded" in spec.names and any(
        row[spec.names.index("rounded")] for row in part.rows
    )
    if spec.rounded or is_rounded:
        return "rounded"
    return "exact"


def dataset_changes() -> str:
    """Return what changed in the form of datasets, in Markdown."""
    _, _, form = _SHAPE.read_text(encoding="utf-8").partition("## Vorm van de dataset\n")
    return form


def changelog(identity: Identity, changes: DataTable) -> str:
    """Return the same in words: per table how many dilemmas are new, changed, the same or gone."""
    counted: dict[str, dict[str, int]] = {}
    before = None
    for row in changes.rows:
        table_id, change, before = str(row[0]), str(row[3]), row[5]
        counted.setdefault(table_id, dict.fromkeys(WORDS, 0))[change] += 1
    lines = [f"# Veranderingen in {identity.title}", ""]
    if before is None:
        lines += ["Dit is de eerste uitgave van deze server.", ""]
    else:
        lines += [f"Vergeleken met uitgave {before}. Elke rij van `changes` zegt het precies.", ""]
    lines += [f"| tabel | {' | '.join(WORDS.values())} |", "| --- | --- | --- | --- | --- |"]
    for spec in FOLLOWED:
        if spec.id in counted:
            numbers = " | ".join(map(str, counted[spec.id].values()))
            lines.append(f"| `{spec.id}` | {numbers} |")
    return "\n".join([*lines, "", _SHAPE.read_text(encoding="utf-8")])
