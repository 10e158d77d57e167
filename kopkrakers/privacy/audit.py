"""Looks at a protected table as an attacker would who knows every exact margin, before it leaves in a dataset."""

from collections.abc import Callable, Mapping, Sequence

from kopkrakers.privacy.release import ReleasedTable, bounds, protect, release_table
from kopkrakers.privacy.rules import ROUNDING

Counts = Mapping[str, Mapping[str, int]]
Interval = tuple[int, int]
Grid = dict[tuple[str, str], Interval]


def _blurred(below: int) -> Callable[[int], str]:
    return lambda n: f"0-{below - 1}" if n < below else protect(n)


STEPS: tuple[Callable[[int], str], ...] = (protect, _blurred(ROUNDING), _blurred(2 * ROUNDING))
"""Ever coarser ways to write a cell; the first that gives nothing away is taken for the whole table."""


def release_audited(attribute: str, options: Sequence[str], counts: Counts) -> ReleasedTable | None:
    """A table of one attribute, for the site and for a dataset alike: rounded where that is enough, else coarser.

    None when nothing was counted yet, or when even the coarsest form would give a small cell away.
    """
    if release_table(attribute, options, counts) is None:
        return None
    for step in STEPS:
        cells = {value: {option: step(row.get(option, 0)) for option in options} for value, row in counts.items()}
        if not gives_away(cells, counts):
            return ReleasedTable(attribute, tuple(sorted(counts)), tuple(options), cells)
    return None


def gives_away(cells: Mapping[str, Mapping[str, str]], counts: Counts) -> bool:
    """Whether exact margins pin down any cell of 1 up to `ROUNDING`, by narrowing bounds until they stand."""
    grid = {(value, option): bounds(text) for value, row in cells.items() for option, text in row.items()}
    lines = _lines(grid, counts)
    while _narrow(grid, lines):
        pass
    return any(low == high and 0 < low < ROUNDING for low, high in grid.values())


def _lines(grid: Grid, counts: Counts) -> list[tuple[list[tuple[str, str]], int]]:
    """Every row and column: its cells and its exact sum."""
    lines = []
    for side in (0, 1):
        for name in sorted({key[side] for key in grid}):
            keys = [key for key in grid if key[side] == name]
            lines.append((keys, sum(counts[value].get(option, 0) for value, option in keys)))
    return lines


def _narrow(grid: Grid, lines: Sequence[tuple[list[tuple[str, str]], int]]) -> bool:
    """Let every line narrow its cells once; whether anything changed."""
    changed = False
    for keys, total in lines:
        lows, highs = sum(grid[key][0] for key in keys), sum(grid[key][1] for key in keys)
        for key in keys:
            low, high = grid[key]
            new = max(low, total - highs + high), min(high, total - lows + low)
            if new != (low, high):
                lows, highs = lows + new[0] - low, highs + new[1] - high
                grid[key], changed = new, True
    return changed
