"""Sign accounts, so that the counter can tell those that the product made from rows made by SQL."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac

SIGNED = (
    USER.c.id,
    USER.c.gemeente_id,
    USER.c.address_hmac,
    USER.c.address_proved,
    USER.c.since,
    USER.c.mac,
)
"""What `account_holds` reads of an account."""
_ACCOUNTS = select(*SIGNED).where(USER.c.id.in_(bindparam("ids", expanding=True)))
_SIGN = update(USER).where(USER.c.id == bindparam("user_id")).values(mac=bindparam("signed"))


def sign_accounts(session: Session, keys: Keys, user_ids: Iterable[int]) -> None:
    """Sign accounts as they are now. Call this in the transaction that makes them."""
    accounts = session.execute(_ACCOUNTS, {"ids": list(user_ids)}).all()
    signed = [{"user_id": row.id, "signed": sign(keys, *_fields(row))} for row in accounts]
    if signed:
        session.connection().execute(_SIGN, signed)


def account_holds(keys: Keys, account: Row[Any]) -> bool:
    """Whether the product made this account, in this gemeente and for this address."""
    return account.mac is not None and verify_mac(keys, account.mac, *_fields(account))


def accounts_of_former_key(session: Session, keys: Keys) -> list[int]:
    """Return the ids of accounts that hold by a former key, and not by the current one."""
    accounts = session.execute(select(*SIGNED))
    return [row.id for row in of_former_key(keys, accounts, account_holds)]


def _fields(account: Row[Any]) -> Fields:
    since = "" if account.since is None else account.since.isoformat()
    return (
        "account",
        account.id,
        account.gemeente_id,
        account.address_hmac,
        int(account.address_proved),
        since,
    )
