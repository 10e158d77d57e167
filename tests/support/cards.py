"""A folder of cards that is looked at on every question, and helpers to change it."""

from collections.abc import Callable
from datetime import date

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import plan_calendar, renew_editions
from kopkrakers.catalogue.library import LOOK_AGAIN, Library

Change = Callable[[str, str, str], None]
"""Replaces an old text in the card with this slug by a new one."""


class EverLater:
    """Seconds of which enough have gone by at every question."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += LOOK_AGAIN
        return self.now


def tick(database: Database, library: Library, today: date) -> None:
    """Do what the counter does with the calendar at every tick."""
    with database.transaction() as session:
        plan_calendar(session, library, today)
        renew_editions(session, library, today)
