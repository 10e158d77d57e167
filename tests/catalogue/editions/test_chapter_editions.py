"""Editions of chapters: when they open, and that nothing takes them for the edition of a card."""

from datetime import date, timedelta

from sqlalchemy import select, update

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.catalogue.editions.chapters import chapters_of, open_chapters
from kopkrakers.catalogue.editions.editions import (
    CATCH_UP_DAYS,
    EDITION,
    PublishedEdition,
    last_editions,
    latest_edition,
    numbered_edition,
    open_edition,
    renew_editions,
)
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.catalogue.library import Library
from tests.support.cards import Change

MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)
SLUG = "samen-thuis"
"""A card with two chapters."""
WITHOUT = "een-plek"


def plan(database: Database, day: date, slug: str = SLUG) -> None:
    with database.transaction() as session:
        session.add(CalendarDay(day=day, dilemma=slug))


def renew(database: Database, library: Library, today: date) -> None:
    with database.transaction() as session:
        renew_editions(session, library, today)
        open_chapters(session, library, today)


def chapters(database: Database, first: int = 1, slug: str = SLUG) -> list[PublishedEdition]:
    with database.reading() as session:
        return chapters_of(session, slug, first)


def numbers(database: Database) -> list[tuple[int, int]]:
    """Every edition of the card by its number and chapter."""
    columns = (EDITION.c.number, EDITION.c.chapter)
    with database.reading() as session:
        rows = session.execute(select(*columns).where(EDITION.c.dilemma == SLUG))
        return sorted(tuple(row) for row in rows)


def test_each_chapter_opens_a_working_day_later_and_all_close_together(
    database: Database, library: Library
) -> None:
    plan(database, FRIDAY)
    renew(database, library, FRIDAY)
    first, second = chapters(database)
    # over the weekend
    assert (first.opens_on, second.opens_on) == (
        FRIDAY + timedelta(days=3),
        FRIDAY + timedelta(days=4),
    )
    with database.reading() as session:
        of_card = latest_edition(session, SLUG, FRIDAY)
    assert of_card is not None
    for chapter in (first, second):
        assert (chapter.closes_on, chapter.digest, chapter.source) == (
            of_card.closes_on,
            of_card.digest,
            of_card.source,
        )
    assert not first.is_open(FRIDAY)
    assert first.is_open(FRIDAY + timedelta(days=3))


def test_looking_again_opens_no_more_and_a_card_without_chapters_has_none(
    database: Database, library: Library
) -> None:
    plan(database, MONDAY)
    plan(database, MONDAY - timedelta(days=3), WITHOUT)
    for day in (MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        renew(database, library, day)
    assert numbers(database) == [(1, 0), (2, 1), (3, 2)]
    assert chapters(database, slug=WITHOUT) == []


def test_nothing_takes_a_chapter_for_the_edition_of_a_card(
    database: Database, library: Library
) -> None:
    plan(database, MONDAY)
    renew(database, library, MONDAY)
    later = MONDAY + timedelta(days=2)
    with database.reading() as session:
        found = [
            open_edition(session, SLUG, later),
            latest_edition(session, SLUG, later),
            last_editions(session)[SLUG],
        ]
        of_day = dilemma_of_day(session, library, later, Rhythm.DAILY)
        entries = archive(session, library, later)
        by_number = [numbered_edition(session, SLUG, number) for number in (1, 2, 3)]
    assert [edition.number for edition in found if edition is not None] == [1, 1, 1]
    assert of_day is not None
    assert of_day.edition.number == 1
    assert [(entry.card.slug, entry.edition_number) for entry in entries] == [(SLUG, 1)]
    assert [edition is not None for edition in by_number] == [True, False, False]


def test_the_next_edition_closes_chapters_too_and_has_its_own(
    database: Database, library: Library, change: Change
) -> None:
    plan(database, MONDAY)
    renew(database, library, MONDAY)
    change(SLUG, "editie: 1", "editie: 2")
    change(SLUG, "nog een antwoord", "nog een besluit")
    tuesday = MONDAY + timedelta(days=1)
    renew(database, library, tuesday)
    assert numbers(database) == [(1, 0), (2, 1), (3, 2), (4, 0), (5, 1), (6, 2)]
    assert all(chapter.frozen for chapter in chapters(database))
    assert [chapter.opens_on for chapter in chapters(database, 4)] == [
        tuesday + timedelta(days=1),
        tuesday + timedelta(days=2),
    ]


def test_after_a_restore_the_card_and_its_chapters_begin_again(
    database: Database, library: Library
) -> None:
    plan(database, MONDAY)
    renew(database, library, MONDAY)
    with database.transaction() as session:
        session.execute(update(EDITION).values(frozen=True))
    renew(database, library, MONDAY + timedelta(days=1))
    assert numbers(database) == [(1, 0), (2, 1), (3, 2), (4, 0), (5, 1), (6, 2)]
    assert not any(chapter.frozen for chapter in chapters(database, 4))


def test_chapters_that_were_missed_come_soon_and_those_of_long_ago_never(
    database: Database, library: Library
) -> None:
    plan(database, MONDAY)
    with database.transaction() as session:
        renew_editions(session, library, MONDAY)
    long_after = MONDAY + timedelta(days=CATCH_UP_DAYS)
    renew(database, library, long_after)
    assert chapters(database) == []
    wednesday = MONDAY + timedelta(days=2)
    renew(database, library, wednesday)
    assert [chapter.opens_on for chapter in chapters(database)] == [
        wednesday + timedelta(days=1),
        wednesday + timedelta(days=2),
    ]


def test_a_card_that_was_withdrawn_tells_nothing_more(
    database: Database, library: Library, change: Change
) -> None:
    plan(database, MONDAY)
    with database.transaction() as session:
        renew_editions(session, library, MONDAY)
    change(SLUG, "editie: 1", "editie: 1\ningetrokken: ja")
    renew(database, library, MONDAY)
    assert chapters(database) == []
