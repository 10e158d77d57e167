"""What the personas ask for, and moments at which it is due."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from kopkrakers.base.db import Database
from kopkrakers.reminders.models import REMINDER, Kind
from kopkrakers.reminders.rules import JITTER_MINUTES, MONDAY, moment_of
from kopkrakers.reminders.service import Wish, ask_for
from tests.support.pages import Site

NINE = 9 * 60
SUNDAY = date(2026, 11, 22)
THIS_MONDAY = date(2026, 11, 23)
THIS_FRIDAY = date(2026, 11, 27)


def wants_mail(
    database: Database, *user_ids: int, on: int = MONDAY, at: int = NINE, since: date = SUNDAY
) -> None:
    """These people ask for the weekly mail."""
    with database.transaction() as session:
        for user_id in user_ids:
            ask_for(session, user_id, Kind.MAIL, Wish(at, on), since)


def after(day: date, at: int = NINE, *, minutes: int = JITTER_MINUTES) -> datetime:
    """The moment so long after a time of day; by default all of that time are due then."""
    return moment_of(day, at) + timedelta(minutes=minutes)


def sent_on(database: Database) -> list[date | None]:
    """The day of the last message of everybody."""
    with database.reading() as session:
        return list(session.execute(select(REMINDER.c.sent_on)).scalars())


def title(site: Site) -> str:
    """The title of a site's dilemma."""
    card = site.state.library.card(site.slug)
    assert card is not None
    return str(card.title)
