"""A quick job: something that the counter does again and again beside its tick."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kopkrakers.counter.counter import Counter

QUICK_SECONDS = 0.3
"""Seconds between two turns of the quickest job: people in a live session wait for it."""
ALONE_SECONDS = 1.0
"""The same while no live session has begun."""
AFTER_A_FAILURE = 2.0
"""Seconds that a quick job rests after a failure, so that a database that is away fills no log."""
NOBODY_THERE = -1
"""Returned in place of how much was done: nobody can be waiting for this job."""


@dataclass(frozen=True)
class QuickJob:
    """A job that the counter does again and again. `rest`: seconds between two turns.

    Calling it does the job once, and returns how much was done, or `NOBODY_THERE`.
    """

    act: Callable[[Counter, datetime], int]
    rest: float = QUICK_SECONDS

    def __call__(self, counter: Counter, now: datetime) -> int:
        """Do the job once. Return how much was done."""
        return self.act(counter, now)

    def rest_after(self, done: int | None) -> float:
        """Return the seconds to rest after a turn. `done`: what it returned; None: it failed."""
        if done is None:
            return max(self.rest, AFTER_A_FAILURE)
        if done == NOBODY_THERE:
            return max(self.rest, ALONE_SECONDS)
        return self.rest
