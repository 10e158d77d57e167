"""Find other worlds in which a protected table is told just so, at all releases.

Who knows a table as it left at every release, with every exact margin, cannot be certain of a
number that is another one in such a world. To find one is a proof; to find none is not.

A world differs from the true one by moves: from one release to another, four people change places
so that no margin changes (two values, two options). Where something would then be told otherwise,
a move that repairs it is tried, and so on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import product
from typing import NamedTuple

from kopkrakers.privacy.audit import Cell, Snapshot
from kopkrakers.privacy.release import table_bounds
from kopkrakers.privacy.rules import ROUNDING

Interval = tuple[int, int]
"""The smallest and largest number that something can stand for."""
MOST_TRIES = 5000
"""Worlds that are tried for one number, at most."""
DIRECTIONS = (1, -1)


class Number(NamedTuple):
    """A cell at one release, or what it `grew` by since the release before.

    `place`: which of the snapshots.
    """

    place: int
    cell: Cell
    grew: bool = False


Changes = Mapping[Number, int]
"""How many people more are in each cell of a world than in the true one; no growth is in it."""


class Period(NamedTuple):
    """From which to which snapshot a move lasts."""

    first: int
    last: int


# D-139
class TableWorlds:
    """A table at all releases, the true numbers behind it, and what is known of each."""

    def __init__(self, snapshots: Sequence[Snapshot], margin: int) -> None:
        """`margin`: how many people of each value did not choose its largest option, at least."""
        self.snapshots = snapshots
        self._margin = margin
        self._true: dict[Number, int] = {}
        self._limits: dict[Number, Interval] = {}
        for place in range(len(snapshots)):
            self._add_cells(place)
            self._add_growth(place)

    @property
    def small(self) -> list[Number]:
        """Return the cells of 1 to 4, and the growths."""
        return [number for number, n in self._true.items() if 0 < n < ROUNDING]

    def others(self, number: Number) -> Iterator[Changes]:
        """Yield worlds in which a number is another one, those with fewest moves first.

        The world in which least is told otherwise goes on first.
        """
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

    def moves(self) -> Iterator[Changes]:
        """Yield every world that is one move away."""
        last = len(self.snapshots) - 1
        for place, snapshot in enumerate(self.snapshots):
            values, options = list(snapshot.by_value), list(snapshot.by_option)
            for value, option, direction in product(values[:-1], options[:-1], DIRECTIONS):
                spans = [Period(place, end) for end in range(place, last + 1)]
                for after in self._of_cell({}, (value, option), direction, spans):
                    if not self._broken(after):
                        yield after

    def _add_cells(self, place: int) -> None:
        snapshot = self.snapshots[place]
        for cell, (low, high) in table_bounds(snapshot.cells).items():
            value, _ = cell
            number = Number(place, cell)
            self._true[number] = count_of(snapshot, cell)
            self._limits[number] = low, min(high, snapshot.by_value[value] - self._margin)

    def _add_growth(self, place: int) -> None:
        if place == 0:
            return
        before, after = self.snapshots[place - 1], self.snapshots[place]
        for value, total in after.by_value.items():
            # of a value that was not in the table before, it is the cell itself
            if value not in before.by_value:
                continue
            most = max(0, total - before.by_value[value] - self._margin)
            for option in after.by_option:
                cell = value, option
                grown = Number(place, cell, grew=True)
                self._true[grown] = count_of(after, cell) - count_of(before, cell)
                self._limits[grown] = 0, most

    def _broken(self, changes: Changes) -> list[tuple[Number, int]]:
        """Return what would be told otherwise, each with the direction of a repair."""
        broken: list[tuple[Number, int]] = []
        for number in _touched(changes):
            if number not in self._limits:
                continue
            low, high = self._limits[number]
            n = self._true[number] + _change_of(number, changes)
            if n < low:
                broken.append((number, 1))
            if n > high:
                broken.append((number, -1))
        return broken

    def _moved(self, changes: Changes, number: Number, direction: int) -> Iterator[Changes]:
        """Yield worlds one move further, in which a number is more (1) or less (-1)."""
        place, cell, grew = number
        last = len(self.snapshots) - 1
        if grew:
            since = [Period(place, end) for end in range(last, place - 1, -1)]
            until = [Period(first, place - 1) for first in range(place)]
            yield from self._of_cell(changes, cell, direction, since)
            yield from self._of_cell(changes, cell, -direction, until)
            return
        spans = [Period(*ends) for ends in product(range(place + 1), range(place, last + 1))]
        # the longest first: what lasts changes no growth
        spans.sort(key=lambda span: span.first - span.last)
        yield from self._of_cell(changes, cell, direction, spans)

    def _of_cell(
        self, changes: Changes, cell: Cell, direction: int, spans: Iterable[Period]
    ) -> Iterator[Changes]:
        value, option = cell
        for span in spans:
            snapshot = self.snapshots[span.first]
            if value not in snapshot.by_value:
                continue
            for other in product(snapshot.by_value, snapshot.by_option):
                other_value, other_option = other
                if other_value != value and other_option != option:
                    after = dict(changes)
                    _add(after, span, (cell, other), direction)
                    _add(after, span, ((value, other_option), (other_value, option)), -direction)
                    yield after


def count_of(snapshot: Snapshot, cell: Cell) -> int:
    """Return the number that a cell stands for; nobody has a value that was not there yet."""
    value, option = cell
    assert snapshot.counts is not None
    return snapshot.counts.get(value, {}).get(option, 0)


def _add(changes: dict[Number, int], span: Period, cells: Iterable[Cell], direction: int) -> None:
    for cell, place in product(cells, range(span.first, span.last + 1)):
        number = Number(place, cell)
        changes[number] = changes.get(number, 0) + direction


def _touched(changes: Changes) -> Iterator[Number]:
    for number, change in changes.items():
        if change:
            yield number
            yield number._replace(grew=True)
            yield Number(number.place + 1, number.cell, grew=True)


def _change_of(number: Number, changes: Changes) -> int:
    place, cell, grew = number
    if not grew:
        return changes.get(number, 0)
    return changes.get(Number(place, cell), 0) - changes.get(Number(place - 1, cell), 0)
