"""Attacks on tables and their sums over three releases, as one integer programme."""

import pytest

from kopkrakers.privacy.rules import MARGIN
from tests.research.attacking import STRONG, WEIGHTS
from tests.research.pooled.attacker import Attacker
from tests.research.pooled.making import Left, Maker, shifts_of, states_of

ATTRIBUTES = [(1, 2), (1, 4), (2, 1), (2, 2), (2, 7), (3, 1), (3, 4), (3, 7)]
"""Editions and a seed: worlds in which sums that nobody looked at tell the most."""
SHIFTS = [(1, 0), (1, 7), (2, 0), (2, 7), (3, 0), (3, 5)]


def of_attributes(
    editions: int, seed: int, *, guarded: bool = True, held: bool = True
) -> tuple[list[str], int]:
    states = states_of(seed, editions, STRONG if seed % 2 else WEIGHTS)
    return told_by(Maker(seed, guarded=guarded, held=held).made(states), MARGIN)


def of_shifts(
    editions: int, seed: int, *, guarded: bool = True, held: bool = True
) -> tuple[list[str], int]:
    maker = Maker(seed, margin=0, guarded=guarded, held=held)
    return told_by(maker.made(shifts_of(seed, editions)), margin=0)


def told_by(left: Left, margin: int) -> tuple[list[str], int]:
    return Attacker(left.tables, [left.sums], margin=margin).told()


@pytest.mark.parametrize(("editions", "seed"), [*ATTRIBUTES, (4, 3), (5, 2)])
def test_sums_by_ground_tell_no_small_number(editions: int, seed: int) -> None:
    found, tried = of_attributes(editions, seed)
    assert tried and found == []


@pytest.mark.parametrize(("editions", "seed"), SHIFTS)
def test_how_many_changed_their_choice_tells_no_small_number(editions: int, seed: int) -> None:
    found, tried = of_shifts(editions, seed)
    assert tried and found == []


@pytest.mark.parametrize(("editions", "seed"), ATTRIBUTES)
def test_sums_that_nobody_looked_at_tell_small_numbers(editions: int, seed: int) -> None:
    found, _ = of_attributes(editions, seed, guarded=False, held=False)
    assert found


@pytest.mark.parametrize(("editions", "seed"), SHIFTS)
def test_changes_that_nobody_looked_at_tell_small_numbers(editions: int, seed: int) -> None:
    found, _ = of_shifts(editions, seed, guarded=False, held=False)
    assert found


@pytest.mark.parametrize(("editions", "seed"), [(1, 0), (2, 0)])
def test_a_table_beside_sums_of_an_earlier_release_tells_what_it_did_not_alone(
    editions: int, seed: int
) -> None:
    """So what would leave of a table is held back for one release more."""
    found, _ = of_shifts(editions, seed, held=False)
    assert found
