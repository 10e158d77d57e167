"""Planning editions on the days of a database, and reading them back."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import edition_of_day, plan_calendar
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.library import Library

MONDAY = date(2026, 11, 23)


def days_of(database: Database) -> Mapping[date, str]:
    with database.reading() as session:
        rows = session.connection().execute(select(DAY.c.day, DAY.c.dilemma).order_by(DAY.c.day))
        return {row.day: row.dilemma for row in rows}


def plan(database: Database, library: Library, today: date, days: int = 28) -> Mapping[date, str]:
    with database.transaction() as session:
        plan_calendar(session, library, today, days=days)
    return days_of(database)


def shown(database: Database, today: date, rhythm: Rhythm = Rhythm.DAILY) -> str | None:
    with database.reading() as session:
        edition = edition_of_day(session, today, rhythm)
    return edition.dilemma if edition else None
