"""Tell which envelopes are of accounts that the product made, and not of rows made by SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.models import USER, Status
from kopkrakers.accounts.signing import SIGNED, account_holds
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.ballots.boxes import GEMEENTE, NATIONAL, address_of
from kopkrakers.base.db import in_parts
from kopkrakers.base.keys import Keys
from kopkrakers.counter import opening
from kopkrakers.counter.counter import Counter

_USER_IDS = select(USER.c.id).where(USER.c.status != Status.REMOVED)
_ACCOUNTS = select(*SIGNED).where(USER.c.id.in_(bindparam("ids", expanding=True)))


# D-60
def believed(
    counter: Counter, session: Session, box: Row[Any], rows: Sequence[Row[Any]]
) -> Sequence[Row[Any]]:
    """Return the verified envelopes of a box whose accounts hold; refuse the others.

    A row made by SQL, or moved to another gemeente by it, helps no bundle to reach its threshold.
    Call this only when a box may be opened: it works out the pseudonym of every account.
    """
    if box.kind not in (GEMEENTE, NATIONAL):
        return rows
    user_of = _accounts_of(session, counter.turn_keys, box.subject, box.edition)
    holding = _holding(session, counter.keys, {user_of.get(row.voter, 0) for row in rows})
    kept = [row for row in rows if user_of.get(row.voter) in holding]
    others = [row for row in rows if user_of.get(row.voter) not in holding]
    opening.refuse(session, address_of(box), others, rule=counter.rules[box.kind])
    return kept


def accounts_that_fail(session: Session, keys: Keys) -> list[int]:
    """Return the ids of accounts that were made or changed outside the product."""
    accounts = session.execute(
        select(*SIGNED).where(USER.c.status != Status.REMOVED).order_by(USER.c.id)
    )
    return [account.id for account in accounts if not account_holds(keys, account)]


def _accounts_of(session: Session, keys: Keys, dilemma: str, edition: int) -> dict[str, int]:
    """Return the user id behind each pseudonym on an edition. It is kept nowhere."""
    user_of = {}
    for user_id in session.execute(_USER_IDS).scalars():
        for pseudonym in Voter(user_id, keys).all_on(dilemma, edition):
            user_of[pseudonym] = user_id
    return user_of


def _holding(session: Session, keys: Keys, user_ids: set[int]) -> set[int]:
    holding = set()
    for part in in_parts(sorted(user_ids)):
        for account in session.execute(_ACCOUNTS, {"ids": part}):
            if account_holds(keys, account):
                holding.add(account.id)
    return holding
