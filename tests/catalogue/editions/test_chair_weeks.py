"""The dilemma of a week from the chair of leidinggevenden: planned, opened, and never a day's."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.chair_weeks import PLANNED_WEEKS
from kopkrakers.catalogue.editions.editions import CHAIR_WEEK, DAY, latest_edition
from kopkrakers.catalogue.library import Library
from tests.support.cards import Change, tick

MONDAY = date(2026, 11, 23)
OF_LEADERS = ("een-plek", "paar-uur")


@pytest.fixture
def library(library: Library, change: Change) -> Library:
    """Two cards are told by a leidinggevende, and two by a klantmanager."""
    for slug in OF_LEADERS:
        change(slug, "doelgroep: [klantmanager]", "doelgroep: [leidinggevende]")
    return library


def weeks_of(database: Database) -> Mapping[date, str]:
    with database.reading() as session:
        rows = session.execute(select(CHAIR_WEEK).order_by(CHAIR_WEEK.c.monday)).all()
    return {row.monday: row.dilemma for row in rows}


def test_every_week_has_one_and_no_day_has_any(database: Database, library: Library) -> None:
    tick(database, library, MONDAY + timedelta(days=3))
    weeks = weeks_of(database)
    assert list(weeks) == [MONDAY + timedelta(weeks=week) for week in range(PLANNED_WEEKS)]
    assert set(weeks.values()) == set(OF_LEADERS)
    assert all(
        one != next_ for one, next_ in zip(weeks.values(), list(weeks.values())[1:], strict=False)
    )
    with database.reading() as session:
        assert not set(session.execute(select(DAY.c.dilemma)).scalars()) & set(OF_LEADERS)
    tick(database, library, MONDAY + timedelta(days=3))
    assert weeks_of(database) == weeks


def test_it_opens_for_both_chairs_on_monday_and_stays(database: Database, library: Library) -> None:
    tick(database, library, MONDAY + timedelta(days=2))
    slug = weeks_of(database)[MONDAY]
    with database.reading() as session:
        edition = latest_edition(session, slug, MONDAY + timedelta(days=2))
    assert edition is not None
    assert (edition.opens_on, edition.two_chairs) == (MONDAY, True)
    with database.reading() as session:
        of_day = session.execute(select(DAY.c.dilemma).order_by(DAY.c.day)).scalars().first()
        other = latest_edition(session, of_day or "", MONDAY + timedelta(days=2))
    assert other is not None and not other.two_chairs


def test_a_withdrawn_one_makes_way_at_once(
    database: Database, library: Library, change: Change
) -> None:
    tick(database, library, MONDAY)
    slug = weeks_of(database)[MONDAY]
    change(slug, "editie: 1", "editie: 1\ningetrokken: ja")
    tick(database, library, MONDAY)
    other = weeks_of(database)[MONDAY]
    assert other != slug
    with database.reading() as session:
        assert latest_edition(session, other, MONDAY) is not None


def test_without_a_card_of_that_chair_nothing_is_planned(
    database: Database, cards_dir: Path
) -> None:
    tick(database, Library(cards_dir), MONDAY)
    assert weeks_of(database) == {}
