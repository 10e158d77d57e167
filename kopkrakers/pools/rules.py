"""Rules for which answers are counted together. No database, no clock.

A pool is written as the scope of its totals: a gemeente as its id, a regio as `R` and its id,
the national one as `NL`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kopkrakers.privacy.rules import K_POOL, POOL_DAYS
from kopkrakers.tallies.models import NL

ALL_NATIONAL = 0
"""The version of an edition without pools of its own."""
# ids of regio's and of gemeenten may be the same number; the scope of a gemeente is its id alone
_REGIO = "R"


@dataclass(frozen=True)
class GemeenteSize:
    """A gemeente, its regio, and its accounts that can vote and are proved.

    `newcomers`: those of them that came in the month that was asked for.
    """

    gemeente_id: int
    regio_id: int | None
    accounts: int
    newcomers: int = 0


def regio_pool(regio_id: int) -> str:
    """Return the pool of a regio."""
    return f"{_REGIO}{regio_id}"


def regio_of(pool: str) -> int | None:
    """Return the id of the regio whose pool this is; None for any other pool."""
    digits = pool.removeprefix(_REGIO)
    if digits != pool and digits.isdecimal():
        return int(digits)
    return None


def pools_of(gemeenten: Iterable[GemeenteSize]) -> dict[int, str]:
    """Return the pool of each gemeente that has one besides the national one.

    A gemeente is its own pool from `K_POOL` accounts. The smaller ones of a regio are one pool when
    at least two of them have accounts: with one, the figures of the regio would be that gemeente's.
    All others are left out.
    """
    pools: dict[int, str] = {}
    small: dict[int, list[int]] = defaultdict(list)
    for gemeente in gemeenten:
        if gemeente.accounts >= K_POOL:
            pools[gemeente.gemeente_id] = str(gemeente.gemeente_id)
        # one without accounts would hide that a regio has the people of a single gemeente
        elif gemeente.accounts and gemeente.regio_id is not None:
            small[gemeente.regio_id].append(gemeente.gemeente_id)
    for regio_id, members in small.items():
        if len(members) > 1:
            pools |= dict.fromkeys(members, regio_pool(regio_id))
    return pools


def takes_local_answers(opens_on: date, today: date) -> bool:
    """Whether answers to an edition still go to local pools, and not all to the national one."""
    return today < opens_on + timedelta(days=POOL_DAYS)


def pool_today(assigned: str | None, opens_on: date, today: date) -> str:
    """Return the pool in which an answer is counted that is given today."""
    if assigned is None or not takes_local_answers(opens_on, today):
        return NL
    return assigned
