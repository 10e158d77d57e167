"""Remember that exactly these accounts or links were verified, by a digest of all they rest on."""

import pickle
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session

from kopkrakers.accounts.models import ACCOUNT_CHANGE, MEMBERSHIP, USER, USER_ROLE
from kopkrakers.base.db import AT_A_TIME
from kopkrakers.base.keys import Keys
from kopkrakers.base.memory import Memory

REMEMBERED_SECONDS = 3600.0
"""Seconds that an outcome is remembered; a row that somebody changed has another digest at once."""
KINDS_OF_ROWS = 4
EVERY_LINK = (select(ACCOUNT_CHANGE).order_by(ACCOUNT_CHANGE.c.number),)
"""All that decides whether the chain of changes holds, besides the keys."""
EVERY_ACCOUNT = (
    select(USER).order_by(USER.c.id),
    select(USER_ROLE).order_by(USER_ROLE.c.user_id, USER_ROLE.c.role),
    select(MEMBERSHIP).order_by(MEMBERSHIP.c.user_id, MEMBERSHIP.c.team_id),
    *EVERY_LINK,
)
"""All that decides whether accounts hold.

Whole tables: asking for the roles, teams and last link of each account costs four times as much.
"""
_OUTCOMES: Memory[tuple[Keys, tuple[bytes, ...]], tuple[int, ...]] = Memory(
    seconds=REMEMBERED_SECONDS, most=KINDS_OF_ROWS
)


# D-104
def verified_once(
    session: Session,
    keys: Keys,
    rests_on: Sequence[Select[Any]],
    verify: Callable[[], tuple[int, ...]],
) -> tuple[int, ...]:
    """Return what `verify` finds, which depends on the rows of these statements and the keys alone.

    Call this in a snapshot: between the digest and the verifying nobody may change a row, or what
    was found would be remembered of other rows. What `verify` raises is not remembered.
    """
    digests = [_digest(session, statement) for statement in rests_on]
    known = (keys, tuple(digests))
    outcome = _OUTCOMES.get(known)
    if outcome is None:
        outcome = verify()
        _OUTCOMES.put(known, outcome)
    return outcome


def _digest(session: Session, statement: Select[Any]) -> bytes:
    """Return what stands for all rows of a statement: 32 bytes."""
    whole = sha256()
    with session.connection().execute(statement) as result:
        assert result.cursor is not None
        # rows as the driver gives them: nothing is read from them but that they are the same
        while rows := result.cursor.fetchmany(AT_A_TIME):
            # a pickle says where it and each value in it ends, so no two sets of rows have the same
            whole.update(pickle.dumps(rows))
    return whole.digest()
