"""Tell which envelopes are of accounts that the product made, and not of rows made by SQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, cast, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.chain.remembered import EVERY_ACCOUNT, verified_once
from kopkrakers.accounts.chain.signing import account_holds, all_accounts, holding
from kopkrakers.accounts.models import GEMEENTE, USER, Status
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.ballots import boxes
from kopkrakers.ballots.boxes import address_of
from kopkrakers.base.db import AT_A_TIME
from kopkrakers.base.keys import Keys
from kopkrakers.counter import opening
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.opening import CountingRule
from kopkrakers.pools.newcomers import NOBODY, newcomers, pool_is_new
from kopkrakers.pools.reading import is_pilot
from kopkrakers.pools.rules import regio_of
from kopkrakers.privacy.bundles import may_try, toward_threshold

# who was removed took back what waited, so nothing in a box is theirs
_USER_IDS = select(USER.c.id).where(USER.c.status != Status.REMOVED)


@dataclass(frozen=True)
class BelievedEnvelopes:
    """The envelopes of a box whose accounts hold.

    `new`, `unproved`: the voters of whom only some, or none, count toward the threshold.
    `of_pilot`: they are of a server with so few accounts that nothing national is counted.
    """

    rows: Sequence[Row[Any]]
    new: Collection[str] = ()
    unproved: Collection[str] = ()
    of_pilot: bool = False

    def are_enough(self, rows: Sequence[Row[Any]], rule: CountingRule) -> bool:
        """Whether of these envelopes so many count that they may be tried together."""
        if self.of_pilot:
            return False
        # one that was tried already does not count, or a newcomer would decide: `may_try`
        voters = []
        for row in rows:
            if not row.tried and row.voter not in self.unproved:
                voters.append(row.voter)
        new = sum(voter in self.new for voter in voters)
        return may_try(toward_threshold(len(voters) - new, new), rule.threshold)


# D-60
def believed(
    counter: Counter, session: Session, box: Row[Any], rows: Sequence[Row[Any]], today: date
) -> BelievedEnvelopes:
    """Return the verified envelopes of a box whose accounts hold; refuse the others.

    A row made by SQL, or moved to another gemeente by it, helps no bundle to reach its threshold.
    Call this only when a box may be opened: it works out the pseudonyms of accounts.
    """
    # pairs and loose attributes lie under ids that lead to no account
    if box.kind not in (boxes.GEMEENTE, boxes.NATIONAL, boxes.LEADING):
        return BelievedEnvelopes(rows)
    user_of = _accounts_of(session, counter.turn_keys, box, {row.voter for row in rows})
    accounts = holding(session, counter.keys, set(user_of.values()))
    believed_ids = {account.id for account in accounts}
    kept: list[Row[Any]] = []
    others: list[Row[Any]] = []
    for row in rows:
        # a voter that is nobody's pseudonym has no user id
        if user_of.get(row.voter) in believed_ids:
            kept.append(row)
        else:
            others.append(row)
    opening.refuse(session, address_of(box), others, rule=counter.rules[box.kind])
    # in a pool that is new everybody would be, and none of them would count
    newly_come = NOBODY
    if not pool_is_new(session, counter.keys, box.pool, today):
        newly_come = newcomers(accounts, today)
    new: set[str] = set()
    unproved: set[str] = set()
    for row in kept:
        user_id = user_of[row.voter]
        if user_id in newly_come.new:
            new.add(row.voter)
        if user_id in newly_come.unproved:
            unproved.add(row.voter)
    # D-131
    of_pilot = box.kind != boxes.GEMEENTE and is_pilot(session, counter.keys)
    return BelievedEnvelopes(kept, frozenset(new), frozenset(unproved), of_pilot)


def accounts_that_fail(session: Session, keys: Keys) -> list[int]:
    """Return the ids of accounts that were made or changed outside the product.

    Call this in a snapshot.
    """

    def failing() -> tuple[int, ...]:
        ids = []
        for account in session.execute(all_accounts()).yield_per(AT_A_TIME):
            if not account_holds(keys, account):
                ids.append(account.id)
        return tuple(ids)

    return list(verified_once(session, keys, EVERY_ACCOUNT, failing))


def _accounts_of(session: Session, keys: Keys, box: Row[Any], voters: set[str]) -> dict[str, int]:
    """Return the user id behind these voters of a box, where there is one. It is kept nowhere.

    The people of its pool are tried first. Everybody else only for a voter that is none of them:
    a country of accounts for every small box would take minutes.
    """
    user_of: dict[str, int] = {}
    for statement in _candidates(box):
        for user_id in session.execute(statement).scalars():
            # also under a former secret, until all turns were renamed
            for pseudonym in Voter(user_id, keys).all_on(box.subject, box.edition):
                if pseudonym in voters:
                    user_of[pseudonym] = user_id
        # all were found: nobody else's pseudonym need be worked out
        if len(user_of) == len(voters):
            break
    return user_of


def _candidates(box: Row[Any]) -> list[Select[tuple[int]]]:
    """Return statements for the user ids that may lie in a box, the likely ones first."""
    if box.kind in (boxes.NATIONAL, boxes.LEADING):
        return [_USER_IDS]
    regio_id = regio_of(box.pool)
    if regio_id is None:
        return [_USER_IDS.where(cast(USER.c.gemeente_id, String) == box.pool), _USER_IDS]
    gemeenten = select(GEMEENTE.c.id).where(GEMEENTE.c.regio_id == regio_id)
    return [_USER_IDS.where(USER.c.gemeente_id.in_(gemeenten)), _USER_IDS]
