"""Every change of an account goes through here, and leaves a link in a chain of MACs.

A link says in general terms what changed, of whom, and covers the link before it. Without the key
nobody can make one, change one or leave one out unseen. Nothing in it tells what anybody chose, or
that they answered.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import bindparam, insert, select, text, update
from sqlmodel import Session

from kopkrakers.accounts.chain.signing import (
    account_fields,
    accounts,
    check_account,
    invitation_fields,
    link_fields,
)
from kopkrakers.accounts.models import ACCOUNT_CHANGE, USER, Change
from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign

NOTHING = b""
"""The state in a link of no account, and the link before the first."""
_LOCK = text("LOCK TABLE account_change IN EXCLUSIVE MODE")
LAST_LINK = select(ACCOUNT_CHANGE).order_by(ACCOUNT_CHANGE.c.number.desc()).limit(1)
SIGN_ACCOUNT = update(USER).where(USER.c.id == bindparam("user_id")).values(mac=bindparam("signed"))


class ToBeSigned(Protocol):
    """An invitation that is to be kept, as an object or as a row; it has the other columns too."""

    token_hash: str
    mac: bytes | None


# D-69
@contextmanager
def changing(session: Session, keys: Keys, user_id: int, what: Change) -> Iterator[None]:
    """Let the block change an account; then sign it and add a link to the chain.

    Raises: NotYours when there is no such account; NotAllowed when somebody altered it, which a
    new MAC would hide.
    """
    begin_change(session)
    account_rows = accounts(session, [user_id])
    if not account_rows:
        raise NotYours
    check_account(keys, account_rows[0])
    yield
    record_change(session, keys, [user_id], what)


def begin_change(session: Session) -> None:
    """Keep other changes out until the transaction ends. On SQLite every transaction does.

    Call this before any account is written: two that wait for each other would both fail.
    """
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(_LOCK)


def record_change(session: Session, keys: Keys, user_ids: Iterable[int], what: Change) -> None:
    """Sign accounts as they are now, and add a link for each. For new ones; else use `changing`."""
    begin_change(session)
    signed = []
    states: list[tuple[int | None, bytes]] = []
    for account in accounts(session, user_ids):
        mac = sign(keys, *account_fields(account))
        signed.append({"user_id": account.id, "signed": mac})
        states.append((account.id, mac))
    if signed:
        session.connection().execute(SIGN_ACCOUNT, signed)
        _add_links(session, keys, what, states)


def record_invitations(session: Session, keys: Keys, invitations: Iterable[ToBeSigned]) -> None:
    """Sign invitations that are to be kept, and add a link for each."""
    begin_change(session)
    states = []
    for invitation in invitations:
        invitation.mac = sign(keys, *invitation_fields(invitation))
        states.append((None, invitation.mac))
    if states:
        _add_links(session, keys, Change.INVITED, states)


def _add_links(
    session: Session, keys: Keys, what: Change, states: Iterable[tuple[int | None, bytes]]
) -> None:
    last = session.connection().execute(LAST_LINK).first()
    number, previous = (0, NOTHING) if last is None else (last.number, last.mac)
    rows = []
    for user_id, state in states:
        number += 1
        row: dict[str, Any] = {
            "number": number,
            "what": what.value,
            "user_id": user_id,
            "state": state,
            "previous": previous,
        }
        previous = sign(keys, *link_fields(**row))
        rows.append(row | {"mac": previous})
    session.connection().execute(insert(ACCOUNT_CHANGE), rows)
