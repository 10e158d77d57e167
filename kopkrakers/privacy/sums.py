"""Sums of cells of protected tables: added up first and rounded after.

A sum table holds such sums. `privacy.knowledge` says whether one may leave.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kopkrakers.privacy.audit import Cell, Snapshot
from kopkrakers.privacy.release import protect, table_bounds
from kopkrakers.privacy.worlds import Interval, count_of

Name = tuple[str, str]
"""The row and the column of a sum."""


class Of(NamedTuple):
    """The edition of a dilemma that a table is about."""

    dilemma: str
    edition: int

    @property
    def name(self) -> str:
        """Return the row of a sum table that has a row for each edition."""
        return f"{self.dilemma}.{self.edition}"


class Addends(NamedTuple):
    """The share of one table in a sum table: which of its snapshots, and the sum of each cell."""

    place: int
    names: Mapping[Cell, Name]


@dataclass(frozen=True)
class SumTable:
    """Sums as they left: `cells[row][column]` as text, and of what they were added up."""

    cells: Mapping[str, Mapping[str, str]]
    parts: Mapping[Of, Addends]

    @property
    def limits(self) -> dict[Name, Interval]:
        """Return the bounds of every sum. Each row is written in a way of its own."""
        limits: dict[Name, Interval] = {}
        for row, columns in self.cells.items():
            limits.update(table_bounds({row: columns}))
        return limits


def _ranges(width: int) -> Callable[[int], str]:
    """Return a way to write numbers as ranges of so many."""

    def write(n: int) -> str:
        low = n - n % width
        return f"{low}-{low + width - 1}"

    return write


STEPS: tuple[Callable[[int], str], ...] = (protect, _ranges(10), _ranges(25), _ranges(50))
"""Ever coarser ways to write sums."""


def drafts_of(
    rows: Mapping[str, Sequence[str]],
    parts: Mapping[Of, Addends],
    tables: Mapping[Of, Sequence[Snapshot]],
) -> Iterator[SumTable]:
    """Yield a sum table in ever coarser ways.

    `rows`: the columns of each row, sums of nobody too.
    """
    totals: dict[Name, int] = defaultdict(int)
    for table, part in parts.items():
        for cell, name in part.names.items():
            totals[name] += count_of(tables[table][part.place], cell)
    for write in STEPS:
        cells = {}
        for row, columns in rows.items():
            cells[row] = {column: write(totals[row, column]) for column in columns}
        yield SumTable(cells, parts)
