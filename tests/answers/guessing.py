"""A guesser who knows totals, and the people guessed at."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.rules import K_NATIONAL

OPTIONS = ("a", "b", "c")

TRUTHS = ((60, 28, 12), (75, 20, 5), (90, 8, 2))

AGAIN = 0.95
"""The chance that somebody who answers again chooses the same."""

SAMPLES = 200
"""Second totals that are simulated for every choice that somebody can have made."""

MOST_GAIN = 1.1
"""Points over naming the favourite, at most."""

Totals = npt.NDArray[np.int64]


def counts_of(totals: Totals) -> Mapping[str, int]:
    return {option: int(n) for option, n in zip(OPTIONS, totals, strict=True)}


def some_votes(chance: np.random.Generator, people: int, truth: tuple[int, ...]) -> Totals:
    """Return the totals of so many people, as the counter would write them."""
    while True:
        totals = chance.multinomial(people, np.array(truth) / 100)
        if safe(counts_of(totals), K_NATIONAL):
            return totals


FACT = (10, 80, 10)
"""Where a new fact draws those who change their minds."""


def chose_after_a_fact(
    chance: np.random.Generator, before: Totals, gone: int, stays: float, times: int
) -> Totals:
    """Return totals after a chapter of the same people without one who chose `gone`."""
    rest = before.copy()
    rest[gone] -= 1
    changed = chance.binomial(rest, 1 - stays, size=(times, len(OPTIONS)))
    drawn = np.array([chance.multinomial(n, np.array(FACT) / 100) for n in changed.sum(1)])
    after: Totals = rest - changed + drawn
    return after
