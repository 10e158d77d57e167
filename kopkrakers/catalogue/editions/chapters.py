"""Editions of chapters: after its new fact, who answered a card chooses again and is counted again.

All chapters of a card get their edition when its own opens, with the numbers that follow. Each
opens a working day later than the one before, and they close together.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import starmap

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.base.db import Rows, insert_once
from kopkrakers.base.errors import NotYours
from kopkrakers.catalogue.editions.editions import (
    CATCH_UP_DAYS,
    COLUMNS,
    EDITION,
    OF_CARD,
    PublishedEdition,
    card_of_edition,
    last_editions,
)
from kopkrakers.catalogue.editions.working_days import first_working_day
from kopkrakers.catalogue.library import Library

_first_number = EDITION.c.number - EDITION.c.chapter
_CHAPTERS = (
    select(*COLUMNS)
    .where(EDITION.c.dilemma == bindparam("dilemma"), ~OF_CARD, _first_number == bindparam("first"))
    .order_by(EDITION.c.chapter)
)
_WITH_CHAPTERS = select(EDITION.c.dilemma, _first_number).where(~OF_CARD)


# D-136
def open_chapters(session: Session, library: Library, today: date) -> None:
    """Give the chapters of every card whose edition opened in these days an edition of their own.

    Older ones get none: their people answered too long ago. Doing it twice changes nothing.
    """
    young = []
    for edition in last_editions(session).values():
        is_old = edition.opens_on <= today - timedelta(days=CATCH_UP_DAYS)
        if edition.is_open(today) and not is_old:
            young.append(edition)
    if not young:
        return
    known = set(map(tuple, session.connection().execute(_WITH_CHAPTERS)))
    for edition in young:
        if (edition.dilemma, edition.number) not in known:
            _open_chapters_of(session, library, edition, today)


def chapters_of(session: Rows, dilemma: str, first: int) -> list[PublishedEdition]:
    """Return the editions of the chapters of a card in order, those still to open among them.

    `first`: the number of the edition of the card itself.
    """
    rows = session.connection().execute(_CHAPTERS, {"dilemma": dilemma, "first": first})
    return list(starmap(PublishedEdition, rows))


def told_on(session: Session, today: date) -> set[tuple[str, int]]:
    """Return the cards of which a chapter was told by a day: dilemma, and number of the edition."""
    told = _WITH_CHAPTERS.where(EDITION.c.opens_on <= today)
    return set(session.connection().execute(told).all())


def days_of_chapters(opens_on: date, chapters: int) -> Sequence[date]:
    """Return the days on which so many chapters open, of a card that opens on a day."""
    days = []
    day = opens_on
    for _ in range(chapters):
        day = first_working_day(day + timedelta(days=1))
        days.append(day)
    return days


def _open_chapters_of(
    session: Session, library: Library, edition: PublishedEdition, today: date
) -> None:
    try:
        card = card_of_edition(library, edition)
    except NotYours:
        # its wording cannot be read any more, so nobody can answer it either
        return
    # those of two chairs are counted apart, and a chapter is of everybody
    if card.withdrawn or card.has_two_chairs:
        return
    # a day that was missed opens late: then its people could answer it today at the earliest
    days = days_of_chapters(max(edition.opens_on, today), len(card.chapters))
    for chapter, day in enumerate(days, start=1):
        row = {
            **vars(edition),
            "number": edition.number + chapter,
            "chapter": chapter,
            "opens_on": day,
        }
        insert_once(session, EDITION, row)
