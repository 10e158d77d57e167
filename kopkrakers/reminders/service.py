"""Reminders as people choose them. None is there until somebody asks for it."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlmodel import Session

from kopkrakers.base.db import changed, put_over
from kopkrakers.reminders.feed.service import revoke_feed
from kopkrakers.reminders.models import REMINDER, TEAM_HOOK, Kind


@dataclass(frozen=True)
class Wish:
    """The wishes of somebody; each field as in `Reminder`."""

    at: int
    weekday: int | None = None
    sealed: bytes | None = None


def wishes_of(session: Session, user_id: int) -> dict[str, Wish]:
    """Return what a person asked for, by kind."""
    statement = select(REMINDER).where(REMINDER.c.user_id == user_id)
    wishes = {}
    for row in session.execute(statement):
        wishes[row.kind] = Wish(row.at, row.weekday, row.sealed)
    return wishes


# D-78
def ask_for(session: Session, user_id: int, kind: Kind, wish: Wish, today: date) -> None:
    """Remind a person from the next working day on.

    Today counts as sent: whoever switches off and on, or moves the time, gets no second message.
    """
    row = {"user_id": user_id, "kind": kind, "sent_on": today, **asdict(wish)}
    put_over(session, REMINDER, [row])


def stop(session: Session, user_id: int, kind: Kind) -> bool:
    """Remind a person no longer in this way, and keep nothing of it. Return whether they were."""
    own = (REMINDER.c.user_id == user_id, REMINDER.c.kind == kind)
    return changed(session.execute(delete(REMINDER).where(*own))) == 1


def forget_person(session: Session, user_id: int) -> None:
    """Remove all that is kept of a person, whose account goes."""
    session.execute(delete(REMINDER).where(REMINDER.c.user_id == user_id))
    # also the secret address of a calendar, which a device goes on asking for
    revoke_feed(session, user_id)


def claim_everything(session: Session, today: date) -> None:
    """Let nobody be reminded today: a backup that was put back does not know who was already."""
    for each in (REMINDER, TEAM_HOOK):
        session.execute(update(each).values(sent_on=today))


def is_anything_wanted(session: Session) -> bool:
    """Whether anybody asked for a reminder, or for messages to a team."""
    return bool(kinds_wanted(session)) or has_team_hooks(session)


def kinds_wanted(session: Session) -> frozenset[str]:
    """Return the kinds of reminder that somebody asked for."""
    return frozenset(session.execute(select(REMINDER.c.kind).distinct()).scalars())


def has_team_hooks(session: Session) -> bool:
    """Whether any team is to hear of its dilemma."""
    return session.execute(select(TEAM_HOOK.c.at).limit(1)).first() is not None
