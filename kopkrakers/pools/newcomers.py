"""Decide who counts toward the threshold of a bundle: invented accounts are new, and not proved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, String, cast
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.chain.gemeenten import SINCE, since_holds
from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.keys import Keys
from kopkrakers.pools.rules import regio_of
from kopkrakers.privacy.rules import NEW_DAYS, PROOF_DAYS
from kopkrakers.tallies.models import LEADERS, NL


@dataclass(frozen=True)
class Newcomers:
    """Of some accounts, the ids of those that are new, and of those that do not count yet."""

    new: frozenset[int]
    unproved: frozenset[int]


NOBODY = Newcomers(frozenset(), frozenset())


# D-72
def newcomers(accounts: Iterable[Row[Any]], today: date) -> Newcomers:
    """Return who of these accounts is a newcomer. In a pool that is new itself nobody is."""
    new, unproved = set(), set()
    for row in accounts:
        # an account without a day has been there for long
        if row.since is None:
            continue
        if _is_within(row.since, NEW_DAYS, today):
            new.add(row.id)
        if not row.address_proved and _is_within(row.since, PROOF_DAYS, today):
            unproved.add(row.id)
    return Newcomers(frozenset(new), frozenset(unproved))


def pool_is_new(session: Session, keys: Keys, pool: str, today: date) -> bool:
    """Whether all gemeenten of a pool came less than `NEW_DAYS` ago.

    A day that somebody wrote there by SQL is no day at all: the gemeente is not new.
    """
    gemeenten = session.execute(_of_pool(pool)).all()
    for row in gemeenten:
        # one without a day has been there for long
        if row.since is None or not _is_within(row.since, NEW_DAYS, today):
            return False
        if not since_holds(keys, row):
            return False
    return bool(gemeenten)


def _is_within(since: date, days: int, today: date) -> bool:
    return since > today - timedelta(days=days)


def _of_pool(pool: str) -> Select[Any]:
    if pool in (NL, LEADERS):
        return SINCE
    regio_id = regio_of(pool)
    if regio_id is None:
        return SINCE.where(cast(GEMEENTE.c.id, String) == pool)
    return SINCE.where(GEMEENTE.c.regio_id == regio_id)
