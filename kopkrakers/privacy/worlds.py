"""Find other worlds in which a protected table is told just so, at all releases.

Who knows a table as it left at every release, with every exact margin, cannot be certain of a
number that is another one in such a world. To find one is a proof; to find none is not.

A world differs from the true one by moves: from one release to another, four people change places
so that no margin changes (two values, two options). Where something would then be told otherwise,
a move that repairs it is tried, and so on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from itertools import product, starmap
from typing import NamedTuple

from kopkrakers.privacy.audit import Cell, Snapshot
from kopkrakers.privacy.release import table_bounds
from kopkrakers.privacy.rules import ROUNDING

Interval = tuple[int, int]
"""The smallest and largest number that something can stand for."""
At = tuple[int, Cell]
"""A cell at one release: the place of its snapshot, and which cell."""
Changes = Mapping[At, int]
"""How many people more are in each cell of a world than in the true one."""
MOST_TRIES = 5000
"""Worlds that are tried for one number, at most."""
DIRECTIONS = (1, -1)


class Number(NamedTuple):
    """A cell at one release, or what it `grew` by since the release before."""

    at: At
    grew: bool = False


class Period(NamedTuple):
    """From which to which snapshot a move lasts."""

    first: int
    last: int


class _RememberedWorlds:
    """Worlds that are found one by one, as far as somebody asks, and kept."""

    def __init__(self, search: Iterator[Changes]) -> None:
        self._search = search
        self._found: list[Changes] = []

    def __iter__(self) -> Iterator[Changes]:
        yield from self._found
        for changes in self._search:
            self._found.append(changes)
            yield changes


# D-139
class TableWorlds:
    """A table at all releases, and how far each number may be another one and read the same."""

    def __init__(self, snapshots: Sequence[Snapshot], margin: int) -> None:
        """`margin`: how many people of each value did not choose its largest option, at least."""
        self.snapshots = snapshots
        self.small: list[Number] = []
        """The cells of 1 to 4, and the growths."""
        self._margin = margin
        self._others: dict[Number, _RememberedWorlds] = {}
        self._room: dict[At, Interval] = {}
        self._room_to_grow: dict[At, Interval] = {}
        for place in range(len(snapshots)):
            self._add_cells(place)
            if place:
                self._add_growth(place)

    def others(self, number: Number) -> Iterator[Changes]:
        """Yield worlds in which a number is another one, those with fewest moves first.

        Each is looked for once: beside every way to write sums the same worlds are tried.
        """
        if number not in self._others:
            self._others[number] = _RememberedWorlds(self._search(number))
        yield from self._others[number]

    def _search(self, number: Number) -> Iterator[Changes]:
        """Yield these worlds. The one in which least is told otherwise goes on first."""
        tried = 0
        unfinished: list[tuple[int, int, Changes]] = []
        changes: Changes = {}
        wanted = [(number, direction) for direction in DIRECTIONS]
        while True:
            for at, direction in wanted:
                for after in self._moved(changes, at, direction):
                    if not _change_of(number, after):
                        continue
                    broken = len(self._broken(after))
                    if not broken:
                        yield after
                        continue
                    tried += 1
                    heappush(unfinished, (broken, tried, after))
            if not unfinished or tried > MOST_TRIES:
                return
            _, _, changes = heappop(unfinished)
            wanted = self._broken(changes)[:1]

    @cached_property
    def moves(self) -> Sequence[Changes]:
        """Return every world that is one move away."""
        worlds = []
        last = len(self.snapshots) - 1
        for place, snapshot in enumerate(self.snapshots):
            values, options = list(snapshot.by_value), list(snapshot.by_option)
            periods = []
            for end in range(place, last + 1):
                periods.append(Period(place, end))
            # a move is a rectangle of cells: one corner is outside the last value and option
            for value, option, direction in product(values[:-1], options[:-1], DIRECTIONS):
                for after in self._of_cell({}, (value, option), direction, periods):
                    if not self._broken(after):
                        worlds.append(after)
        return worlds

    def _add_cells(self, place: int) -> None:
        snapshot = self.snapshots[place]
        for cell, (low, high) in table_bounds(snapshot.cells).items():
            value, _ = cell
            n = count_of(snapshot, cell)
            most = min(high, snapshot.by_value[value] - self._margin)
            self._room[place, cell] = low - n, most - n
            if 0 < n < ROUNDING:
                self.small.append(Number((place, cell)))

    def _add_growth(self, place: int) -> None:
        before, after = self.snapshots[place - 1], self.snapshots[place]
        for value, total in after.by_value.items():
            # of a value that was not in the table before, it is the cell itself
            if value not in before.by_value:
                continue
            most = max(0, total - before.by_value[value] - self._margin)
            for option in after.by_option:
                cell = value, option
                grown = count_of(after, cell) - count_of(before, cell)
                self._room_to_grow[place, cell] = -grown, most - grown
                if 0 < grown < ROUNDING:
                    self.small.append(Number((place, cell), grew=True))

    def _broken(self, changes: Changes) -> list[tuple[Number, int]]:
        """Return what would be told otherwise, each with the direction of a repair."""
        broken: list[tuple[Number, int]] = []
        for at, change in changes.items():
            place, cell = at
            # what stays within its room is the most of all that is asked: no call for that
            low, high = self._room[at]
            if not low <= change <= high:
                broken.append((Number(at), 1 if change < low else -1))
            grown = change - changes.get((place - 1, cell), 0)
            low, high = self._room_to_grow.get(at, (grown, grown))
            if not low <= grown <= high:
                broken.append((Number(at, grew=True), 1 if grown < low else -1))
            later = place + 1, cell
            if later not in changes:
                low, high = self._room_to_grow.get(later, (-change, -change))
                if not low <= -change <= high:
                    broken.append((Number(later, grew=True), 1 if -change < low else -1))
        return broken

    def _moved(self, changes: Changes, number: Number, direction: int) -> Iterator[Changes]:
        """Yield worlds one move further, in which a number is more (1) or less (-1)."""
        (place, cell), grew = number
        last = len(self.snapshots) - 1
        if grew:
            since = []
            for end in range(last, place - 1, -1):
                since.append(Period(place, end))
            until = [Period(first, place - 1) for first in range(place)]
            yield from self._of_cell(changes, cell, direction, since)
            yield from self._of_cell(changes, cell, -direction, until)
            return
        ends = product(range(place + 1), range(place, last + 1))
        # the longest first: what lasts changes no growth
        periods = sorted(starmap(Period, ends), key=lambda one: one.first - one.last)
        yield from self._of_cell(changes, cell, direction, periods)

    def _of_cell(
        self, changes: Changes, cell: Cell, direction: int, periods: Iterable[Period]
    ) -> Iterator[Changes]:
        value, option = cell
        for period in periods:
            snapshot = self.snapshots[period.first]
            if value not in snapshot.by_value:
                continue
            for other in product(snapshot.by_value, snapshot.by_option):
                other_value, other_option = other
                if other_value != value and other_option != option:
                    after = dict(changes)
                    _add(after, period, (cell, other), direction)
                    crossed = (value, other_option), (other_value, option)
                    _add(after, period, crossed, -direction)
                    yield after


def count_of(snapshot: Snapshot, cell: Cell) -> int:
    """Return the number that a cell stands for; nobody has a value that was not there yet."""
    value, option = cell
    assert snapshot.counts is not None
    return snapshot.counts.get(value, {}).get(option, 0)


def _add(changes: dict[At, int], period: Period, cells: Iterable[Cell], direction: int) -> None:
    for cell in cells:
        for place in range(period.first, period.last + 1):
            changes[place, cell] = changes.get((place, cell), 0) + direction


def _change_of(number: Number, changes: Changes) -> int:
    (place, cell), grew = number
    now = changes.get((place, cell), 0)
    if not grew:
        return now
    return now - changes.get((place - 1, cell), 0)
