"""Differences lie between their bounds as often as is said, also where people count twice."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from kopkrakers.research.mirror.bounds import Difference, Share, difference, mean, wilson
from kopkrakers.research.pages.mirror import in_points

ROUNDS = 2000


@given(n=st.integers(1, 400), part=st.floats(0, 1))
def test_the_interval_of_a_share_is_that_of_wilson(n: int, part: float) -> None:
    k = round(n * part)
    theirs = binomtest(k, n).proportion_ci(method="wilson")
    # they write the 97.5th percentile of a normal draw in full
    assert wilson(k / n, n) == pytest.approx((theirs.low, theirs.high), abs=1e-4)


def drawn(random: Random, share: float, people: int) -> int:
    return sum(random.random() < share for _ in range(people))


@pytest.mark.parametrize(
    ("here", "elsewhere", "people", "others"),
    [(0.5, 0.5, 12, 60), (0.3, 0.6, 40, 200), (0.1, 0.1, 25, 80), (0.75, 0.4, 15, 15)],
)
def test_the_true_difference_lies_between_the_bounds_as_often_as_is_said(
    here: float, elsewhere: float, people: int, others: int
) -> None:
    random = Random(20261129)
    whole = people + others
    truth = here - (here * people + elsewhere * others) / whole
    inside = 0
    for _ in range(ROUNDS):
        ours = drawn(random, here, people)
        # the country holds the people of here too
        national = ours + drawn(random, elsewhere, others)
        found = difference(
            Share(ours / people, ours / people, people),
            Share(national / whole, national / whole, whole),
        )
        inside += found.low <= truth <= found.high
    assert inside / ROUNDS >= 0.95


def answered(random: Random, people: int, dilemmas: int) -> list[int]:
    """Return how often each dilemma was chosen by people who each lean one way in half of them."""
    counts = [0] * dilemmas
    for _ in range(people):
        leaning = random.random() < 0.4
        for dilemma in range(dilemmas):
            if random.random() < 0.5:
                counts[dilemma] += leaning
            else:
                counts[dilemma] += random.random() < 0.4
    return counts


def test_people_who_answer_alike_do_not_make_a_mean_surer() -> None:
    """The same people answer eight dilemmas; a sum of answers would take them for others."""
    random = Random(7)
    inside = 0
    for _ in range(ROUNDS // 4):
        ours, theirs = answered(random, 20, 8), answered(random, 60, 8)
        apart = []
        for here, there in zip(ours, theirs, strict=True):
            apart.append(
                difference(Share(here / 20, here / 20, 20), Share(there / 60, there / 60, 60))
            )
        found = mean(apart)
        inside += found.low <= 0 <= found.high
    assert inside / (ROUNDS // 4) >= 0.95


@given(
    low=st.floats(0, 1),
    more=st.floats(0, 0.2),
    people=st.integers(10, 100),
    there=st.floats(0, 1),
)
def test_rounding_makes_no_difference_surer(
    low: float, more: float, people: int, there: float
) -> None:
    country = Share(there, there, 200)
    high = min(1.0, low + more)
    rounded = difference(Share(low, high, people), country)
    for exact in (low, high):
        known = difference(Share(exact, exact, people), country)
        assert rounded.low <= known.low + 1e-9
        assert rounded.high >= known.high - 1e-9


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.041, 0.262, "4 tot 27 punten meer"),
        (-0.262, -0.041, "4 tot 27 punten minder"),
        (-0.05, 0.1, "5 punten minder tot 10 meer"),
        (0.004, 0.2, "0 tot 20 punten meer"),
    ],
)
def test_bounds_are_told_in_whole_points_that_never_sound_surer(
    low: float, high: float, words: str
) -> None:
    assert in_points(Difference((low + high) / 2, low, high)) == words
