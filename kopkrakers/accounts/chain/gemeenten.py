"""The day on which a gemeente came, signed: while it is new, the rules for newcomers wait."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac

SINCE = select(GEMEENTE.c.id, GEMEENTE.c.since, GEMEENTE.c.mac)
"""Columns of a gemeente that `since_holds` reads."""
_SIGN = (
    update(GEMEENTE).where(GEMEENTE.c.id == bindparam("gemeente")).values(mac=bindparam("signed"))
)


def sign_since(session: Session, keys: Keys, gemeente_id: int) -> None:
    """Sign the day on which a gemeente came. Call this in the transaction that makes it."""
    sign_days_anew(session, keys, session.execute(SINCE.where(GEMEENTE.c.id == gemeente_id)).all())


def since_holds(keys: Keys, gemeente: Row[Any]) -> bool:
    """Whether a gemeente came on the day that stands there."""
    return gemeente.mac is not None and verify_mac(keys, gemeente.mac, *_fields(gemeente))


def days_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the gemeenten whose day holds by a former key alone."""
    return of_former_key(keys, session.execute(SINCE), since_holds)


def sign_days_anew(session: Session, keys: Keys, found: Iterable[Row[Any]]) -> None:
    """Sign the day of these gemeenten by the current key."""
    for row in found:
        session.execute(_SIGN, {"gemeente": row.id, "signed": sign(keys, *_fields(row))})


def _fields(gemeente: Row[Any]) -> Fields:
    if gemeente.since is None:
        since = ""
    else:
        since = gemeente.since.isoformat()
    return ("gemeente since", gemeente.id, since)
