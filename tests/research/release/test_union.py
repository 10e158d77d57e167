"""Attacks on all releases together, as one integer programme with every exact margin of each."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from kopkrakers.base.db import Database
from kopkrakers.privacy.audit import Snapshot, gives_away, snapshot_audited
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.release import table_bounds
from kopkrakers.privacy.rules import MARGIN
from kopkrakers.research.release.releases import parts_of
from tests.research.attacking import STRONG, WEIGHTS, Weights
from tests.research.growing import ONE_AFTER_ANOTHER, Counts, grow, growing, plus_twenty
from tests.research.small import OPTIONS, add_attribute, add_edition, release_of

Published = tuple[Snapshot, Counts]
"""A table as it left, and the totals it stands for."""
Cell = tuple[int, str, str]
Constraint = tuple[list[float], float, float]
"""A weight for each cell, and the numbers between which their sum lies."""


def published(states: Sequence[Counts], *, together: bool = True) -> list[Published]:
    """Return what leaves of them one after another; not `together`: each audited by itself."""
    left: list[Published] = []
    for counts in states:
        earlier = [snapshot for snapshot, _ in left] if together else []
        snapshot = snapshot_audited(OPTIONS, counts, earlier, margin=MARGIN)
        if snapshot is not None and (not left or snapshot != left[-1][0]):
            left.append((snapshot, counts))
    return left


class Union:
    """Everything that is known of every cell of every release, as one integer programme.

    The attacker knows the rule too: of every value, and of what it grew by, `MARGIN` people did not
    choose the largest option.
    """

    def __init__(self, releases: Sequence[Published]) -> None:
        self.releases = releases
        self.cells: list[Cell] = [
            (place, value, option)
            for place, (snapshot, _) in enumerate(releases)
            for value in snapshot.cells
            for option in OPTIONS
        ]
        bounds = [table_bounds(snapshot.cells) for snapshot, _ in releases]
        low, high = np.array(
            [bounds[place][value, option] for place, value, option in self.cells]
        ).T
        caps = [self.total(place, value) - MARGIN for place, value, _ in self.cells]
        self.bounds = Bounds(low, np.minimum(high, caps))
        rows, lows, highs = zip(*self.margins(), *self.never_smaller(), strict=True)
        self.constraints = LinearConstraint(np.array(rows), lows, highs)

    def total(self, place: int, value: str) -> int:
        return sum(self.releases[place][1].get(value, {}).values())

    def margins(self) -> Iterator[Constraint]:
        for place, (snapshot, counts) in enumerate(self.releases):
            for value in snapshot.cells:
                total = sum(counts[value].values())
                yield [float(cell[:2] == (place, value)) for cell in self.cells], total, total
            for option in OPTIONS:
                total = sum(counts[value][option] for value in snapshot.cells)
                yield (
                    [float((cell[0], cell[2]) == (place, option)) for cell in self.cells],
                    total,
                    total,
                )

    def never_smaller(self) -> Iterator[Constraint]:
        for place, value, option in self.cells:
            if (place - 1, value, option) in self.cells:
                grown = self.total(place, value) - self.total(place - 1, value)
                yield (
                    self.weights({(place, value, option): 1, (place - 1, value, option): -1}),
                    0,
                    max(0, grown - MARGIN),
                )

    def weights(self, of: dict[Cell, int]) -> list[float]:
        return [float(of.get(cell, 0)) for cell in self.cells]

    def tells(self, of: dict[Cell, int]) -> bool:
        """Whether there is just one answer for this cell, or this difference of two."""
        goal = np.array(self.weights(of))
        ends = [
            milp(s * goal, integrality=1, bounds=self.bounds, constraints=self.constraints)
            for s in (1, -1)
        ]
        return bool(round(ends[0].fun) == round(-ends[1].fun))

    def recovered(self) -> tuple[list[object], int]:
        """Return the cells and growths of 1 to 4 that are told, and how many were tried."""
        small: list[dict[Cell, int]] = []
        for place, value, option in self.cells:
            here, before = (place, value, option), (place - 1, value, option)
            n = self.releases[place][1][value][option]
            if 0 < n < 5:
                small.append({here: 1})
            if place == 0:
                continue
            grown = n - self.releases[place - 1][1].get(value, {}).get(option, 0)
            if 0 < grown < 5:
                small.append({here: 1, before: -1} if before in self.cells else {here: 1})
        return [of for of in small if self.tells(of)], len(small)


@pytest.mark.parametrize("links", [WEIGHTS, STRONG], ids=["links", "strong links"])
@pytest.mark.parametrize("seed", [*range(10), 176, 204, 277])
def test_all_releases_solved_together_recover_no_small_number(seed: int, links: Weights) -> None:
    found, tried = Union(published(growing(seed, 2 + seed % 3, links))).recovered()
    assert tried and found == []


@pytest.mark.parametrize(
    "states", [growing(176, 2), growing(204, 2), growing(277, 2), ONE_AFTER_ANOTHER]
)
def test_the_attack_works_on_releases_that_were_each_looked_at_alone(
    states: Sequence[Counts],
) -> None:
    alone = published(states, together=False)
    assert not any(gives_away([snapshot], MARGIN) for snapshot, _ in alone)
    assert Union(alone).recovered()[0]
    assert not Union(published(states)).recovered()[0]


def test_a_table_that_would_tell_too_much_leaves_as_it_was_until_more_came_in() -> None:
    first, second = ONE_AFTER_ANOTHER
    third = plus_twenty(second)
    kept = snapshot_audited(OPTIONS, first, margin=MARGIN)
    assert kept is not None
    assert snapshot_audited(OPTIONS, second, [kept], margin=MARGIN) is kept
    later = snapshot_audited(OPTIONS, third, [kept], margin=MARGIN)
    assert later is not None and later.by_option["a"] == sum(row["a"] for row in third.values())


def test_a_table_that_got_smaller_does_not_leave_again() -> None:
    """Only in a database that someone changed: the audit must end, and nothing new may leave."""
    after, before = ONE_AFTER_ANOTHER
    kept = snapshot_audited(OPTIONS, before, margin=MARGIN)
    assert kept is not None and snapshot_audited(OPTIONS, after, [kept], margin=MARGIN) is kept


def stored(database: Database, number: int) -> dict[str, dict[str, str]]:
    """A table of a release as everyone gets it: text per value and option."""
    with database.reading() as session:
        ((_, _, rows),) = parts_of(session, number, "choice_by_consideration")
    cells: dict[str, dict[str, str]] = {}
    for _, _, option, code, text, *_ in rows:
        cells.setdefault(NOT_SAID if code == SAID_NOTHING else code, {})[option] = text
    return cells


def test_stored_releases_are_looked_at_together(database: Database, cards_dir: Path) -> None:
    """On both databases the second release repeats the table that would tell the 2."""
    first, second = ONE_AFTER_ANOTHER
    add_edition(database, cards_dir)
    add_attribute(
        database, "consideration", {value: tuple(row.values()) for value, row in first.items()}
    )
    one = release_of(database, cards_dir, date(2026, 11, 23))
    grow(database, first, second)
    two = release_of(database, cards_dir, date(2026, 12, 23))
    grow(database, second, plus_twenty(second))
    three = release_of(database, cards_dir, date(2027, 1, 23))
    assert stored(database, one.name.number) == stored(database, two.name.number)
    assert stored(database, three.name.number)["w"] == {"a": "30", "b": "25", "c": "20", "x": "30"}
