"""Calendar feeds: make one, change its time, revoke it, and what stands in it."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER, Status
from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.base.db import changed, put_over
from kopkrakers.base.errors import NotYours
from kopkrakers.catalogue.editions.calendar import PLANNED_DAYS
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.rhythm import reminded_days
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.feed.models import CALENDAR_FEED

NO_SUCH_FEED = "Deze agendalink werkt niet meer. Bij Account maak je een nieuwe."
UNKNOWN_TITLE = "Het dilemma van de dag"
UID_CHARACTERS = 32


@dataclass(frozen=True)
class Feed:
    """A feed behind a secret address: whose it is, and when in the day. `name` starts its UIDs."""

    user_id: int
    at: int
    name: str


@dataclass(frozen=True)
class Entry:
    """A dilemma in a feed: its day, its title, and an id that stays the same."""

    day: date
    title: str
    uid: str


def make_feed(session: Session, user_id: int, at: int) -> str:
    """Give a person a feed and return its secret, shown this once; an earlier address stops."""
    token = new_token()
    row = {"user_id": user_id, "token_hash": token_hash(token), "at": at}
    put_over(session, CALENDAR_FEED, [row])
    return token


def change_time(session: Session, user_id: int, at: int) -> None:
    """Move the time of this person's feed; its address stays. Raises: NotYours without one."""
    moved = update(CALENDAR_FEED).where(CALENDAR_FEED.c.user_id == user_id).values(at=at)
    if changed(session.execute(moved)) != 1:
        raise NotYours


def revoke_feed(session: Session, user_id: int) -> None:
    """Let the address of this person's feed stop, and keep nothing of it."""
    session.execute(delete(CALENDAR_FEED).where(CALENDAR_FEED.c.user_id == user_id))


def time_of_feed(session: Session, user_id: int) -> int | None:
    """Return the time of this person's feed; None without one."""
    statement = select(CALENDAR_FEED.c.at).where(CALENDAR_FEED.c.user_id == user_id)
    return session.execute(statement).scalar()


def find_feed(session: Session, token: str) -> Feed:
    """Return the feed behind a secret address.

    Raises: NotYours when it was revoked, renewed or never there, and while the account is blocked.
    """
    statement = (
        select(CALENDAR_FEED)
        .join(USER, USER.c.id == CALENDAR_FEED.c.user_id)
        .where(CALENDAR_FEED.c.token_hash == token_hash(token), USER.c.status == Status.ACTIVE)
    )
    row = session.execute(statement).first()
    if row is None:
        raise NotYours(NO_SUCH_FEED)
    # the name in the UIDs is a hash of the hash: who shares a file shares no key to the table
    return Feed(row.user_id, row.at, sha256(row.token_hash.encode()).hexdigest())


def entries_of(session: Session, library: Library, feed: Feed, today: date) -> list[Entry]:
    """Return the dilemmas of the coming weeks that this person is to hear of, the first day first.

    Days without one and days of a pause have no entry. Nothing in it depends on any answer.
    """
    statement = (
        select(DAY.c.day, DAY.c.dilemma)
        .where(DAY.c.day >= today, DAY.c.day < today + timedelta(days=PLANNED_DAYS))
        .order_by(DAY.c.day)
    )
    planned = dict(session.execute(statement).all())
    entries = []
    for day in reminded_days(session, feed.user_id, planned):
        card = library.card(planned[day])
        # by the day and not by the card: where that changes, the entry in a calendar does too
        uid = sha256(f"{feed.name} {day}".encode()).hexdigest()[:UID_CHARACTERS]
        entries.append(Entry(day, card.title_in_list if card else UNKNOWN_TITLE, uid))
    return entries
