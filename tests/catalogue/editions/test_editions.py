"""Editions: when a run opens, when it closes, and which wording it shows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from kopkrakers.base.db import Database
from kopkrakers.base.errors import NotYours
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import (
    DAY,
    EDITION,
    PublishedEdition,
    card_of_edition,
    latest_edition,
    numbered_edition,
    open_edition,
    renew_editions,
    shown_card,
)
from kopkrakers.catalogue.editions.models import CalendarDay, Edition
from kopkrakers.catalogue.library import Library
from kopkrakers.privacy.rules import EDITION_WEEKS
from tests.support.cards import Change, open_editions, tick

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
SLUG = "een-plek"


def plan_for(database: Database, *days: date, slug: str = SLUG) -> None:
    """Put a dilemma on the calendar by hand."""
    with database.transaction() as session:
        session.add_all(CalendarDay(day=day, dilemma=slug) for day in days)


def renew(database: Database, library: Library, today: date) -> None:
    with database.transaction() as session:
        renew_editions(session, library, today)


def editions_of(database: Database, slug: str = SLUG) -> list[PublishedEdition]:
    with database.reading() as session:
        rows = session.connection().execute(
            select(EDITION.c.number).where(EDITION.c.dilemma == slug).order_by(EDITION.c.number)
        )
        found = [numbered_edition(session, slug, row.number) for row in rows]
    return [edition for edition in found if edition is not None]


def open_one(database: Database, library: Library) -> PublishedEdition:
    plan_for(database, MONDAY)
    renew(database, library, MONDAY)
    return editions_of(database)[-1]


def live(library: Library) -> Card:
    card = library.card(SLUG)
    assert card is not None
    return card


def test_a_planned_day_opens_an_edition_for_half_a_year(
    database: Database, library: Library
) -> None:
    edition = open_one(database, library)
    assert (edition.number, edition.card_edition, edition.opens_on) == (1, 1, MONDAY)
    assert edition.closes_on == MONDAY + timedelta(weeks=EDITION_WEEKS)
    assert (edition.digest, edition.source) == (live(library).digest, live(library).source)


def test_renewing_twice_opens_nothing_more(database: Database, library: Library) -> None:
    open_one(database, library)
    renew(database, library, MONDAY)
    renew(database, library, TUESDAY)
    assert len(editions_of(database)) == 1


def test_an_edition_is_open_until_the_day_it_closes(database: Database, library: Library) -> None:
    edition = open_one(database, library)
    last = edition.closes_on - timedelta(days=1)
    with database.reading() as session:
        assert open_edition(session, SLUG, last) == edition
        assert open_edition(session, SLUG, edition.closes_on) is None
        assert open_edition(session, SLUG, MONDAY - timedelta(days=1)) is None
        assert latest_edition(session, SLUG, edition.closes_on) == edition
    assert edition.is_open(last)
    assert not edition.is_open(edition.closes_on)


def test_being_planned_again_closes_the_edition_and_opens_the_next(
    database: Database, library: Library
) -> None:
    open_one(database, library)
    plan_for(database, TUESDAY)
    renew(database, library, TUESDAY)
    first, second = editions_of(database)
    assert (first.frozen, second.frozen, second.number, second.opens_on) == (
        True,
        False,
        2,
        TUESDAY,
    )
    with database.reading() as session:
        assert open_editions(session, TUESDAY) == [second]


def test_raising_editie_closes_the_edition_and_opens_the_next_today(
    database: Database, library: Library, change: Change
) -> None:
    open_one(database, library)
    change(SLUG, "Hij wil vandaag", "Hij wil morgen")
    change(SLUG, "editie: 1", "editie: 2")
    renew(database, library, TUESDAY)
    first, second = editions_of(database)
    assert first.frozen
    assert (second.card_edition, second.opens_on, second.digest) == (
        2,
        TUESDAY,
        live(library).digest,
    )
    assert "morgen" in card_of_edition(library, second).story_text
    assert "vandaag" in card_of_edition(library, first).story_text


def test_other_words_under_the_same_editie_change_nothing_and_are_logged(
    database: Database, library: Library, change: Change
) -> None:
    edition = open_one(database, library)
    change(SLUG, "Hij wil vandaag", "Hij wil morgen")
    with capture_logs() as logs:
        renew(database, library, TUESDAY)
    assert editions_of(database) == [edition]
    assert "vandaag" in card_of_edition(library, edition).story_text
    assert "wording_changed_without_edition" in {log["event"] for log in logs}


def test_other_words_under_the_same_editie_are_not_counted_in_a_later_run_either(
    database: Database, library: Library, change: Change
) -> None:
    open_one(database, library)
    change(SLUG, "Hij wil vandaag", "Hij wil morgen")
    plan_for(database, TUESDAY)
    renew(database, library, TUESDAY)
    first, second = editions_of(database)
    assert (second.digest, second.source, second.card_edition) == (first.digest, first.source, 1)


def test_knowledge_may_change_without_a_new_edition_and_is_live_at_once(
    database: Database, library: Library, change: Change
) -> None:
    edition = open_one(database, library)
    change(SLUG, "Gemeten bij een groep", "Gezien bij een groep")
    renew(database, library, TUESDAY)
    assert editions_of(database) == [edition]
    assert card_of_edition(library, edition).research[0].text.startswith("Gezien")


def test_a_day_on_which_nothing_ran_still_gets_its_edition(
    database: Database, library: Library
) -> None:
    plan_for(database, MONDAY)
    renew(database, library, MONDAY + timedelta(days=3))
    (edition,) = editions_of(database)
    assert (edition.opens_on, edition.closes_on) == (
        MONDAY,
        MONDAY + timedelta(weeks=EDITION_WEEKS),
    )


def test_a_day_of_weeks_ago_is_not_opened_any_more(database: Database, library: Library) -> None:
    plan_for(database, MONDAY)
    renew(database, library, MONDAY + timedelta(days=8))
    assert editions_of(database) == []


def test_a_withdrawn_card_opens_no_edition(
    database: Database, library: Library, change: Change
) -> None:
    change(SLUG, "editie: 1", "editie: 1\ningetrokken: ja")
    plan_for(database, MONDAY)
    renew(database, library, MONDAY)
    assert editions_of(database) == []


def test_a_withdrawn_dilemma_is_gone_for_pages_but_not_for_the_counter(
    database: Database, library: Library, change: Change
) -> None:
    edition = open_one(database, library)
    change(SLUG, "editie: 1", "editie: 1\ningetrokken: ja")
    with pytest.raises(NotYours):
        shown_card(library, edition)
    card = card_of_edition(library, edition)
    assert card.withdrawn
    assert card.option_codes == ("a", "b", "c", "x")


def test_the_words_of_an_edition_stay_when_the_file_is_gone(
    database: Database, library: Library
) -> None:
    edition = open_one(database, library)
    (library.folder / f"{SLUG}.md").unlink()
    assert shown_card(library, edition).title == "Eén plek, twee mensen"
    assert shown_card(library, edition).cover_svg.startswith("<svg")


def test_the_words_of_an_edition_stay_when_their_theme_is_gone(
    database: Database, library: Library, change: Change
) -> None:
    edition = open_one(database, library)
    change(SLUG, "thema: Werk en verdringing", "thema: Samen wonen")
    change(SLUG, "Hij wil vandaag", "Hij wil morgen")
    (library.folder / "themas.yaml").write_text("- Samen wonen\n", encoding="utf-8")
    assert shown_card(library, edition).theme == "Werk en verdringing"


def test_kept_words_that_cannot_be_read_are_a_missing_page(
    database: Database, library: Library
) -> None:
    edition = Edition(
        dilemma="weg",
        number=1,
        card_edition=1,
        digest="0",
        source="kapot",
        opens_on=MONDAY,
        closes_on=TUESDAY,
    )
    with pytest.raises(NotYours), capture_logs():
        card_of_edition(library, edition)


def test_an_edition_frozen_by_a_restore_goes_on_as_the_next(
    database: Database, library: Library
) -> None:
    open_one(database, library)
    with database.transaction() as session:
        session.connection().execute(update(EDITION).values(frozen=True))
    renew(database, library, TUESDAY)
    renew(database, library, TUESDAY)
    first, second = editions_of(database)
    assert (first.frozen, second.frozen, second.opens_on) == (True, False, TUESDAY)


def test_a_card_that_comes_round_again_counts_on_in_editions(
    database: Database, library: Library
) -> None:
    for step in range(21):
        tick(database, library, MONDAY + timedelta(days=step))
    with database.reading() as session:
        days = session.connection().execute(
            select(DAY.c.dilemma).where(DAY.c.day < MONDAY + timedelta(days=21))
        )
        times = [row.dilemma for row in days].count(SLUG)
        taking = open_editions(session, MONDAY + timedelta(days=20))
    assert [edition.number for edition in editions_of(database)] == list(range(1, times + 1))
    of_cards = [edition.dilemma for edition in taking if not edition.chapter]
    assert sorted(of_cards) == sorted(library.cards())
