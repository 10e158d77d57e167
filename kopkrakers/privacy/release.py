"""The only maker of what templates and exports may show. A raw count never reaches a template."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.rules import AGENDA_MINIMUM, ROUNDING


@dataclass(frozen=True)
class ReleasedRow:
    """One option: its code, how many chose it, and its share in whole percents."""

    option: str
    n: int
    percent: int


class ReleasedDistribution(NamedTuple):
    """Totals of whole bundles for one scope (`NL` or a gemeente's id), options in the card's order.

    `counts` and `percents` stand in the order of `options`: a dataset has one of every gemeente and dilemma,
    and an object for each of its options would cost more than all else.
    """

    scope: str
    total: int
    options: tuple[str, ...]
    counts: tuple[int, ...]
    percents: tuple[int, ...]

    @property
    def cells(self) -> Iterator[tuple[str, int, int]]:
        """Of each option its code, how many chose it, and its share in whole percents."""
        return zip(self.options, self.counts, self.percents, strict=True)

    @property
    def rows(self) -> tuple[ReleasedRow, ...]:
        """The same by name, for a page."""
        return tuple(ReleasedRow(*cell) for cell in self.cells)

    @property
    def majority(self) -> str | None:
        """The option chosen most, or None when options tie or "iets anders" is all there is."""
        named = sorted(
            (row for row in self.rows if row.option != SOMETHING_ELSE), key=lambda row: -row.n
        )
        if not named or named[0].n == 0 or (len(named) > 1 and named[0].n == named[1].n):
            return None
        return named[0].option

    def share(self, option: str) -> float:
        """The part of everyone who chose an option, 0 to 1."""
        return next(row.n for row in self.rows if row.option == option) / self.total


@dataclass(frozen=True)
class ReleasedTable:
    """Options by the values of one attribute, every cell protected: `0`, `<5` or the nearest multiple of five.

    `cells[value][option]` is text. `NL` only.
    """

    attribute: str
    values: tuple[str, ...]
    options: tuple[str, ...]
    cells: Mapping[str, Mapping[str, str]]


def release_distribution(
    scope: str, options: Sequence[str], counts: Mapping[str, int]
) -> ReleasedDistribution | None:
    """The totals of one scope as they may be shown, or None when nothing was counted yet."""
    total = sum(counts.values())
    if total == 0:
        return None
    chosen = tuple([counts.get(option, 0) for option in options])
    percents = tuple([percent(n, total) for n in chosen])
    return ReleasedDistribution(scope, total, tuple(options), chosen, percents)


def release_table(
    attribute: str, options: Sequence[str], counts: Mapping[str, Mapping[str, int]]
) -> ReleasedTable | None:
    """A table of one attribute as it may be shown, or None when nothing was counted yet."""
    if not any(sum(row.values()) for row in counts.values()):
        return None
    cells = {
        value: {option: protect(row.get(option, 0)) for option in options}
        for value, row in counts.items()
    }
    return ReleasedTable(
        attribute=attribute, values=tuple(sorted(counts)), options=tuple(options), cells=cells
    )


def protect(n: int) -> str:
    """A cell of an attribute table: `0`, `<5`, else to the nearest multiple of `ROUNDING`."""
    if n == 0:
        return "0"
    if n < ROUNDING:
        return f"<{ROUNDING}"
    return str(ROUNDING * ((n + ROUNDING // 2) // ROUNDING))


def bounds(cell: str, *, from_: int = ROUNDING) -> tuple[int, int]:
    """The smallest and largest number that a protected cell can stand for; derived from its text alone.

    `from_`: the smallest number that the cell's table writes by itself.
    """
    if cell == "0":
        return 0, 0
    if "-" in cell:
        low, _, high = cell.partition("-")
        return int(low), int(high)
    if cell.startswith("<"):
        return 1, int(cell[1:]) - 1
    middle = int(cell)
    return max(middle - ROUNDING // 2, from_), middle + ROUNDING // 2


def table_bounds(cells: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """The bounds of every cell of a table, per (value, option). Beside a `0-9`, a `10` cannot stand for 8 or 9."""
    together = [
        bounds(text)[1] + 1 for row in cells.values() for text in row.values() if "-" in text
    ]
    from_ = max(together, default=ROUNDING)
    return {
        (value, option): bounds(text, from_=from_)
        for value, row in cells.items()
        for option, text in row.items()
    }


def percent(n: int, total: int) -> int:
    """A share in whole percents, halves up."""
    return (200 * n + total) // (2 * total)


@dataclass(frozen=True)
class ReleasedWishes:
    """How many colleagues want to talk about a dilemma; None while they are fewer than `AGENDA_MINIMUM`."""

    n: int | None


def release_wishes(n: int) -> ReleasedWishes:
    """A number on a team's agenda as it may be shown."""
    return ReleasedWishes(n if n >= AGENDA_MINIMUM else None)
