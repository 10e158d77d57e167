"""Editions whose tables grow over three releases, with sums of them: guarded, or not."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kopkrakers.privacy.audit import Counts, Snapshot, snapshot_audited
from kopkrakers.privacy.knowledge import all_known, first_safe, hold_back
from kopkrakers.privacy.rules import MARGIN
from kopkrakers.privacy.sums import Addends, Of, SumTable, drafts_of
from kopkrakers.privacy.worlds import TableWorlds
from tests.research.attacking import Weights
from tests.research.growing import growing
from tests.research.small import OPTIONS

RELEASES = 3
GROUNDS = ("w", "r", "b", "meer", "geen")
VALUES = ("w", "r", "b", "-")
SERIES = "pooled"
SHAPE: Mapping[str, Sequence[str]] = dict.fromkeys(GROUNDS, VALUES)
SHIFT_SHAPE: Mapping[str, Sequence[str]] = {"all": ("stayed", "changed")}


@dataclass
class Left:
    """All that left at some releases: each table as often as it changed, and each sums."""

    tables: dict[Of, list[Snapshot]] = field(default_factory=dict)
    sums: list[SumTable] = field(default_factory=list)


def states_of(seed: int, editions: int, links: Weights) -> list[dict[Of, Counts]]:
    """Return the totals of each edition at each release: some are new, some did not grow."""
    chance = random.Random(seed)
    states: list[dict[Of, Counts]] = [{} for _ in range(RELEASES)]
    for edition in range(editions):
        history = growing(100 * seed + edition, RELEASES, links)
        first = chance.choice((0, 0, 0, 1, 2))
        grown = 0
        for release in range(first, RELEASES):
            if release > first and chance.random() < 0.5:
                grown += 1
            states[release][Of("dilemma", edition)] = history[grown]
    return states


def grounds_of(seed: int, of: Of) -> dict[str, str]:
    """Return on what each option of an edition leans."""
    chance = random.Random(f"{seed} {of.name}")
    grounds = {option: chance.choice(GROUNDS[:4]) for option in OPTIONS}
    return grounds | {"x": "geen"}


def by_ground(seed: int, of: Of, snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, str]]:
    grounds = grounds_of(seed, of)
    return {cell: (grounds[cell[1]], cell[0]) for cell in cells_of(snapshot)}


def by_moving(_seed: int, _of: Of, snapshot: Snapshot) -> dict[tuple[str, str], tuple[str, str]]:
    names = {}
    for after, before in cells_of(snapshot):
        names[after, before] = "all", "stayed" if after == before else "changed"
    return names


def cells_of(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for value, row in snapshot.cells.items():
        for option in row:
            yield value, option


def shifts_of(seed: int, editions: int) -> list[dict[Of, Counts]]:
    """Return pairs of options after and before talking at each release, twenty or more a time."""
    chance = random.Random(seed)
    states: list[dict[Of, Counts]] = [{} for _ in range(RELEASES)]
    for edition in range(editions):
        counts = {after: dict.fromkeys(OPTIONS, 0) for after in OPTIONS}
        for release in range(chance.choice((0, 0, 1)), RELEASES):
            for _ in range(chance.choice((0, 20, 25, 40))):
                before = chance.choices(OPTIONS, weights=(5, 3, 2, 1))[0]
                after = before if chance.random() < 0.8 else chance.choice(OPTIONS)
                counts[after][before] += 1
            states[release][Of("dilemma", edition)] = {
                after: dict(row) for after, row in counts.items()
            }
    return states


@dataclass(frozen=True)
class Maker:
    """Makes releases of states. `guarded`: held against all that left before."""

    seed: int
    margin: int = MARGIN
    guarded: bool = True
    held: bool = True

    @property
    def is_shift(self) -> bool:
        return self.margin == 0

    def made(self, states: Sequence[Mapping[Of, Counts]]) -> Left:
        left = Left()
        for state in states:
            self._add_release(left, state)
        return left

    def _add_release(self, left: Left, state: Mapping[Of, Counts]) -> None:
        tables: dict[Of, Sequence[Snapshot]] = dict(left.tables)
        new = set()
        for of, counts in state.items():
            series = left.tables.get(of, [])
            snapshot = snapshot_audited(OPTIONS, counts, series, margin=self.margin)
            if snapshot is not None and (not series or snapshot != series[-1]):
                tables[of] = [*series, snapshot]
                new.add(of)
        if self.held:
            held = hold_back(tables, new, {SERIES: left.sums}, self.margin)
            tables = {of: worlds.snapshots for of, worlds in held.items()}
        left.tables = {of: list(series) for of, series in tables.items()}
        if left.tables:
            self._add_sums(left)

    def _add_sums(self, left: Left) -> None:
        names_of = by_moving if self.is_shift else by_ground
        parts = {}
        for of, series in left.tables.items():
            parts[of] = Addends(len(series) - 1, names_of(self.seed, of, series[-1]))
        if left.sums and left.sums[-1].parts == parts:
            return
        drafts = drafts_of(SHIFT_SHAPE if self.is_shift else SHAPE, parts, left.tables)
        if not self.guarded:
            left.sums.append(next(iter(drafts)))
            return
        worlds = {of: TableWorlds(series, self.margin) for of, series in left.tables.items()}
        summed = first_safe(all_known(worlds, {SERIES: left.sums}), SERIES, drafts)
        if summed is not None:
            left.sums.append(summed)
