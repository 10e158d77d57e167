"""Which gemeenten are counted together, and for how long."""

from datetime import date, timedelta

import pytest

from kopkrakers.pools.rules import (
    GemeenteSize,
    pool_today,
    pools_of,
    regio_of,
    regio_pool,
)
from kopkrakers.privacy.rules import K_POOL, POOL_DAYS
from kopkrakers.tallies.models import NL

MONDAY = date(2026, 11, 23)
FULL = K_POOL


@pytest.mark.parametrize(
    ("sizes", "pools"),
    [
        ([(1, None, FULL)], {1: "1"}),
        ([(1, None, FULL - 1)], {}),
        ([(1, 7, 6), (2, 7, 6)], {1: "R7", 2: "R7"}),
        ([(1, 7, 6)], {}),
        ([(1, 7, 6), (2, 7, 0)], {}),
        ([(1, 7, 6), (2, 7, 0), (3, 7, 1)], {1: "R7", 3: "R7"}),
        ([(1, 7, FULL), (2, 7, 6), (3, 7, 6)], {1: "1", 2: "R7", 3: "R7"}),
        ([(1, 7, FULL), (2, 7, 6)], {1: "1"}),
        ([(1, 7, 6), (2, 8, 6)], {}),
        ([], {}),
    ],
    ids=[
        "large enough",
        "one too few",
        "a regio of two",
        "a regio of one",
        "one of two has nobody",
        "who has nobody is left out",
        "the large one is apart",
        "what is left is one gemeente",
        "two regio's of one",
        "nobody",
    ],
)
def test_the_pool_of_each_gemeente(
    sizes: list[tuple[int, int | None, int]], pools: dict[int, str]
) -> None:
    assert pools_of(GemeenteSize(*size) for size in sizes) == pools


@pytest.mark.parametrize(
    ("assigned", "days", "pool"),
    [
        ("R7", 0, "R7"),
        ("R7", POOL_DAYS - 1, "R7"),
        ("R7", POOL_DAYS, NL),
        (None, 0, NL),
    ],
)
def test_an_answer_goes_to_the_pool_for_two_weeks(
    assigned: str | None, days: int, pool: str
) -> None:
    assert pool_today(assigned, MONDAY, MONDAY + timedelta(days=days)) == pool


@pytest.mark.parametrize(
    ("pool", "regio"), [(regio_pool(7), 7), ("7", None), (NL, None), ("R", None), ("Rx", None)]
)
def test_the_regio_of_a_pool(pool: str, regio: int | None) -> None:
    assert regio_of(pool) == regio
