"""Audit protected tables before they leave, as an attacker would who knows every exact sum.

The bounds of cells are narrowed by the shuttle algorithm (L. Buzzigoli and A. Giusti, "From
Marginals to Array Structure with the Shuttle Algorithm", 2006, mpra.ub.uni-muenchen.de/49245),
extended to a series of releases: each table is the one before it plus what came in between.
An attacker knows the rules of this program too: where every group of a table was only counted
because some people did not choose its largest option, no cell is larger than its sum less those.

Such bounds are not always the sharpest. A table that passes here could still give a cell away to
someone who solves the integer programme. `tests/research/release/test_attacks.py` and
`test_union.py` solve it, for simulated tables and series of them, and find no cell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from kopkrakers.privacy.release import (
    ReleasedTable,
    is_counted,
    protect,
    release_table,
    table_bounds,
)
from kopkrakers.privacy.rules import MARGIN, ROUNDING

Counts = Mapping[str, Mapping[str, int]]
"""Numbers of people by value and option."""
Cell = tuple[str, str]
"""The value and option of a cell."""
Interval = tuple[int, int]
"""The smallest and largest number that a cell can stand for."""
NOTHING: Interval = (0, 0)


@dataclass(frozen=True)
class Snapshot:
    """A table as it left: `cells[value][option]` as text, and exact sums that may be known.

    `counts`: the numbers that the cells stand for, which never leave; None of a table that left
    before they were kept.
    """

    cells: Mapping[str, Mapping[str, str]]
    by_value: Mapping[str, int]
    by_option: Mapping[str, int]
    counts: Counts | None = field(default=None, compare=False)

    @property
    def sums(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return the sums by value and by option.

        They equal those of an earlier snapshot when nothing was counted in between.
        """
        return self.by_value, self.by_option

    def as_table(self, attribute: str) -> ReleasedTable:
        """Return the part that may be shown."""
        return ReleasedTable(
            attribute, tuple(sorted(self.cells)), tuple(self.by_option), self.cells
        )


def _merged(below: int) -> Callable[[int], str]:
    """Return a way to write cells in which all numbers under `below` are written alike."""

    def write(n: int) -> str:
        return f"0-{below - 1}" if n < below else protect(n)

    return write


# a zero is known exactly and leaves the sum of its line to fewer cells: the coarser steps hide it
STEPS: tuple[Callable[[int], str], ...] = (protect, _merged(ROUNDING), _merged(2 * ROUNDING))
"""Ever coarser ways to write cells; a table is written in the first that gives nothing away."""


def snapshot_audited(
    options: Sequence[str], counts: Counts, earlier: Sequence[Snapshot] = (), *, margin: int
) -> Snapshot | None:
    """Return a table as it may leave after the earlier ones: rounded, or coarser where needed.

    `margin`: how many people of every value did not choose its largest option, at least.
    The earlier snapshot is returned again when nothing was counted since. It is also returned when
    even the coarsest table would give a small cell away beside the earlier ones, for leaving a
    second time it tells nothing new. None is returned when there is no earlier one either, and
    when nothing was counted at all.
    """
    if not is_counted(counts):
        return None
    for step in STEPS:
        snapshot = _snapshot(options, counts, step)
        # the same people once more: another way to write them would narrow what the first one left
        if earlier and snapshot.sums == earlier[-1].sums:
            break
        if not gives_away([*earlier, snapshot], margin):
            return snapshot
    return earlier[-1] if earlier else None


def release_audited(attribute: str, options: Sequence[str], counts: Counts) -> ReleasedTable | None:
    """Return a table of one attribute as the site shows it: as in a dataset, audited by itself."""
    if release_table(attribute, options, counts) is None:
        return None
    snapshot = snapshot_audited(options, counts, margin=MARGIN)
    return snapshot.as_table(attribute) if snapshot else None


# D-45
def gives_away(snapshots: Sequence[Snapshot], margin: int) -> bool:
    """Whether exact sums pin down a cell of 1 to 4, or the growth of one between two releases.

    `margin`: how many people of every value did not choose its largest option, at least.

    The snapshots are of one table, in the order in which they left. A cell never gets smaller, and
    its growth has exact sums too. Where one did get smaller the sums contradict each other, which
    takes a database that someone changed. Then the answer is yes: nothing more of it leaves.
    """
    tables = [_bounds_of_table(snapshot, margin) for snapshot in snapshots]
    growths = []
    for before, after in pairwise(snapshots):
        growths.append(_bounds_of_growth(before, after, margin))
    every = (*tables, *growths)
    # it ends, for bounds are whole numbers that only come closer; but bounds that contradict each
    # other could move apart for ever, so that is asked every time
    while _narrow_all(tables, growths):
        if any(bounds.contradicts_itself() for bounds in every):
            return True
    return any(bounds.pins_a_small_cell() for bounds in every)


@dataclass(frozen=True)
class _Line:
    """A row or a column: its cells and its exact sum."""

    cells: Sequence[Cell]
    total: int


@dataclass(frozen=True)
class _TableBounds:
    """The knowledge that an attacker has of a table: exact sums of lines, bounds of cells."""

    cells: dict[Cell, Interval]
    lines: Sequence[_Line]

    def narrow(self, cell: Cell, low: int, high: int) -> bool:
        """Narrow the bounds of a cell. Return whether they changed."""
        old_low, old_high = self.cells[cell]
        narrowed = max(old_low, low), min(old_high, high)
        if narrowed == (old_low, old_high):
            return False
        self.cells[cell] = narrowed
        return True

    def cap(self, by_value: Mapping[str, int], margin: int) -> None:
        """Let no cell be larger than the sum of its value allows."""
        for value, option in self.cells:
            self.narrow((value, option), 0, max(0, by_value[value] - margin))

    def contradicts_itself(self) -> bool:
        """Whether no number fits in some cell."""
        return any(low > high for low, high in self.cells.values())

    def pins_a_small_cell(self) -> bool:
        """Whether just one number, under `ROUNDING` and not zero, fits in some cell."""
        return any(low == high and 0 < low < ROUNDING for low, high in self.cells.values())


def _bounds_of_table(snapshot: Snapshot, margin: int) -> _TableBounds:
    """Return what is known at first of a table: its cells as they stand, its sums, the margin."""
    bounds = _TableBounds(table_bounds(snapshot.cells), _lines(*snapshot.sums))
    bounds.cap(snapshot.by_value, margin)
    return bounds


def _bounds_of_growth(before: Snapshot, after: Snapshot, margin: int) -> _TableBounds:
    """Return what is known at first of the growth between two snapshots: its sums, the margin."""
    by_value = {}
    for value, total in after.by_value.items():
        # a value that was not in the table before had nobody
        by_value[value] = total - before.by_value.get(value, 0)
    by_option = {}
    for option, total in after.by_option.items():
        by_option[option] = total - before.by_option[option]
    anything = (0, max(0, sum(by_value.values())))
    cells = dict.fromkeys(product(by_value, by_option), anything)
    bounds = _TableBounds(cells, _lines(by_value, by_option))
    bounds.cap(by_value, margin)
    return bounds


def _lines(by_value: Mapping[str, int], by_option: Mapping[str, int]) -> list[_Line]:
    lines = []
    for value, total in by_value.items():
        lines.append(_Line(list(product([value], by_option)), total))
    for option, total in by_option.items():
        lines.append(_Line(list(product(by_value, [option])), total))
    return lines


def _snapshot(options: Sequence[str], counts: Counts, write: Callable[[int], str]) -> Snapshot:
    cells: dict[str, dict[str, str]] = {}
    by_value = {}
    by_option = dict.fromkeys(options, 0)
    for value, row in counts.items():
        cells[value] = {}
        by_value[value] = 0
        for option in options:
            n = row.get(option, 0)
            cells[value][option] = write(n)
            # the sums are of the exact numbers: an attacker may know them
            by_value[value] += n
            by_option[option] += n
    return Snapshot(cells, by_value, by_option, counts)


def _narrow_all(tables: Sequence[_TableBounds], growths: Sequence[_TableBounds]) -> bool:
    """Narrow every table by its lines and by its neighbours in time. Return whether any changed."""
    changed = False
    for bounds in (*tables, *growths):
        if _narrow_by_lines(bounds):
            changed = True
    for (before, after), growth in zip(pairwise(tables), growths, strict=True):
        if _narrow_by_growth(before, growth, after):
            changed = True
    return changed


def _narrow_by_lines(bounds: _TableBounds) -> bool:
    """Narrow every cell by its row and column: a cell is the sum of the line minus the others."""
    changed = False
    for line in bounds.lines:
        # the sums are kept up as cells get narrower, so that one round already uses what it found
        lows = highs = 0
        for cell in line.cells:
            low, high = bounds.cells[cell]
            lows, highs = lows + low, highs + high
        for cell in line.cells:
            low, high = bounds.cells[cell]
            other_lows, other_highs = lows - low, highs - high
            if bounds.narrow(cell, line.total - other_highs, line.total - other_lows):
                low, high = bounds.cells[cell]
                lows, highs = other_lows + low, other_highs + high
                changed = True
    return changed


def _narrow_by_growth(before: _TableBounds, growth: _TableBounds, after: _TableBounds) -> bool:
    """Narrow three tables by each other: before + growth = after, in every cell."""
    changed = False
    for cell in growth.cells:
        low, high = before.cells.get(cell, NOTHING)
        after_low, after_high = after.cells[cell]
        if growth.narrow(cell, after_low - high, after_high - low):
            changed = True
        # taken anew after each step, narrower where it was narrowed
        growth_low, growth_high = growth.cells[cell]
        # a value that was not in the table before had nobody
        if cell in before.cells:
            if before.narrow(cell, after_low - growth_high, after_high - growth_low):
                changed = True
            low, high = before.cells[cell]
        if after.narrow(cell, low + growth_low, high + growth_high):
            changed = True
    return changed
