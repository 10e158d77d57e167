"""Count the accounts of each gemeente that can vote: as they stand, and those that hold."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, exists, func, select, union_all
from sqlmodel import Session

from kopkrakers.accounts.chain.signing import account_holds, all_accounts
from kopkrakers.accounts.models import GEMEENTE, USER, USER_ROLE, VOTING_ROLES, Status
from kopkrakers.base.db import Rows
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import verify_mac
from kopkrakers.pools.rules import GemeenteSize
from kopkrakers.privacy.rules import K_POOL

CAN_VOTE = and_(
    USER.c.status == Status.ACTIVE,
    # not "in all who have such a role": that list would be made also for the first few accounts
    exists().where(USER_ROLE.c.user_id == USER.c.id, USER_ROLE.c.role.in_(sorted(VOTING_ROLES))),
)
"""The condition for an account that counts for the size of its gemeente."""
NO_MONTH = date.max
"""A month in which nobody came."""

# D-164
# all who have such a role at once: where everybody is counted, asking each costs twice as much
VOTERS = select(USER_ROLE.c.user_id).where(USER_ROLE.c.role.in_(sorted(VOTING_ROLES)))
_COUNTED = (
    select(
        USER.c.gemeente_id,
        func.count().label("accounts"),
        func.count(case((USER.c.since >= bindparam("month"), 1))).label("newcomers"),
    )
    .where(USER.c.status == Status.ACTIVE, USER.c.id.in_(VOTERS))
    .group_by(USER.c.gemeente_id)
    .subquery()
)
_SIZES = (
    select(
        GEMEENTE.c.id,
        GEMEENTE.c.regio_id,
        GEMEENTE.c.regio_mac,
        func.coalesce(_COUNTED.c.accounts, 0).label("accounts"),
        func.coalesce(_COUNTED.c.newcomers, 0).label("newcomers"),
    )
    .select_from(GEMEENTE.outerjoin(_COUNTED, _COUNTED.c.gemeente_id == GEMEENTE.c.id))
    .order_by(GEMEENTE.c.id)
)


def sizes(session: Session, keys: Keys, month: date = NO_MONTH) -> list[GemeenteSize]:
    """Return every gemeente with its regio and its accounts that count for its size.

    `month`: its first day, to count who came in it.

    Rows of accounts are counted as they stand, verified or not: for a number that people read.
    What such a number decides is decided by `believed_sizes` or `believed_up_to`.
    A gemeente that somebody put in a regio by other means than the command is in none.
    """
    gemeente_sizes = []
    for row in session.execute(_SIZES, {"month": month}):
        if membership_holds(keys, row):
            regio_id = row.regio_id
        else:
            regio_id = None
        gemeente_sizes.append(GemeenteSize(row.id, regio_id, row.accounts, row.newcomers))
    return gemeente_sizes


def believed_sizes(session: Session, keys: Keys) -> list[GemeenteSize]:
    """Return the same, counting only accounts that hold: rows made by SQL make no pool."""
    accounts = session.execute(all_accounts().where(CAN_VOTE))
    holding = _by_gemeente(keys, accounts)
    gemeente_sizes = []
    for one in sizes(session, keys):
        gemeente_sizes.append(replace(one, accounts=holding[one.gemeente_id]))
    return gemeente_sizes


# D-97
def believed_sizes_near(
    session: Session, keys: Keys, gemeente_id: int, month: date = NO_MONTH
) -> list[GemeenteSize]:
    """Return the sizes for a page about one gemeente. `month`: as for `sizes`.

    Of it and those in its regio so many accounts are verified as decide whether it is a pool of
    its own. Where it is, the number is that of `sizes`, for people to read.
    """
    known = {one.gemeente_id: one for one in sizes(session, keys, month)}
    regio_id = known[gemeente_id].regio_id
    near = {gemeente_id}
    for one in known.values():
        if regio_id is not None and one.regio_id == regio_id:
            near.add(one.gemeente_id)
    holding = _holding(session, keys, near, first=K_POOL)
    # hardly ever: one of the oldest was altered, and others may make up for it
    altered = set()
    for id_ in near:
        if holding[id_] < min(K_POOL, known[id_].accounts):
            altered.add(id_)
    if altered:
        holding |= _holding(session, keys, altered)
    for id_ in near:
        if holding[id_] < K_POOL:
            known[id_] = replace(known[id_], accounts=holding[id_])
    return list(known.values())


def _holding(
    session: Session, keys: Keys, gemeente_ids: Collection[int], *, first: int | None = None
) -> Counter[int]:
    """Return the accounts in each gemeente that hold and can vote, of the `first` or of all."""
    here = (CAN_VOTE, USER.c.gemeente_id.in_(sorted(gemeente_ids)))
    wanted = all_accounts().where(*here)
    if first is not None:
        oldest = []
        for gemeente_id in sorted(gemeente_ids):
            can_vote = select(USER.c.id).where(CAN_VOTE, USER.c.gemeente_id == gemeente_id)
            oldest.append(select(can_vote.order_by(USER.c.id).limit(first).subquery().c.id))
        wanted = all_accounts().where(USER.c.id.in_(union_all(*oldest)))
    return _by_gemeente(keys, session.connection().execute(wanted))


def _by_gemeente(keys: Keys, accounts: Iterable[Row[Any]]) -> Counter[int]:
    """Return the number of these accounts that hold, by gemeente."""
    holding: Counter[int] = Counter()
    for account in accounts:
        if account_holds(keys, account):
            holding[account.gemeente_id] += 1
    return holding


def believed_up_to(session: Rows, keys: Keys, most: int) -> int:
    """Return how many accounts of this server hold and can vote, and no more than `most`."""
    can_vote = all_accounts().where(CAN_VOTE)
    # the oldest first, of which hardly ever one fails: mostly these are enough to tell
    first = session.connection().execute(can_vote.limit(most)).all()
    holding = sum(account_holds(keys, account) for account in first)
    if holding < len(first) == most:
        holding = sum(
            account_holds(keys, account) for account in session.connection().execute(can_vote)
        )
    return min(holding, most)


def membership_fields(gemeente_id: int, regio_id: int) -> tuple[str | int, ...]:
    """Return what the MAC of a gemeente's place in a regio covers."""
    # the first field tells the kinds of rows apart: no MAC of one can pass for one of another
    return ("gemeente in regio", gemeente_id, regio_id)


def membership_holds(keys: Keys, row: Row[Any]) -> bool:
    """Whether a gemeente is in its regio by the command."""
    if row.regio_id is None or row.regio_mac is None:
        return False
    return verify_mac(keys, row.regio_mac, *membership_fields(row.id, row.regio_id))
