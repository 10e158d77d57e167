"""The two chairs: who leads is counted apart, on cards that are told from that chair.

A chair is chosen at the own account and holds in editions that open later. So nobody moves from one
pool to the other within an edition, whoever asks them to.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.base.db import Rows, put_over
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac
from kopkrakers.pools.models import CHAIR
from kopkrakers.pools.sizes import CAN_VOTE
from kopkrakers.privacy.rules import EDITION_WEEKS

_OF_PERSON = (
    select(CHAIR).where(CHAIR.c.user_id == bindparam("user_id")).order_by(CHAIR.c.since.desc())
)
_AT_OPENING = _OF_PERSON.where(CHAIR.c.since < bindparam("opens_on")).limit(1)
CHOSEN_CHAIR = (
    select(CHAIR.c.leads)
    .where(CHAIR.c.user_id == bindparam("user_id"))
    .order_by(CHAIR.c.since.desc())
    .limit(1)
    .scalar_subquery()
)
"""Whether the person `user_id`, a parameter, chose to lead: for a column of another statement."""
_later = CHAIR.alias("later")
_IS_LAST = ~(
    select(_later.c.since)
    .where(_later.c.user_id == CHAIR.c.user_id, _later.c.since > CHAIR.c.since)
    .exists()
)
_LEADERS = (
    select(func.count())
    .select_from(CHAIR.join(USER, USER.c.id == CHAIR.c.user_id))
    .where(CHAIR.c.leads, _IS_LAST, CAN_VOTE)
)
_SIGN_CHAIR = (
    update(CHAIR)
    .where(CHAIR.c.user_id == bindparam("person"), CHAIR.c.since == bindparam("day"))
    .values(mac=bindparam("signed"))
)


# D-145
def choose_chair(session: Session, keys: Keys, user_id: int, *, leads: bool, today: date) -> None:
    """Let somebody sit in a chair, in editions that open after today.

    What no open edition asks for any more is forgotten.
    """
    row = {"user_id": user_id, "since": today, "leads": leads}
    put_over(session, CHAIR, [row | {"mac": sign(keys, *_fields(user_id, today, leads=leads))}])
    oldest_opening = today - timedelta(weeks=EDITION_WEEKS)
    kept = session.execute(_AT_OPENING, {"user_id": user_id, "opens_on": oldest_opening}).first()
    if kept is not None:
        past = and_(CHAIR.c.user_id == user_id, CHAIR.c.since < kept.since)
        session.execute(delete(CHAIR).where(past))


def led_at_opening(session: Rows, keys: Keys, user_id: int, opens_on: date) -> bool:
    """Whether somebody sits in the chair of leidinggevenden in an edition that opened on a day.

    A chair that somebody wrote by SQL is none.
    """
    parameters = {"user_id": user_id, "opens_on": opens_on}
    row = session.connection().execute(_AT_OPENING, parameters).first()
    return row is not None and bool(row.leads) and chair_holds(keys, row)


def chosen_chair(session: Session, user_id: int) -> bool | None:
    """Return whether somebody chose to lead, from the next edition on; None who never chose."""
    row = session.connection().execute(_OF_PERSON.limit(1), {"user_id": user_id}).first()
    if row is None:
        return None
    return bool(row.leads)


def count_leaders(session: Session) -> int:
    """Return how many accounts that can vote chose to lead, verified or not: to be read."""
    return int(session.execute(_LEADERS).scalar_one())


def forget_chair(session: Session, user_id: int) -> None:
    """Take away which chair somebody chose, when they leave."""
    session.execute(delete(CHAIR).where(CHAIR.c.user_id == user_id))


def chair_holds(keys: Keys, row: Row[Any]) -> bool:
    """Whether a chair is as its person chose it."""
    return verify_mac(keys, row.mac, *_fields(row.user_id, row.since, leads=row.leads))


def chairs_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the chairs that hold by a former key, not by the current one."""
    return of_former_key(keys, session.execute(select(CHAIR)), chair_holds)


def sign_chairs_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign chairs, which were verified, by the current key."""
    for row in found:
        signed = sign(keys, *_fields(row.user_id, row.since, leads=row.leads))
        place = {"person": row.user_id, "day": row.since, "signed": signed}
        session.connection().execute(_SIGN_CHAIR, place)


def _fields(user_id: int, since: date, *, leads: bool) -> Fields:
    return ("chair", user_id, since.isoformat(), int(leads))
