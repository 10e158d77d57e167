"""The next dilemmas of the calendar: the one that shows today, and the one after it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Rows
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import (
    first_working_day,
    last_working_day,
    period_of,
)
from kopkrakers.catalogue.library import Library

_DAYS_READ = 12
"""Planned days from the one that shows: more than two weeks of working days."""
_FROM = (
    select(DAY.c.day, DAY.c.dilemma)
    .where(DAY.c.day >= bindparam("start"))
    .order_by(DAY.c.day)
    .limit(_DAYS_READ)
)


@dataclass(frozen=True)
class ComingDilemma:
    """The slug of the dilemma that shows, and the day and card of the next.

    `shown` is None where the calendar has a gap. `card` is None where nothing is planned, or was
    withdrawn since: the calendar will give that day another.
    """

    shown: str | None
    day: date
    card: Card | None


def coming(session: Rows, library: Library, today: date, rhythm: Rhythm) -> ComingDilemma:
    """Return what shows on a day and what comes after it, to whoever has this rhythm."""
    start, after = period_of(last_working_day(today), rhythm)
    planned = session.connection().execute(_FROM, {"start": start}).all()
    shown = None
    for row in planned:
        if row.day >= after:
            return ComingDilemma(shown, row.day, library.card(row.dilemma))
        # of a period only the first day shows
        shown = shown or row.dilemma
    return ComingDilemma(shown, first_working_day(after), None)
