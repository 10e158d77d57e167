"""Write to the trail, hold it against its MACs, sign it anew, and forget what is a year old."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.trail.models import BEHEER_ACTION, TRAIL_START, Deed
from kopkrakers.base.db import changed, put_over
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac

KEPT_DAYS = 366
"""Days after which an action is forgotten."""
LONGEST_DETAIL = 200
NOTHING = b""
_LOCK = text("LOCK TABLE beheer_action IN EXCLUSIVE MODE")
_ALL = select(BEHEER_ACTION).order_by(BEHEER_ACTION.c.number)
_LAST = _ALL.with_only_columns(BEHEER_ACTION.c.number, BEHEER_ACTION.c.mac).order_by(None)
_LAST = _LAST.order_by(BEHEER_ACTION.c.number.desc()).limit(1)
_START = select(TRAIL_START)
_LAST_FORGOTTEN = select(TRAIL_START.c.number, TRAIL_START.c.last.label("mac"))
_REWRITE = (
    update(BEHEER_ACTION)
    .where(BEHEER_ACTION.c.number == bindparam("of"))
    .values(previous=bindparam("before"), mac=bindparam("signed"))
)
_ONLY_ROW = 1


@dataclass(frozen=True)
class TrailEntry:
    """Something that was done, to be written down. `actor_id`: None for the operator."""

    what: Deed
    gemeente_id: int | None
    actor_id: int | None = None
    person_id: int | None = None
    detail: str = ""


# D-99
def write(session: Session, keys: Keys, entry: TrailEntry, today: date) -> None:
    """Add an action to the trail, in the transaction in which it is done.

    Call this last: it keeps other actions out until the transaction ends.
    """
    connection = session.connection()
    # two that end at once would have one number; SQLite has one writer at a time
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    last = connection.execute(_LAST).first()
    # all were forgotten: the next still follows the last of them
    if last is None:
        last = connection.execute(_LAST_FORGOTTEN).first()
    number, previous = 1, NOTHING
    if last is not None:
        number, previous = last.number + 1, last.mac
    row: dict[str, Any] = {
        "number": number,
        "day": today,
        "gemeente_id": entry.gemeente_id,
        "actor_id": entry.actor_id,
        "person_id": entry.person_id,
        "what": entry.what.value,
        # cut here and not by the database, or the MAC would cover more than is kept
        "detail": entry.detail[:LONGEST_DETAIL],
        "previous": previous,
    }
    mac = sign(keys, *_fields(row))
    connection.execute(insert(BEHEER_ACTION), row | {"mac": mac})


def broken_at(session: Session, keys: Keys) -> int | None:
    """Return the number of the first action that is missing or was changed; None when all hold."""
    start = session.execute(_START).first()
    number, previous = 0, NOTHING
    if start is not None:
        number, previous = start.number, start.last
        # it would hide that the first actions were taken away
        if not start_holds(keys, start):
            return int(number)
    for row in session.execute(_ALL):
        if row.number != number + 1:
            return number + 1
        if row.previous != previous or not action_holds(keys, row):
            return int(row.number)
        number, previous = row.number, row.mac
    return None


def digest_of(session: Session, number: int) -> str | None:
    """Return what an action says, as a digest; None when it is not there.

    It is kept with the keys, so it is of the columns alone: MACs change when the secret does.
    """
    row = session.execute(_ALL.where(BEHEER_ACTION.c.number == number)).first()
    if row is None:
        return None
    said = _fields(row._asdict() | {"previous": NOTHING})
    return sha256(repr(said).encode()).hexdigest()


def last_number(session: Session) -> int:
    """Return the number of the last action; 0 before the first."""
    last = session.execute(_LAST).first()
    start = session.execute(_START).first()
    newest = last or start
    if newest is None:
        return 0
    return int(newest.number)


def forget_old(session: Session, keys: Keys, today: date) -> int:
    """Forget actions of more than a year ago. Return how many.

    From the first on, as far as all are old: a clock that once stood wrong leaves no hole.
    """
    kept_from = today - timedelta(days=KEPT_DAYS)
    missing: Row[Any] | None = None
    for row in session.execute(_ALL):
        if row.day >= kept_from:
            break
        missing = row
    if missing is None:
        return 0
    # signed with the number and MAC of the last that went, so that the next one still follows it
    _write_start(session, keys, missing.number, missing.mac)
    old = BEHEER_ACTION.c.number <= missing.number
    return changed(session.execute(delete(BEHEER_ACTION).where(old)))


def trail_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the actions, and the start, that hold by a former key alone."""
    actions = session.execute(_ALL).all()
    starts = session.execute(_START).all()
    return [
        *of_former_key(keys, actions, action_holds),
        *of_former_key(keys, starts, start_holds),
    ]


def sign_trail_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign the whole trail by the current key, if any of it was found.

    What fails by every key keeps the MAC that it has.
    """
    if not found:
        return
    start = session.execute(_START).first()
    former = current = NOTHING
    if start is not None:
        former = current = start.last
        if start_holds(keys, start):
            _write_start(session, keys, start.number, start.last)
    rewritten = []
    for row in session.execute(_ALL).all():
        said = row._asdict()
        if action_holds(keys, row):
            # one that did not follow the action before it must not seem to do so now
            if row.previous == former:
                said["previous"] = current
            said["mac"] = sign(keys, *_fields(said))
        rewritten.append({"of": row.number, "before": said["previous"], "signed": said["mac"]})
        former, current = row.mac, said["mac"]
    if rewritten:
        session.connection().execute(_REWRITE, rewritten)


def action_holds(keys: Keys, row: Row[Any]) -> bool:
    """Whether an action is as it was written."""
    return verify_mac(keys, row.mac, *_fields(row._asdict()))


def start_holds(keys: Keys, start: Row[Any]) -> bool:
    """Whether the product forgot what is before the first action."""
    return verify_mac(keys, start.mac, *_start_fields(start.number, start.last))


def _write_start(session: Session, keys: Keys, number: int, last: bytes) -> None:
    mac = sign(keys, *_start_fields(number, last))
    put_over(session, TRAIL_START, [{"id": _ONLY_ROW, "number": number, "last": last, "mac": mac}])


def _start_fields(number: int, last: bytes) -> Fields:
    return ("trail start", number, last)


def _fields(row: dict[str, Any]) -> Fields:
    """Return what the MAC of an action covers."""
    whose = []
    for name in ("gemeente_id", "actor_id", "person_id"):
        # no number stands for nobody: any could be somebody's id
        whose.append("" if row[name] is None else row[name])
    return (
        "beheer action",
        row["number"],
        row["day"].isoformat(),
        *whose,
        row["what"],
        row["detail"],
        row["previous"],
    )
