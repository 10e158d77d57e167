"""One run: the worlds, and all that is measured in them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kopkrakers.demo.simulation.measures import pool_rows, reason_rows, wait_rows
from kopkrakers.demo.simulation.report import RunMeasures
from kopkrakers.demo.simulation.worlds import (
    CHOICES_AFTERWARDS,
    REGIO,
    Truth,
    World,
    live_through,
)

TRUTHS: tuple[Truth, ...] = ((60, 28, 12), (75, 20, 5), (90, 8, 2), (97, 2, 1))
REASONS: tuple[Truth, ...] = ((64, 22, 10, 4), (78, 14, 5, 3))
WAITED_FOR = ("25", "60", "250", REGIO)
"""The pools whose waiting times are told."""
Progress = Callable[[str, int, int], None]
"""Is told which part it is about, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Size:
    """The size of a simulation: gemeenten by size, regio's, dilemmas, and dilemmas by answers."""

    gemeenten: dict[int, int]
    regios: int
    dilemmas: int
    answers: dict[int, int]


FULL = Size(
    gemeenten={25: 60, 30: 160, 60: 80, 120: 16, 250: 4, 500: 2},
    regios=40,
    dilemmas=4,
    answers={200: 8, 400: 8, 1000: 4},
)
QUICK = Size(gemeenten={25: 1, 30: 1}, regios=1, dilemmas=2, answers={200: 1})
"""The least in which every part is measured: it tells that the command works, and no more."""


def measure(size: Size, seed: int, progress: Progress) -> RunMeasures:
    """Live through all worlds and measure. The same seed gives the same answers."""
    sizes: list[int] = []
    for people, number in size.gemeenten.items():
        sizes += [people] * number
    choices = World(tuple(sizes), TRUTHS, size.dilemmas, REASONS, size.regios, CHOICES_AFTERWARDS)
    outcome = live_through(choices, seed, partial(progress, "keuzes"))
    reasons = []
    for answers, dilemmas in size.answers.items():
        what = f"losse gegevens, {answers} antwoorden"
        world = World((answers,), TRUTHS[:1], dilemmas, REASONS)
        lived = live_through(world, seed, partial(progress, what))
        reasons += reason_rows(lived, answers)
    return RunMeasures(
        seed=seed,
        pools=tuple(pool_rows(outcome)),
        waits=tuple(row for row in wait_rows(outcome) if row.pool in WAITED_FOR),
        reasons=tuple(reasons),
    )
