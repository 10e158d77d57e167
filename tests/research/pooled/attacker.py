"""An attacker who has all tables and sums of all releases, and every exact sum of the tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from kopkrakers.privacy.audit import Counts, Snapshot
from kopkrakers.privacy.release import table_bounds
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.privacy.sums import Name, Of, SumTable

At = tuple[Of, int, str, str]
"""A table, the place of its snapshot, a value and an option."""
Weights = Mapping[At, int]
"""What is added up: each cell so many times."""


@dataclass(frozen=True)
class Target:
    """Something small that must not be told: in words, as a sum of cells, and what it is."""

    what: str
    weights: Weights
    n: int


class Attacker:
    """Everything that is known of every cell, as one integer programme.

    `margin`: how many people of every value, and of what it grew by, did not choose its largest
    option; the attacker knows the rule too.
    """

    def __init__(
        self,
        tables: Mapping[Of, Sequence[Snapshot]],
        sums: Sequence[Sequence[SumTable]],
        *,
        margin: int,
    ) -> None:
        self.tables = tables
        self.sums = sums
        self.margin = margin
        self.cells: dict[At, int] = {}
        low, high = [], []
        for table, snapshots in tables.items():
            for place, snapshot in enumerate(snapshots):
                for (value, option), (least, most) in table_bounds(snapshot.cells).items():
                    self.cells[table, place, value, option] = len(self.cells)
                    low.append(least)
                    high.append(min(most, snapshot.by_value[value] - margin))
        self.bounds = Bounds(low, high)
        known = [*self._lines(), *self._growths(), *self._sums()]
        rows = [self._row(weights) for weights, _, _ in known]
        self.known = LinearConstraint(
            csr_array(np.array(rows)),
            [least for _, least, _ in known],
            [most for _, _, most in known],
        )

    def told(self) -> tuple[list[str], int]:
        """Return the small numbers for which there is one answer, and how many there are."""
        targets = list(self.targets())
        return [one.what for one in targets if self._is_told(one)], len(targets)

    def targets(self) -> Iterator[Target]:
        """Yield every cell, growth of a cell, sum, and growth of a sum, of 1 to 4."""
        for one in (*self._cell_targets(), *self._sum_targets()):
            if 0 < one.n < ROUNDING:
                yield one

    def _cell_targets(self) -> Iterator[Target]:
        for at in self.cells:
            table, place, value, option = at
            n = self._count(at)
            yield Target(f"cell {at}", {at: 1}, n)
            before = (table, place - 1, value, option)
            if before in self.cells:
                yield Target(f"growth {at}", {at: 1, before: -1}, n - self._count(before))

    def _sum_targets(self) -> Iterator[Target]:
        for series in self.sums:
            totals = [self._totals(summed) for summed in series]
            for place, of_pool in enumerate(totals):
                for name, weights in of_pool.items():
                    yield Target(f"sum {place} {name}", weights, self._size(weights))
            for place, (before, after) in enumerate(pairwise(totals), start=1):
                for name, weights in after.items():
                    grown = dict(weights)
                    for at, times in before.get(name, {}).items():
                        grown[at] = grown.get(at, 0) - times
                    yield Target(f"sum growth {place} {name}", grown, self._size(grown))

    def _size(self, weights: Weights) -> int:
        return sum(times * self._count(at) for at, times in weights.items())

    def _count(self, at: At) -> int:
        table, place, value, option = at
        counts = self._counts(self.tables[table][place])
        return counts[value].get(option, 0)

    def _counts(self, snapshot: Snapshot) -> Counts:
        assert snapshot.counts is not None
        return snapshot.counts

    def _lines(self) -> Iterator[tuple[Weights, int, int]]:
        for table, snapshots in self.tables.items():
            for place, snapshot in enumerate(snapshots):
                for value, total in snapshot.by_value.items():
                    row = {(table, place, value, option): 1 for option in snapshot.by_option}
                    yield row, total, total
                for option, total in snapshot.by_option.items():
                    column = {(table, place, value, option): 1 for value in snapshot.by_value}
                    yield column, total, total

    def _growths(self) -> Iterator[tuple[Weights, int, int]]:
        for at in self.cells:
            table, place, value, option = at
            before = (table, place - 1, value, option)
            if before in self.cells:
                now, then = self.tables[table][place], self.tables[table][place - 1]
                grown = now.by_value[value] - then.by_value[value]
                yield {at: 1, before: -1}, 0, max(0, grown - self.margin)

    def _sums(self) -> Iterator[tuple[Weights, int, int]]:
        for series in self.sums:
            for summed in series:
                for name, weights in self._totals(summed).items():
                    yield (weights, *summed.limits[name])

    def _totals(self, summed: SumTable) -> dict[Name, dict[At, int]]:
        found: dict[Name, dict[At, int]] = {}
        for table, part in summed.parts.items():
            for (value, option), name in part.names.items():
                found.setdefault(name, {})[table, part.place, value, option] = 1
        return found

    def _row(self, weights: Weights) -> list[float]:
        row = [0.0] * len(self.cells)
        for at, times in weights.items():
            row[self.cells[at]] = times
        return row

    def _is_told(self, target: Target) -> bool:
        goal = np.array(self._row(target.weights))
        for direction in (1, -1):
            end = milp(direction * goal, integrality=1, bounds=self.bounds, constraints=self.known)
            assert end.success, end.message
            if round(direction * end.fun) != target.n:
                return False
        return True
