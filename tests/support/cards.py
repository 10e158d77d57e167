"""A folder of cards that is looked at on every question, and helpers to change it."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.chair_weeks import plan_chair_weeks
from kopkrakers.catalogue.editions.chapters import open_chapters
from kopkrakers.catalogue.editions.editions import (
    COLUMNS,
    EDITION,
    PublishedEdition,
    renew_editions,
)
from kopkrakers.catalogue.library import REREAD_AFTER, Library

Change = Callable[[str, str, str], None]
"""Replaces an old text in the card with this slug by a new one."""


class EverLater:
    """Seconds of which enough have gone by at every question."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += REREAD_AFTER
        return self.now


def open_editions(session: Session, today: date) -> list[PublishedEdition]:
    """Return every edition that takes answers today, in the order they opened."""
    rows = session.execute(select(*COLUMNS).order_by(EDITION.c.opens_on, EDITION.c.dilemma))
    editions = [PublishedEdition(*tuple(row)) for row in rows]
    return [edition for edition in editions if edition.is_open(today)]


def tick(database: Database, library: Library, today: date) -> None:
    """Do what the counter does with the calendar at every tick."""
    with database.transaction() as session:
        plan_calendar(session, library, today)
        plan_chair_weeks(session, library, today)
        renew_editions(session, library, today)
        open_chapters(session, library, today)


def tick_at_once(database: Database, library: Library, today: date) -> list[BaseException]:
    """Tick in four threads that begin together; return what went wrong in them."""
    begin, faults = Barrier(4), list[BaseException]()

    def run() -> None:
        begin.wait()
        try:
            tick(database, library, today)
        except BaseException as error:  # noqa: BLE001
            faults.append(error)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults
