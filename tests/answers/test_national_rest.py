"""National totals less those of every pool that is shown: what is left is never known exactly."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.answers.figures import Distributions, distributions_of
from kopkrakers.base.db import Database
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    ReleasedShares,
    ReleasedTop,
    release_local,
    release_national,
    round_to,
)
from kopkrakers.privacy.rules import (
    COMES_BACK,
    COMES_BACK_SHARES,
    K_GEMEENTE,
    LONE_ROUNDING,
    ROUNDING,
    TOP_SHARE,
)
from tests.research.small import SLUG, add_totals
from tests.support.world import ROW_KEYS, World

OPTIONS = ("a", "b", "c", "x")
Vector = tuple[int, ...]
LIMIT = TOP_SHARE / 100


def counts_of(vector: Sequence[int]) -> dict[str, int]:
    return dict(zip(OPTIONS, vector, strict=True))


def national_of(pools: Sequence[Vector], alone: Vector = (0, 0, 0, 0)) -> ReleasedNational:
    """Return the national totals of these pools, and of those who were counted nationally only."""
    scopes = {str(place): counts_of(pool) for place, pool in enumerate(pools)}
    scopes["NL"] = counts_of([sum(column) for column in zip(alone, *pools, strict=True)])
    released = release_national("NL", OPTIONS, scopes, comes_back=False)
    assert released is not None
    return released


def left_over(national: ReleasedNational, shown: Sequence[Vector]) -> Vector | None:
    """Return what an attacker has left who takes every pool that is shown from the national."""
    if not isinstance(national, ReleasedDistribution):
        return None
    return tuple(
        n - sum(column) for n, column in zip(national.counts, zip(*shown, strict=True), strict=True)
    )


def is_top(pool: Vector) -> bool:
    return isinstance(release_local("7", OPTIONS, counts_of(pool)), ReleasedTop)


def pools_above_the_limit(most: int) -> Iterator[Vector]:
    """Yield every pool that may be counted, whose largest option has nearly all."""
    for first, second, third in product(range(13, most), range(30), range(12)):
        pool = (first, second, third, 0)
        if second >= third and is_top(pool) and safe(counts_of(pool), K_GEMEENTE):
            yield pool


def share(pool: Vector) -> float:
    return max(pool) / sum(pool)


def test_one_pool_that_is_left_over_could_be_several_with_other_shares() -> None:
    """Who knows the rule and every other pool, and that all were counted in a pool, is in doubt."""
    possible: dict[Vector, list[Vector]] = defaultdict(list)
    for pool in pools_above_the_limit(125):
        possible[tuple(round_to(LONE_ROUNDING, n) for n in pool)].append(pool)
    for rounded, pools in possible.items():
        shares = [share(pool) for pool in pools]
        assert len(set(shares)) > 1, rounded
        # what lies just above the limit says no more than the limit
        assert max(shares) - min(shares) > 0.01 or max(shares) < LIMIT + 0.02


@pytest.mark.parametrize("alone", [(0, 0, 0, 0), (30, 20, 9, 1)])
def test_what_is_left_over_is_not_the_pool(alone: Vector) -> None:
    shown, hidden = [(150, 100, 33, 7), (61, 30, 8, 1)], (54, 6, 1, 0)
    rest = left_over(national_of([*shown, hidden], alone), shown)
    assert rest is not None
    assert all(n % LONE_ROUNDING == 0 for n in rest)
    assert rest != tuple(map(sum, zip(hidden, alone, strict=True)))


small = st.tuples(*[st.integers(0, 60)] * 4).filter(lambda one: safe(counts_of(one), K_GEMEENTE))


@given(st.lists(small, min_size=1, max_size=5), st.one_of(st.just((0, 0, 0, 0)), small))
def test_national_totals_are_exact_only_where_every_pool_is(
    pools: list[Vector], alone: Vector
) -> None:
    national = national_of(pools, alone)
    shown = [pool for pool in pools if not is_top(pool)]
    if len(shown) == len(pools):
        assert isinstance(national, ReleasedDistribution)
        assert not national.rounded
        return
    rest = left_over(national, shown) if shown else None
    if rest is not None:
        assert all(n % ROUNDING == 0 for n in rest)
    if isinstance(national, ReleasedDistribution):
        truth = [sum(column) for column in zip(alone, *pools, strict=True)]
        for told, n in zip(national.counts, truth, strict=True):
            assert 100 * abs(told - n) <= 2.5 * national.total
    elif isinstance(national, ReleasedShares):
        assert all(row.percent % 10 == 0 for row in national.rows)


@given(st.lists(small, min_size=1, max_size=3), small, small)
def test_growth_of_pools_that_are_shown_tells_nothing_of_the_others(
    pools: list[Vector], hidden: Vector, more: Vector
) -> None:
    """Numbers of two moments, between which only pools that are shown grew."""
    if not is_top(hidden) or any(is_top(pool) for pool in pools):
        return
    grown = [tuple(map(sum, zip(pools[0], more, strict=True))), *pools[1:]]
    if is_top(grown[0]):
        return
    rests = [left_over(national_of([*now, hidden]), now) for now in (pools, grown)]
    assert None in rests or rests[0] == rests[1]


def test_a_gemeente_alone_on_a_server_reads_the_same_nationally() -> None:
    assert national_of([(54, 6, 0, 0)]) == ReleasedTop("NL", "a")
    assert national_of([(49, 11, 0, 0)]) == ReleasedTop("NL", "a")


def test_a_few_gemeenten_together_read_shares_in_tens() -> None:
    national = national_of([(54, 6, 0, 0), (20, 14, 5, 1)])
    assert isinstance(national, ReleasedShares)
    assert [(row.option, row.percent) for row in national.rows] == [
        ("a", 70),
        ("b", 20),
        ("c", 10),
        ("x", 0),
    ]


def seen_by(database: Database, scope: int) -> Distributions:
    with database.reading() as session:
        return distributions_of(session, ROW_KEYS, SLUG, 1, OPTIONS, str(scope))


@pytest.mark.parametrize(
    ("other", "hidden"), [((150, 100, 33, 7), (54, 6, 1, 0)), ((20, 14, 5, 1), (54, 6, 1, 0))]
)
def test_two_colleagues_cannot_subtract_the_gemeente_of_one_from_the_country(
    database: Database, world: World, other: Vector, hidden: Vector
) -> None:
    """Anna sees "ruim 80%" at home and the national totals; Chris tells her those of Almere."""
    add_totals(database, str(world.almere), other)
    add_totals(database, str(world.zaanstad), hidden)
    add_totals(database, "NL", tuple(map(sum, zip(other, hidden, strict=True))))
    anna, chris = seen_by(database, world.zaanstad), seen_by(database, world.almere)
    assert isinstance(anna.local, ReleasedTop)
    assert isinstance(chris.local, ReleasedDistribution)
    assert anna.national == chris.national
    assert anna.national is not None
    assert left_over(anna.national, [chris.local.counts]) != hidden


def test_a_dilemma_that_comes_back_tells_no_number_until_many_answered(
    database: Database, world: World
) -> None:
    """Ninety answered, and eighty-nine of them again: the difference is one person."""
    add_totals(database, "NL", (54, 25, 11, 0))
    add_totals(database, "NL", (54, 25, 10, 0), number=2)
    with database.reading() as session:
        first, second = (
            distributions_of(session, ROW_KEYS, SLUG, number, OPTIONS, None).national
            for number in (1, 2)
        )
    assert isinstance(first, ReleasedDistribution)
    assert isinstance(second, ReleasedShares)
    assert [row.percent for row in second.rows] == [60, 30, 10, 0]


@pytest.mark.parametrize(
    ("people", "kind"),
    [
        (COMES_BACK_SHARES - 1, None),
        (COMES_BACK_SHARES, ReleasedShares),
        (COMES_BACK - 1, ReleasedShares),
        (COMES_BACK, ReleasedDistribution),
    ],
)
def test_more_of_a_dilemma_that_comes_back_is_told_when_more_answered(
    people: int, kind: type[object] | None
) -> None:
    scopes: Mapping[str, Mapping[str, int]] = {"NL": {"a": people - 30, "b": 30}}
    released = release_national("NL", OPTIONS, scopes, comes_back=True)
    assert released is None if kind is None else isinstance(released, kind)
