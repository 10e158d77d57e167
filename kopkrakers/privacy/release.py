"""The only maker of what templates and exports may show. A raw count never reaches a template."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import NamedTuple

from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.rules import (
    AGENDA_STEPS,
    COARSE_STEP,
    COMES_BACK,
    COMES_BACK_SHARES,
    LONE_ROUNDING,
    ROUNDING,
    TOP_SHARE,
)


@dataclass(frozen=True)
class ReleasedRow:
    """One option: its code, the number of people, and their share in whole percents."""

    option: str
    n: int
    percent: int


class ReleasedDistribution(NamedTuple):
    """Totals of whole bundles for one scope (`NL` or a gemeente's id), options in the card's order.

    `counts` and `percents` stand in the order of `options`. A dataset has one of every gemeente and
    dilemma; an object for each option would cost more than all else. `rounded`: some of the people
    are rounded away, or too many.
    """

    scope: str
    total: int
    options: tuple[str, ...]
    counts: tuple[int, ...]
    percents: tuple[int, ...]
    rounded: bool = False

    @property
    def told_total(self) -> int:
        """Return the number of people as a page tells it: a rounded one never looks exact."""
        return round_to(ROUNDING, self.total) if self.rounded else self.total

    @property
    def cells(self) -> Iterator[tuple[str, int, int]]:
        """Yield the code, number of people and share in whole percents of each option."""
        return zip(self.options, self.counts, self.percents, strict=True)

    @property
    def by_option(self) -> dict[str, int]:
        """Return the number of people by option."""
        return dict(zip(self.options, self.counts, strict=True))

    @property
    def rows(self) -> tuple[ReleasedRow, ...]:
        """Return the same as `cells`, by name, for a page."""
        return tuple(starmap(ReleasedRow, self.cells))

    @property
    def majority(self) -> str | None:
        """Return the option chosen most, or None when options tie or all chose "iets anders"."""
        return _single_largest(zip(self.options, self.counts, strict=True))

    def share(self, option: str) -> float:
        """Return the part of everyone who chose an option, 0 to 1; 0 of one that is not there."""
        return self.by_option.get(option, 0) / self.total

    def percent_of(self, option: str) -> int:
        """Return the share of one of its options in whole percents."""
        return self.percents[self.options.index(option)]


class ReleasedShare(NamedTuple):
    """One option with its share in tens of percents."""

    option: str
    percent: int


class ReleasedShares(NamedTuple):
    """Shares in tens of percents that add up to 100, and no number of people."""

    scope: str
    rows: tuple[ReleasedShare, ...]

    @property
    def majority(self) -> str | None:
        """Return the option with the largest share, or None as in a distribution."""
        return _single_largest(self.rows)

    def share(self, option: str) -> float:
        """Return the part of everyone who chose an option, 0 to 1, in tenths."""
        return dict(self.rows).get(option, 0) / 100

    def percent_of(self, option: str) -> int:
        """Return the share of one of its options in percents, in tens."""
        return dict(self.rows)[option]


@dataclass(frozen=True)
class ReleasedTop:
    """A scope in which nearly all chose one option: which one, and no number."""

    scope: str
    option: str

    @property
    def share(self) -> str:
        """Return its share in words."""
        return f"ruim {TOP_SHARE}%"


ReleasedNational = ReleasedDistribution | ReleasedShares | ReleasedTop
"""The ways in which national totals leave."""


@dataclass(frozen=True)
class ReleasedTable:
    """Options by the values of one attribute, every cell protected. National only.

    `cells[value][option]` is text: `0`, `<5` or the nearest multiple of five, or coarser.
    """

    attribute: str
    values: tuple[str, ...]
    options: tuple[str, ...]
    cells: Mapping[str, Mapping[str, str]]


def release_distribution(
    scope: str, options: Sequence[str], counts: Mapping[str, int]
) -> ReleasedDistribution | None:
    """Return the totals of one scope as they may be shown, or None when nothing was counted."""
    total = sum(counts.values())
    if total == 0:
        return None
    chosen = tuple([counts.get(option, 0) for option in options])
    return ReleasedDistribution(scope, total, tuple(options), chosen, percents(chosen))


# D-62
def release_local(
    scope: str, options: Sequence[str], counts: Mapping[str, int]
) -> ReleasedDistribution | ReleasedTop | None:
    """Return the totals of a gemeente or regio as they may be shown; None without any.

    Where one option has more than `TOP_SHARE` percent, only that is told: a number of people, or
    the share of another option, would say how few chose otherwise.
    """
    released = release_distribution(scope, options, counts)
    if released is None:
        return None
    top = _top(options, counts)
    return ReleasedTop(scope, top) if top else released


# D-68
def release_national(
    scope: str,
    options: Sequence[str],
    scopes: Mapping[str, Mapping[str, int]],
    *,
    comes_back: bool,
) -> ReleasedNational | None:
    """Return the national totals of an edition as they may be shown; None without any.

    `scopes`: the totals of every pool of the edition and of `scope`, which is all of them together.
    `comes_back`: whether people answered the same dilemma before and its totals can be seen. The
    two together would tell what somebody chose who answered once; so nothing is told until
    `COMES_BACK_SHARES` answers, and shares in tens until `COMES_BACK`.

    What is left of national totals after those of all pools that leave exactly, belongs to pools
    above `TOP_SHARE`, and to those who were counted nationally only. It never leaves exactly.
    """
    national = release_distribution(scope, options, scopes.get(scope, {}))
    if national is None:
        return None
    if comes_back and national.total < COMES_BACK:
        return _in_tens(national) if national.total >= COMES_BACK_SHARES else None
    exact = dict.fromkeys(options, 0)
    topped = 0
    for name, counts in scopes.items():
        if name == scope:
            continue
        if _top(options, counts):
            topped += 1
            continue
        for option in options:
            exact[option] += counts.get(option, 0)
    if topped == 0:
        return national
    # the rest may be of one pool alone, of which only its largest option is told
    unit = LONE_ROUNDING if topped == 1 else ROUNDING
    return _with_rounded_rest(national, tuple(exact.values()), unit)


# D-145
def release_chair(
    scope: str, options: Sequence[str], counts: Mapping[str, int], *, comes_back: bool
) -> ReleasedNational | None:
    """Return the totals of leidinggevenden as they may be shown; None without any.

    They may be few, and of one gemeente: so they leave as those of a gemeente do. Of a dilemma that
    `comes_back` they leave as national ones do, also because people may have changed chairs.
    """
    released = release_local(scope, options, counts)
    total = sum(counts.values())
    if released is None or not comes_back or total >= COMES_BACK:
        return released
    if total < COMES_BACK_SHARES:
        return None
    return _in_tens(released) if isinstance(released, ReleasedDistribution) else released


def _with_rounded_rest(
    national: ReleasedDistribution, exact: Sequence[int], unit: int
) -> ReleasedNational:
    """Return national totals in which all that is not `exact` is rounded to multiples of `unit`.

    Where one unit is more than half of `COARSE_STEP` percent such totals would look more precise
    than they are, and leave as shares or as the largest option.
    """
    counts = []
    for known, all_ in zip(exact, national.counts, strict=True):
        rest = max(0, all_ - known)
        counts.append(known + round_to(unit, rest))
    total = sum(counts)
    rounded = ReleasedDistribution(
        national.scope, total, national.options, tuple(counts), percents(counts), rounded=True
    )
    if 200 * unit <= COARSE_STEP * total:
        return rounded
    # where no pool leaves exactly, these totals are those of the pools above the limit
    like_pools = rounded if any(exact) else national
    top = _top(national.options, like_pools.by_option)
    return ReleasedTop(national.scope, top) if top else _in_tens(rounded)


def coarser(released: ReleasedNational) -> ReleasedNational:
    """Return what leaves exactly as shares in tens, to stand beside others; the rest as it is."""
    if isinstance(released, ReleasedDistribution):
        return _in_tens(released)
    return released


def _in_tens(released: ReleasedDistribution) -> ReleasedShares:
    shares = percents(released.counts, COARSE_STEP)
    rows = zip(released.options, shares, strict=True)
    return ReleasedShares(released.scope, tuple(starmap(ReleasedShare, rows)))


def _single_largest(sizes: Iterable[tuple[str, int]]) -> str | None:
    """Return the option that is larger than all others, "iets anders" aside; None without one."""
    most = 0
    largest = None
    for option, n in sizes:
        if option == SOMETHING_ELSE or n < most:
            continue
        # of two that tie neither is the largest
        largest = option if n > most else None
        most = n
    return largest


def _top(options: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the option that more than `TOP_SHARE` percent chose, if there is one."""
    total = sum(counts.values())
    for option in options:
        # in whole numbers: a share that was rounded first could tip over the limit
        if 100 * counts.get(option, 0) > TOP_SHARE * total:
            return option
    return None


def is_counted(counts: Mapping[str, Mapping[str, int]]) -> bool:
    """Whether anything was counted: a number other than zero in any cell."""
    return any(any(row.values()) for row in counts.values())


def release_table(
    attribute: str, options: Sequence[str], counts: Mapping[str, Mapping[str, int]]
) -> ReleasedTable | None:
    """Return the rounded table of one attribute, or None when nothing was counted."""
    if not is_counted(counts):
        return None
    cells = {}
    for value, row in counts.items():
        cells[value] = {option: protect(row.get(option, 0)) for option in options}
    return ReleasedTable(
        attribute=attribute, values=tuple(sorted(counts)), options=tuple(options), cells=cells
    )


def protect(n: int) -> str:
    """Return a cell as text: `0`, `<5`, else the nearest multiple of `ROUNDING`."""
    if n == 0:
        return "0"
    if n < ROUNDING:
        return f"<{ROUNDING}"
    return str(round_to(ROUNDING, n))


def round_to(unit: int, n: int) -> int:
    """Return the nearest multiple of `unit`, halves up."""
    return unit * ((2 * n + unit) // (2 * unit))


def bounds(cell: str, *, from_: int = ROUNDING) -> tuple[int, int]:
    """Return the smallest and largest number that a protected cell can stand for.

    They follow from its text alone. `from_`: the smallest number that its table does not merge
    with others.
    """
    if cell == "0":
        return 0, 0
    # a table in which small numbers are written alike, such as `0-9`
    if "-" in cell:
        low, _, high = cell.partition("-")
        return int(low), int(high)
    # no zero: that is written as itself
    if cell.startswith("<"):
        return 1, int(cell[1:]) - 1
    middle = int(cell)
    return max(middle - ROUNDING // 2, from_), middle + ROUNDING // 2


def table_bounds(cells: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the bounds of every cell of a table, per (value, option).

    A table in which `0-9` stands writes all numbers under 10 so; its `10` cannot stand for 8 or 9.
    """
    texts = {}
    from_ = ROUNDING
    for value, row in cells.items():
        for option, text in row.items():
            texts[value, option] = text
            if "-" in text:
                _, largest_merged = bounds(text)
                from_ = max(from_, largest_merged + 1)
    return {cell: bounds(text, from_=from_) for cell, text in texts.items()}


def percents(counts: Sequence[int], step: int = 1) -> tuple[int, ...]:
    """Return shares in multiples of `step` percent that add up to 100.

    Each is rounded down; what is missing then goes to the largest remainders, the larger count
    first where remainders are equal, then the earlier one. Somebody must have been counted.
    """
    total = sum(counts)
    steps = 100 // step
    whole = [steps * n // total for n in counts]
    places = range(len(counts))
    by_remainder = sorted(
        places, key=lambda place: (-(steps * counts[place] % total), -counts[place])
    )
    for place in by_remainder[: steps - sum(whole)]:
        whole[place] += 1
    return tuple([step * part for part in whole])


@dataclass(frozen=True)
class ReleasedWishes:
    """At least how many colleagues want to talk about a dilemma; None where that is not told."""

    n: int | None


# D-81
def release_wishes(n: int, members: int) -> ReleasedWishes:
    """Return the wishes of a team as each of its members may see them.

    At least so many others wish as is told, whoever reads it: adding the own wish never shows a
    smaller number. And fewer than all others, so that of nobody it is known. In steps, so that
    one more wish mostly changes nothing that can be watched.
    """
    told = [step for step in AGENDA_STEPS if step < n and step < members - 1]
    return ReleasedWishes(max(told, default=None))
