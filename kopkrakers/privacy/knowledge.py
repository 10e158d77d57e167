"""Whether tables and sums together make nobody certain of a small number.

Beside the tables that they were added up from, at all releases and with every exact margin of
those, sums may make nobody certain of a cell, sum or growth of 1 to 4: of each there must be
another world in which everything is told just so (`privacy.worlds`). Moves in other tables may undo
what such a world does to a sum. A world that is found is a proof; where none is found, less is
told.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from kopkrakers.privacy.audit import Cell, Snapshot
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.privacy.sums import Name, Of, SumTable
from kopkrakers.privacy.worlds import Changes, Interval, Number, TableWorlds, count_of

MOST_WORLDS = 40
"""Worlds of one table that are tried for one of its numbers, at most."""
MOST_REPAIRS = 8
"""Tables that may undo what a world of another does to sums, at most."""
MOST_MOVES = 300
"""Moves among which the best is taken, at most."""
SumTables = Mapping[str, Sequence[SumTable]]
"""Sum tables by their id in a dataset, each as it left at all releases."""


class SumAt(NamedTuple):
    """A sum. `told`: the number of its sum table among those that were told."""

    told: int
    name: Name


class Growth(NamedTuple):
    """The growth of a sum between two sum tables of one series."""

    before: SumAt
    after: SumAt


Effect = Mapping[SumAt, int]
"""How many people more are in each sum of a world than in the true one."""
Move = tuple[Of, Effect]
"""A world of one table, one move away, by what it does to sums."""


# D-139
class AllKnown:
    """Tables, and the sums that were told of them: what an attacker has."""

    def __init__(self, tables: Mapping[Of, TableWorlds]) -> None:
        self._worlds = tables
        self._sums: list[SumTable] = []
        self._latest: dict[str, int] = {}
        self._true: dict[SumAt, int] = {}
        self._limits: dict[SumAt, Interval] = {}
        self._growths: list[Growth] = []
        self._told_of: dict[tuple[Of, int], list[Mapping[Cell, SumAt]]] = defaultdict(list)

    def add(self, series: str, summed: SumTable) -> None:
        """Add a sum table that was told, after the earlier ones of its series."""
        number = len(self._sums)
        self._sums.append(summed)
        before = self._latest.get(series)
        self._latest[series] = number
        for name, limits in summed.limits.items():
            at = SumAt(number, name)
            self._true[at] = 0
            self._limits[at] = limits
            # a sum that was not told before is no growth
            if before is not None and SumAt(before, name) in self._true:
                self._growths.append(Growth(SumAt(before, name), at))
        for table, part in summed.parts.items():
            snapshot = self._worlds[table].snapshots[part.place]
            sums = {cell: SumAt(number, name) for cell, name in part.names.items()}
            self._told_of[table, part.place].append(sums)
            for cell, at in sums.items():
                self._true[at] += count_of(snapshot, cell)

    def beside(self, series: str, summed: SumTable) -> "AllKnown":
        """Return the same with one sum table more."""
        told = AllKnown(self._worlds)
        told._sums = [*self._sums]
        told._latest = dict(self._latest)
        told._true = dict(self._true)
        told._limits = dict(self._limits)
        told._growths = [*self._growths]
        for place, sums in self._told_of.items():
            told._told_of[place] = [*sums]
        told.add(series, summed)
        return told

    @property
    def is_safe(self) -> bool:
        """Whether nobody can be certain of a number of 1 to 4."""
        return next(self.certain(), None) is None

    def certain(self) -> Iterator[Of]:
        """Yield the tables with a number of 1 to 4 of which no other world was found.

        Of a sum, and of its growth, all tables that go into it.
        """
        moves = self._moves()
        for table, worlds in self._worlds.items():
            if not all(self._is_open(table, number, moves) for number in worlds.small):
                yield table
        every: list[SumAt | Growth] = [*self._true, *self._growths]
        for at in every:
            if 0 < self._size(at) < ROUNDING and not self._can_change(at, moves):
                wanted = at.after if isinstance(at, Growth) else at
                yield from self._sums[wanted.told].parts

    def _is_open(self, table: Of, number: Number, moves: "_Moves") -> bool:
        """Whether a number of a table can be another one."""
        others = islice(self._worlds[table].others(number), MOST_WORLDS)
        return any(self._can_repair(self._effect(table, world), {table}, moves) for world in others)

    def _can_change(self, at: SumAt | Growth, moves: "_Moves") -> bool:
        """Whether a sum, or its growth, can be another one."""
        wanted = at.after if isinstance(at, Growth) else at
        firsts = [*moves.of(wanted, 1), *moves.of(wanted, -1)]
        for table, effect in firsts:
            if _change(at, effect) and self._can_repair(effect, {table}, moves, at):
                return True
        return False

    def _can_repair(
        self,
        effect: Effect,
        used: set[Of],
        moves: "_Moves",
        wanted: SumAt | Growth | None = None,
    ) -> bool:
        """Whether moves in other tables make all sums read as they were told.

        `used`: the tables that already have another world. `wanted`: a sum that has to stay another
        one than the true one.
        """
        for _ in range(MOST_REPAIRS):
            broken = self._broken(effect)
            if not broken:
                return True
            best = self._best(_repaired(effect, moves.of(*broken[0]), used), wanted)
            if best is None:
                return False
            table, effect = best
            used = {*used, table}
        return False

    def _best(self, repairs: Iterable[Move], wanted: SumAt | Growth | None) -> Move | None:
        """Return the world in which fewest sums would be told otherwise; None without any."""
        best = None
        fewest = 0
        for table, effect in repairs:
            if wanted is not None and not _change(wanted, effect):
                continue
            broken = len(self._broken(effect))
            if best is None or broken < fewest:
                best, fewest = (table, effect), broken
            if not broken:
                break
        return best

    def _moves(self) -> "_Moves":
        return _Moves(
            lambda: (
                (table, self._effect(table, world))
                for table, worlds in self._worlds.items()
                for world in worlds.moves
            )
        )

    def _effect(self, table: Of, changes: Changes) -> Effect:
        effect: dict[SumAt, int] = defaultdict(int)
        for (place, cell), change in changes.items():
            for sums in self._told_of.get((table, place), ()):
                effect[sums[cell]] += change
        return {at: change for at, change in effect.items() if change}

    def _broken(self, effect: Effect) -> list[tuple[SumAt, int]]:
        """Return the sums that would be told otherwise, each with the direction of a repair."""
        broken = []
        for at, change in effect.items():
            low, high = self._limits[at]
            n = self._true[at] + change
            if n < low:
                broken.append((at, 1))
            elif n > high:
                broken.append((at, -1))
        return broken

    def _size(self, at: SumAt | Growth) -> int:
        if isinstance(at, SumAt):
            return self._true[at]
        return self._true[at.after] - self._true[at.before]


class _Moves:
    """The moves of all tables, by the sum that they change and the direction of that; made once."""

    def __init__(self, make: Callable[[], Iterator[Move]]) -> None:
        self._make = make
        self._by_sum: dict[tuple[SumAt, int], list[Move]] | None = None

    def of(self, at: SumAt, direction: int) -> Sequence[Move]:
        """Return the moves that make a sum more (1) or less (-1)."""
        if self._by_sum is None:
            self._by_sum = defaultdict(list)
            for move in self._make():
                for changed, change in move[1].items():
                    self._by_sum[changed, 1 if change > 0 else -1].append(move)
        return self._by_sum.get((at, direction), ())


def _repaired(effect: Effect, moves: Iterable[Move], used: Collection[Of]) -> Iterator[Move]:
    """Yield worlds in which one table more is another one, as they are asked for."""
    for table, more in islice(moves, MOST_MOVES):
        if table not in used:
            yield table, _together(effect, more)


def _together(left: Effect, right: Effect) -> dict[SumAt, int]:
    both = dict(left)
    for at, change in right.items():
        both[at] = both.get(at, 0) + change
    return both


def _change(at: SumAt | Growth, effect: Effect) -> int:
    if isinstance(at, SumAt):
        return effect.get(at, 0)
    return effect.get(at.after, 0) - effect.get(at.before, 0)


def hold_back(
    tables: Mapping[Of, Sequence[Snapshot]],
    new: Collection[Of],
    sums: SumTables,
    margin: int,
) -> dict[Of, TableWorlds]:
    """Return the worlds of tables without those last snapshots that would make somebody certain.

    `new`: the tables whose last snapshot did not leave before. `sums`: what left of them.
    A table without any other snapshot is left out.
    """
    worlds = {table: TableWorlds(series, margin) for table, series in tables.items()}
    droppable = set(new)
    while droppable:
        # what was told before was looked at then; so it ends when nothing new is left
        dropped = droppable & set(all_known(worlds, sums).certain())
        if not dropped:
            break
        droppable -= dropped
        for table in dropped:
            rest = worlds[table].snapshots[:-1]
            if rest:
                worlds[table] = TableWorlds(rest, margin)
            else:
                del worlds[table]
    return worlds


def all_known(worlds: Mapping[Of, TableWorlds], sums: SumTables) -> AllKnown:
    """Return what all sums that were told of some tables let somebody know."""
    told = AllKnown(worlds)
    for series, summed in sums.items():
        for one in summed:
            told.add(series, one)
    return told


def first_safe(told: AllKnown, series: str, drafts: Iterable[SumTable]) -> SumTable | None:
    """Return the first sum table beside which nobody is certain of anything; None without one."""
    for draft in drafts:
        if told.beside(series, draft).is_safe:
            return draft
    return None
