"""Measures of worlds: how far figures lie from the truth, and how long people wait for them."""

from collections import Counter as Counted
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import starmap
from math import sqrt
from statistics import fmean, median, stdev

from kopkrakers.base.clock import amsterdam_day
from kopkrakers.demo.simulation.worlds import Outcome, Reasons, ScopeAnswers, Truth
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.release import ReleasedTop, release_local
from kopkrakers.privacy.rules import TOP_SHARE

MOST = "0"
"""The value that most people give in truth."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class PoolRow:
    """The figures of pools of one size on dilemmas of one truth. Parts are from 0 to 1.

    `share`: the mean share of the option that most choose in truth, where there is a figure;
    `answered`: the mean share of all answers, also where there is none. `error`: the standard error
    of the mean difference between the two. `topped`: how many figures are written as "ruim".
    `rightly`: the same of the figures of pools in which more than `TOP_SHARE` percent of all
    answers were for one option.
    """

    pool: str
    people: int
    truth: Truth
    dilemmas: int
    shown: float
    counted: float
    answered: float
    share: float | None
    error: float | None
    topped: float | None
    rightly: float | None

    @property
    def bias(self) -> float | None:
        """Return how many points the share lies from what people answered."""
        if self.share is None:
            return None
        return 100 * (self.share - self.answered)


@dataclass(frozen=True)
class WaitRow:
    """The wait of people in pools of one size for a figure of their own pool.

    Of everybody: `at_once`, `never`. Of those who answered on the first day: `same_day`.
    `hours`: the median of those who wait and get a figure.
    """

    pool: str
    people: int
    truth: Truth
    at_once: float
    same_day: float
    never: float
    hours: float | None


@dataclass(frozen=True)
class ReasonRow:
    """The named values of a question beside the choice, nationally.

    `share`: the mean part of those who gave the most frequent answer, among the named values;
    `answered`: the same among all answers. `not_apart`: the part of
    people whose answer was counted without its value.
    """

    people: int
    truth: Truth
    dilemmas: int
    answered: float
    share: float | None
    error: float | None
    not_apart: float | None

    @property
    def bias(self) -> float | None:
        """Return how many points the share lies from what people answered."""
        if self.share is None:
            return None
        return 100 * (self.share - self.answered)


def pool_rows(outcome: Outcome) -> list[PoolRow]:
    """Return the figures per truth and per kind of pool."""
    return list(starmap(_pool_row, _by_pool(outcome)))


def wait_rows(outcome: Outcome) -> list[WaitRow]:
    """Return the waiting times per truth and per kind of pool."""
    return list(starmap(_wait_row, _by_pool(outcome)))


def reason_rows(outcome: Outcome, people: int) -> list[ReasonRow]:
    """Return what can be read from the tables of a question beside the choice."""
    rows = []
    for truth, tables in outcome.reasons.items():
        rows.append(_reason_row(truth, tables, people))
    return rows


def _reason_row(truth: Truth, tables: Sequence[Reasons], people: int) -> ReasonRow:
    answered, shares, differences = [], [], []
    counted = apart = 0
    for table in tables:
        said = _part_of_named(table.given)
        seen = _part_of_named(table.counted)
        # where nobody named a value, nobody gave the most frequent one
        answered.append(said or 0)
        if seen is not None:
            shares.append(seen)
        if seen is not None and said is not None:
            differences.append(seen - said)
        counted += table.counted.total()
        apart += table.counted[NOT_SAID]
    not_apart = None
    if counted:
        not_apart = apart / counted
    return ReasonRow(
        people=people,
        truth=truth,
        dilemmas=len(tables),
        answered=fmean(answered),
        share=_mean(shares),
        error=_error(differences),
        not_apart=not_apart,
    )


def _part_of_named(values: Counted[str]) -> float | None:
    """Return the part of those who gave a value that gave the most frequent one."""
    named = values.total() - values[NOT_SAID]
    if named:
        return values[MOST] / named
    return None


def _by_pool(outcome: Outcome) -> Iterable[tuple[Truth, list[ScopeAnswers]]]:
    for truth, scopes in outcome.scopes.items():
        pools: dict[tuple[int, str], list[ScopeAnswers]] = {}
        for given in scopes:
            pools.setdefault((given.people, given.pool), []).append(given)
        for key in sorted(pools):
            yield truth, pools[key]


def _pool_row(truth: Truth, given: Sequence[ScopeAnswers]) -> PoolRow:
    answered, shares, differences = [], [], []
    topped, rightly = [], []
    cast = counted = 0
    for one in given:
        true_share = one.chose_it / len(one.times)
        answered.append(true_share)
        cast += len(one.times)
        if not one.counts:
            # too few, or too much alike: this pool shows nothing of the dilemma
            continue
        shown = sum(one.counts.values())
        counted += shown
        share = one.counts[one.option] / shown
        shares.append(share)
        differences.append(share - true_share)
        is_topped = isinstance(release_local(one.pool, tuple(one.counts), one.counts), ReleasedTop)
        topped.append(is_topped)
        if 100 * one.chose_it > TOP_SHARE * len(one.times):
            rightly.append(topped[-1])
    return PoolRow(
        pool=given[0].pool,
        people=given[0].people,
        truth=truth,
        dilemmas=len(given),
        shown=len(shares) / len(given),
        counted=counted / cast,
        answered=fmean(answered),
        share=_mean(shares),
        error=_error(differences),
        topped=_mean(topped),
        rightly=_mean(rightly),
    )


def _wait_row(truth: Truth, scopes: Sequence[ScopeAnswers]) -> WaitRow:
    waits: list[float | None] = []
    first_day: list[bool] = []
    for given in scopes:
        for at in given.times:
            waits.append(_hours(at, given.first_seen))
            if amsterdam_day(at) == given.opens_on:
                seen = given.first_seen
                first_day.append(seen is not None and amsterdam_day(seen) == given.opens_on)
    # neither who saw a figure at once nor who never did: those are told beside the median
    later = list(filter(None, waits))
    hours_later = None
    if later:
        hours_later = median(later)
    return WaitRow(
        pool=scopes[0].pool,
        people=scopes[0].people,
        truth=truth,
        at_once=fmean(hours == 0 for hours in waits),
        same_day=_mean(first_day) or 0,
        never=fmean(hours is None for hours in waits),
        hours=hours_later,
    )


def _hours(at: datetime, first_seen: datetime | None) -> float | None:
    """Return how long somebody who answered then waited, or None for ever."""
    if first_seen is None:
        return None
    return max(0.0, (first_seen - at) / HOUR)


def _mean(parts: Sequence[float]) -> float | None:
    if parts:
        return fmean(parts)
    return None


def _error(differences: Sequence[float]) -> float | None:
    """Return the standard error of the mean of these; None where one alone tells no spread."""
    if len(differences) < 2:
        return None
    return stdev(differences) / sqrt(len(differences))
