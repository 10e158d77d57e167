"""Looks at protected tables as an attacker would who knows every exact margin, before one leaves in a dataset."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kopkrakers.privacy.release import ReleasedTable, protect, release_table, table_bounds
from kopkrakers.privacy.rules import ROUNDING

Counts = Mapping[str, Mapping[str, int]]
Interval = tuple[int, int]


@dataclass(frozen=True)
class Snapshot:
    """A table as it left: `cells[value][option]` in words. And its exact sums, which an attacker may know."""

    cells: Mapping[str, Mapping[str, str]]
    by_value: Mapping[str, int]
    by_option: Mapping[str, int]

    @property
    def sums(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """By value and by option. The same as the time before: then nothing was counted in between."""
        return self.by_value, self.by_option

    def as_table(self, attribute: str) -> ReleasedTable:
        """What may be shown of it."""
        return ReleasedTable(
            attribute, tuple(sorted(self.cells)), tuple(self.by_option), self.cells
        )


def _blurred(below: int) -> Callable[[int], str]:
    return lambda n: f"0-{below - 1}" if n < below else protect(n)


STEPS: tuple[Callable[[int], str], ...] = (protect, _blurred(ROUNDING), _blurred(2 * ROUNDING))
"""Ever coarser ways to write a cell; the first that gives nothing away is taken for the whole table."""


def snapshot_audited(
    options: Sequence[str], counts: Counts, earlier: Sequence[Snapshot] = ()
) -> Snapshot | None:
    """A table as it may leave after these earlier ones: rounded where that is enough, else coarser.

    When even the coarsest form, laid beside the earlier ones, would give a small cell away: the last of them
    again, which tells nothing new. None when there is none, or when nothing was counted yet.
    """
    if not any(sum(row.values()) for row in counts.values()):
        return None
    for step in STEPS:
        snapshot = _snapshot(options, counts, step)
        if earlier and snapshot.sums == earlier[-1].sums:
            break
        if not gives_away([*earlier, snapshot]):
            return snapshot
    return earlier[-1] if earlier else None


def release_audited(attribute: str, options: Sequence[str], counts: Counts) -> ReleasedTable | None:
    """A table of one attribute as the site shows it: as in a dataset, looked at by itself."""
    if release_table(attribute, options, counts) is None:
        return None
    snapshot = snapshot_audited(options, counts)
    return snapshot.as_table(attribute) if snapshot else None


def gives_away(snapshots: Sequence[Snapshot]) -> bool:
    """Whether exact margins pin down any cell of 1 up to `ROUNDING`, by narrowing bounds until they stand.

    The snapshots are of one table, in the order in which they left: no cell ever gets smaller, and by how much it
    grew has exact margins too. Where one got smaller, as only happens in a database that someone changed, the
    answer is yes: nothing more of that table leaves.
    """
    stood = [_stood(snapshot) for snapshot in snapshots]
    grew = [_grew(before, after) for before, after in pairwise(snapshots)]
    layers, steps = [*stood, *grew], list(zip(stood, grew, stood[1:], strict=False))
    while any([*map(_narrow, layers), *(_join(*step) for step in steps)]):
        if any(low > high for layer in layers for low, high in layer.cells.values()):
            return True
    return any(
        low == high and 0 < low < ROUNDING for layer in layers for low, high in layer.cells.values()
    )


Line = tuple[list[tuple[str, str]], int]
"""A row or column: its cells and its exact sum."""


@dataclass(frozen=True)
class _Layer:
    """What an attacker knows of a table: the exact sum of every row and column, ever narrower bounds of cells."""

    cells: dict[tuple[str, str], Interval]
    lines: Sequence[Line]


def _stood(snapshot: Snapshot) -> _Layer:
    return _Layer(table_bounds(snapshot.cells), _lines(*snapshot.sums))


def _grew(before: Snapshot, after: Snapshot) -> _Layer:
    """What came in between two snapshots; nothing is known of it yet but its sums."""
    by_value = {
        value: total - before.by_value.get(value, 0) for value, total in after.by_value.items()
    }
    by_option = {
        option: total - before.by_option[option] for option, total in after.by_option.items()
    }
    anything = (0, max(0, sum(by_value.values())))
    cells = {(value, option): anything for value in by_value for option in by_option}
    return _Layer(cells, _lines(by_value, by_option))


def _lines(by_value: Mapping[str, int], by_option: Mapping[str, int]) -> list[Line]:
    rows: list[Line] = [
        ([(value, option) for option in by_option], total) for value, total in by_value.items()
    ]
    return rows + [
        ([(value, option) for value in by_value], total) for option, total in by_option.items()
    ]


def _snapshot(options: Sequence[str], counts: Counts, written: Callable[[int], str]) -> Snapshot:
    filled = {
        value: {option: row.get(option, 0) for option in options} for value, row in counts.items()
    }
    return Snapshot(
        {value: {option: written(n) for option, n in row.items()} for value, row in filled.items()},
        {value: sum(row.values()) for value, row in filled.items()},
        {option: sum(row[option] for row in filled.values()) for option in options},
    )


def _narrow(layer: _Layer) -> bool:
    """Let every row and column narrow its cells once; whether anything changed."""
    changed, grid = False, layer.cells
    for keys, total in layer.lines:
        lows, highs = sum(grid[key][0] for key in keys), sum(grid[key][1] for key in keys)
        for key in keys:
            low, high = grid[key]
            new = max(low, total - highs + high), min(high, total - lows + low)
            if new != (low, high):
                lows, highs = lows + new[0] - low, highs + new[1] - high
                grid[key], changed = new, True
    return changed


def _join(before: _Layer, grew: _Layer, after: _Layer) -> bool:
    """Let what stood, what came in and what stood then narrow each other once; whether anything changed."""
    changed = False
    for key, (low, high) in list(grew.cells.items()):
        (low_before, high_before), (low_after, high_after) = (
            before.cells.get(key, (0, 0)),
            after.cells[key],
        )
        new = max(low, low_after - high_before), min(high, high_after - low_before)
        new_before = max(low_before, low_after - new[1]), min(high_before, high_after - new[0])
        new_after = max(low_after, new_before[0] + new[0]), min(high_after, new_before[1] + new[1])
        if (new, new_after) != ((low, high), (low_after, high_after)):
            grew.cells[key], after.cells[key], changed = new, new_after, True
        if key in before.cells and new_before != (low_before, high_before):
            before.cells[key], changed = new_before, True
    return changed
