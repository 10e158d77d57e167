"""Browser sessions in the database: begin one, find whose it is, list and end them.

A row names nobody. It stands under a pseudonym of the person, and its day is written later, in a
batch (`accounts.pages.browser.session`): neither a copy of the database nor the order of its rows
tells who came when, which would say who took part.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts.chain.signing import account_holds
from kopkrakers.accounts.models import BROWSER_SESSION, USER, Role, Status
from kopkrakers.accounts.second_step.requiring import owes_second_step
from kopkrakers.accounts.visitor import Visitor, visitor_from, visitors
from kopkrakers.base.clock import IDLE_DAYS, amsterdam_day
from kopkrakers.base.db import ID_LENGTH, changed
from kopkrakers.base.keys import Keys

IDLE_DAYS_OF_STRONG_ROLES = 14
STRONG_ROLES = frozenset({Role.BEGELEIDER, Role.BEHEERDER, Role.REDACTEUR, Role.ONDERZOEKER})
"""Roles that see or change more than what is their own."""
OTHER_DEVICE = "Ander toestel"
DEVICES = (
    (re.compile("iPhone"), "iPhone"),
    (re.compile("iPad"), "iPad"),
    (re.compile("Android.*Mobile"), "Android-telefoon"),
    (re.compile("Android"), "Android-tablet"),
    (re.compile("Windows"), "Windows-computer"),
    (re.compile("CrOS"), "Chromebook"),
    (re.compile("Macintosh"), "Mac"),
    (re.compile("Linux"), "Linux-computer"),
)
"""Patterns of the name that a browser gives itself, each with the coarse name that is kept."""

NIGHT_ENDS = timedelta(hours=5)
"""Until this hour a check counts for the day before: in the night each provider is asked."""

_FIND = (
    visitors()
    .add_columns(
        and_(BROWSER_SESSION.c.checked.is_(None), owes_second_step(bindparam("today"))).label(
            "owes_second_step"
        )
    )
    .join(BROWSER_SESSION, BROWSER_SESSION.c.generation == USER.c.generation)
    .where(
        BROWSER_SESSION.c.id_hash == bindparam("id_hash"),
        USER.c.id == bindparam("user_id"),
        USER.c.status == Status.ACTIVE.value,
        or_(
            BROWSER_SESSION.c.checked.is_(None),
            BROWSER_SESSION.c.checked >= bindparam("check_day"),
        ),
    )
)
_WRITE_DAY = (
    update(BROWSER_SESSION)
    .where(
        BROWSER_SESSION.c.id_hash == bindparam("of"),
        BROWSER_SESSION.c.last_day < bindparam("day"),
    )
    .values(last_day=bindparam("day"), person=bindparam("by"))
)


@dataclass(frozen=True)
class UsedSession:
    """A browser session of a person, and a day on which it was used."""

    id_hash: str
    user_id: int
    day: date


@dataclass(frozen=True)
class ByProvider:
    """A sign-in with a work account: the day for which the provider knew its owner.

    `renewal`: by what the provider can be asked again, sealed; None when it gave nothing.
    """

    checked: date
    renewal: bytes | None


@dataclass(frozen=True)
class OwnBrowser:
    """A browser session as its owner sees it."""

    id_hash: str
    device: str
    last_day: date


def hash_of(browser_id: str) -> str:
    """Return what the database keeps of the id in a cookie."""
    return sha256(browser_id.encode()).hexdigest()


def browser_pseudonym(key: bytes, user_id: int) -> str:
    """Return the pseudonym of a person: HMAC-SHA256, its first 128 bits in hex."""
    text = f"kopkrakers browser\0{user_id}"
    return digest(key, text.encode(), sha256).hex()[:ID_LENGTH]


def device_of(user_agent: str) -> str:
    """Return a coarse name of the device on which a browser with this name runs."""
    for pattern, name in DEVICES:
        if pattern.search(user_agent):
            return name
    return OTHER_DEVICE


def idle_days(roles: Iterable[str]) -> int:
    """Return after how many days without use someone with these roles is signed out."""
    if STRONG_ROLES & set(roles):
        return IDLE_DAYS_OF_STRONG_ROLES
    return IDLE_DAYS


# D-92
def check_day(now: datetime) -> date:
    """Return the day for which a provider must have known who signed in with a work account."""
    return amsterdam_day(now - NIGHT_ENDS)


def begin_browser(
    session: Session,
    visitor: Visitor,
    *,
    id_hash: str,
    device: str,
    today: date,
    keys: Keys,
    by: ByProvider | None = None,
) -> None:
    """Keep a browser session; what "overal uitloggen" or a new password ended goes.

    `by`: how its owner signed in, when that was with a work account.
    """
    end_those_of_before(session, visitor.id, keys)
    row = {
        "id_hash": id_hash,
        "person": browser_pseudonym(keys.current, visitor.id),
        "generation": visitor.generation,
        "last_day": today,
        "device": device,
        "checked": by.checked if by else None,
        "renewal": by.renewal if by else None,
    }
    session.execute(insert(BROWSER_SESSION).values(row))


def whose_browser(
    connection: Any, *, id_hash: str, user_id: int, now: datetime, row_keys: Keys
) -> Visitor | None:
    """Return whose session this is.

    None when it ended, when its provider did not know its owner in the last night, and when the
    account does not count any more or was altered.
    """
    parameters = {
        "id_hash": id_hash,
        "user_id": user_id,
        "check_day": check_day(now),
        "today": amsterdam_day(now),
    }
    account = connection.execute(_FIND, parameters).first()
    if account is None or not account_holds(row_keys, account):
        return None
    return replace(visitor_from(account), owes_second_step=bool(account.owes_second_step))


def end_browser(session: Session, id_hash: str) -> None:
    """End a browser session, whoever's it is."""
    session.execute(delete(BROWSER_SESSION).where(BROWSER_SESSION.c.id_hash == id_hash))


def end_own_browser(session: Session, visitor: Visitor, id_hash: str, keys: Keys) -> bool:
    """End one of this person's browser sessions. Return whether there was one."""
    own = and_(BROWSER_SESSION.c.id_hash == id_hash, _of(visitor.id, keys))
    return changed(session.execute(delete(BROWSER_SESSION).where(own))) == 1


def end_those_of_before(session: Session, user_id: int, keys: Keys) -> None:
    """Delete the rows of sessions that do not count any more, because the generation rose."""
    now = select(USER.c.generation).where(USER.c.id == user_id).scalar_subquery()
    of_before = and_(_of(user_id, keys), BROWSER_SESSION.c.generation < now)
    session.execute(delete(BROWSER_SESSION).where(of_before))


def own_browsers(session: Session, visitor: Visitor, now: datetime, keys: Keys) -> list[OwnBrowser]:
    """Return where this person is signed in, what was used last first."""
    oldest = amsterdam_day(now) - timedelta(days=idle_days(visitor.roles))
    statement = select(BROWSER_SESSION).where(
        _of(visitor.id, keys),
        BROWSER_SESSION.c.generation == visitor.generation,
        BROWSER_SESSION.c.last_day >= oldest,
        or_(BROWSER_SESSION.c.checked.is_(None), BROWSER_SESSION.c.checked >= check_day(now)),
    )
    rows = session.execute(
        statement.order_by(BROWSER_SESSION.c.last_day.desc(), BROWSER_SESSION.c.id_hash)
    )
    own = []
    for row in rows:
        own.append(OwnBrowser(row.id_hash, row.device, row.last_day))
    return own


# D-63
def write_days(session: Session, seen: Iterable[UsedSession], today: date, keys: Keys) -> None:
    """Write on which day each session was used, and delete those that nobody used for long.

    In the order of the hashes, which is that of nothing else. A session that ended meanwhile stays
    ended. The pseudonym is written anew, so that it follows when the secret is replaced.
    """
    days = []
    # by hash: the order in which people came is kept nowhere, and two processes lock alike
    for one in sorted(seen, key=lambda one: one.id_hash):
        person = browser_pseudonym(keys.current, one.user_id)
        days.append({"of": one.id_hash, "day": one.day, "by": person})
    if days:
        session.connection().execute(_WRITE_DAY, days)
    oldest = today - timedelta(days=IDLE_DAYS)
    session.execute(delete(BROWSER_SESSION).where(BROWSER_SESSION.c.last_day < oldest))


def _of(user_id: int, keys: Keys) -> Any:
    return BROWSER_SESSION.c.person.in_([browser_pseudonym(key, user_id) for key in keys.all])
