"""Attackers who guess a choice from figures: how often they are right, beside naming the favourite.

Every attack knows all that an attacker can be given, and weighs it by exact or simulated chances.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from kopkrakers.privacy.bundles import differ_safely, safe
from kopkrakers.privacy.release import ReleasedShares, release_chair, release_national
from kopkrakers.privacy.rules import COMES_BACK_SHARES, K_GEMEENTE, K_NATIONAL, MARGIN
from tests.answers.guessing import (
    AGAIN,
    FACT,
    MOST_GAIN,
    OPTIONS,
    SAMPLES,
    TRUTHS,
    Totals,
    chose_after_a_fact,
    counts_of,
    some_votes,
)

TRIED = 400
"""Answers that are guessed at, per truth."""
Told = Callable[[Totals], object]


def as_it_leaves(totals: Totals) -> object:
    """Return the second totals of a dilemma as everyone gets them."""
    return release_national("NL", OPTIONS, {"NL": counts_of(totals)}, comes_back=True)


def as_leaders_leave(totals: Totals) -> object:
    """Return those of leidinggevenden, of whom one sat in the other chair the second time."""
    return release_chair("L", OPTIONS, counts_of(totals), comes_back=True)


def exactly(totals: Totals) -> object:
    return tuple(int(n) for n in totals)


def in_tens(totals: Totals) -> object:
    """Return shares in tens, also of few people: what was thought to be enough."""
    released = release_national("NL", OPTIONS, {"NL": counts_of(10 * totals)}, comes_back=True)
    return released.rows if isinstance(released, ReleasedShares) else released


def voted_again(
    chance: np.random.Generator, before: Totals, gone: int, truth: tuple[int, ...], times: int
) -> Totals:
    """Return second totals of the same people without one who chose `gone`, so many times."""
    rest = before.copy()
    rest[gone] -= 1
    changed = chance.binomial(rest, 1 - AGAIN, size=(times, len(OPTIONS)))
    moved: Totals = rest - changed + chance.multinomial(changed.sum(1), np.array(truth) / 100)
    countable: Totals = moved[moved.sum(1) - moved.max(1) >= MARGIN]
    return countable


def guess(
    chance: np.random.Generator, before: Totals, seen: object, truth: tuple[int, ...], told: Told
) -> int:
    """Return the likeliest choice of the one who is gone."""
    weights = []
    for option, n in enumerate(before):
        if n == 0:
            weights.append(0.0)
            continue
        samples = voted_again(chance, before, option, truth, SAMPLES)
        kinds, times = np.unique(samples, axis=0, return_counts=True)
        like = sum(int(k) for kind, k in zip(kinds, times, strict=True) if told(kind) == seen)
        weights.append(n * like / max(1, len(samples)))
    return int(np.argmax(weights))


def gain(people: int, truth: tuple[int, ...], told: Told) -> float:
    """Return by how many points more guesses are right than by naming the favourite."""
    chance = np.random.default_rng(people)
    more = 0
    for _ in range(TRIED):
        before = some_votes(chance, people, truth)
        gone = int(chance.choice(len(OPTIONS), p=before / people))
        after = voted_again(chance, before, gone, truth, 50)[0]
        guessed = guess(chance, before, told(after), truth, told)
        more += int(guessed == gone) - int(np.argmax(before) == gone)
    return 100 * more / TRIED


@pytest.mark.parametrize("told", [as_it_leaves, as_leaders_leave])
@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("people", [25, COMES_BACK_SHARES + 1])
def test_a_dilemma_that_comes_back_with_one_person_gone_tells_nothing(
    people: int, truth: tuple[int, ...], told: Told
) -> None:
    assert gain(people, truth, told) <= MOST_GAIN


@pytest.mark.parametrize("told", [exactly, in_tens])
def test_the_attack_works_where_figures_of_few_leave_as_they_are(told: Told) -> None:
    assert gain(25, TRUTHS[0], told) > 3 * MOST_GAIN


def written(before: Totals, after: Totals) -> object:
    """Return totals of a chapter as the counter writes them beside those of its card, or none."""
    counts = counts_of(after)
    if not safe(counts, K_NATIONAL) or not differ_safely(counts, counts_of(before), K_GEMEENTE):
        return None
    return exactly(after)


def written_as_counted(_: Totals, after: Totals) -> object:
    """Return totals of a chapter as they are."""
    return exactly(after)


def gain_after_a_fact(
    people: int, truth: tuple[int, ...], stays: float, told: Callable[[Totals, Totals], object]
) -> float:
    """Return by how many points more guesses are right of whoever reads the database than by naming
    the favourite. Somebody answered the card and not the chapter; all others answered both.
    """
    chance = np.random.default_rng(people)
    more = 0
    for _ in range(TRIED):
        before = some_votes(chance, people, truth)
        gone = int(chance.choice(len(OPTIONS), p=before / people))
        seen = told(before, chose_after_a_fact(chance, before, gone, stays, 1)[0])
        weights = []
        for option, n in enumerate(before):
            if n == 0:
                weights.append(0.0)
                continue
            samples = chose_after_a_fact(chance, before, option, stays, SAMPLES)
            weights.append(n * sum(told(before, one) == seen for one in samples))
        more += int(int(np.argmax(weights)) == gone) - int(np.argmax(before) == gone)
    return 100 * more / TRIED


@pytest.mark.parametrize("stays", [1.0, 0.95])
@pytest.mark.parametrize("people", [25, COMES_BACK_SHARES + 1])
def test_a_chapter_that_somebody_skipped_tells_nothing_to_who_reads_the_database(
    people: int, stays: float
) -> None:
    assert gain_after_a_fact(people, TRUTHS[0], stays, written) <= MOST_GAIN


def test_where_totals_of_a_chapter_are_written_as_they_are_it_does() -> None:
    assert gain_after_a_fact(25, TRUTHS[0], 0.95, written_as_counted) > 3 * MOST_GAIN


GONE = 7
"""People who are gone together, and of whom everybody knows that they are."""
CERTAIN = 0.95
WORLDS = 200
KINDS = 4000
"""Second totals that are simulated for every way in which they can be gone."""


def gone_together(chance: np.random.Generator, before: Totals) -> tuple[Totals, Totals]:
    """Return how many of each option are gone: a world, and the ways an attacker reckons with.

    Half of the worlds has a small gemeente that thinks alike; the attacker knows that as well.
    """
    alike = GONE * np.eye(len(OPTIONS), dtype=np.int64)[before >= GONE]
    shares = before[before >= GONE] / before[before >= GONE].sum()
    mixed = chance.multivariate_hypergeometric(before, GONE, size=KINDS // 2)
    ways: Totals = np.concatenate([mixed, chance.choice(alike, size=KINDS // 2, p=shares)])
    return ways[int(chance.integers(KINDS))], ways


def choose_again(chance: np.random.Generator, rest: Totals, stays: float) -> Totals:
    """Return totals after a chapter, for each row of those who are left."""
    changed = chance.binomial(rest, 1 - stays)
    after: Totals = rest - changed + chance.multinomial(changed.sum(1), np.array(FACT) / 100)
    return after


def read_for_certain(stays: float, told: Callable[[Totals, Totals], object]) -> float:
    """Return in what part of the worlds an attacker is certain what one who is gone chose."""
    chance = np.random.default_rng(GONE)
    certain = 0
    for _ in range(WORLDS):
        before = some_votes(chance, COMES_BACK_SHARES + 1, TRUTHS[0])
        gone, ways = gone_together(chance, before)
        after = choose_again(chance, (before - gone)[None], stays)[0]
        if told(before, after) is None:
            continue
        fitting = np.zeros(len(OPTIONS))
        for _ in range(8):
            same = (choose_again(chance, before - ways, stays) == after).all(1)
            fitting += ways[same].sum(0)
        certain += int(fitting.max() > CERTAIN * fitting.sum() > 0)
    return certain / WORLDS


def without_hiding(before: Totals, after: Totals) -> object:
    """Return totals that differ by a group, also where most of it are those who are gone."""
    change = after - before
    sides = change.clip(min=0), -change.clip(max=0)
    people = [int(side.sum()) for side in sides]
    if max(people) < K_GEMEENTE or sum(people) - max(side.max() for side in sides) < MARGIN:
        return None
    return exactly(after)


def test_a_few_who_are_gone_together_hide_among_who_chose_otherwise() -> None:
    """Where few chose otherwise, what is left to see is them."""
    assert read_for_certain(0.95, written) <= 0.02
    assert read_for_certain(0.95, without_hiding) > 0.05


def known_to_two(totals: tuple[int, ...]) -> bool:
    """Whether two who chose otherwise, and tell each other, know what all others chose."""
    for one, other in product(range(len(totals)), repeat=2):
        left = list(totals)
        left[one] -= 1
        left[other] -= 1
        if min(left) >= 0 and sum(left) == max(left):
            return True
    return False


@pytest.mark.parametrize("truth", TRUTHS)
def test_two_who_chose_otherwise_and_tell_each_other_know_nobody_else(
    truth: tuple[int, ...],
) -> None:
    """By the margin of a session it happens in every fifth group that is shown, or more."""
    chance = np.random.default_rng(4)
    shown = {MARGIN: 0, MARGIN - 1: 0}
    known = dict(shown)
    for _ in range(2000):
        totals = chance.multinomial(int(chance.integers(K_GEMEENTE, 25)), np.array(truth) / 100)
        for margin in shown:
            if safe(counts_of(totals), K_GEMEENTE, margin):
                shown[margin] += 1
                known[margin] += known_to_two(tuple(int(n) for n in totals))
    assert shown[MARGIN] > 300
    assert known[MARGIN] == 0
    assert known[MARGIN - 1] > 0
