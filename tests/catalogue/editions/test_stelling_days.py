"""The days on which the calendar has a stelling: once a fortnight at most, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.catalogue.editions.calendar import dilemma_of_day, plan_calendar
from kopkrakers.catalogue.editions.editions import EDITION, card_of_edition, last_editions
from kopkrakers.catalogue.editions.working_days import brings_new, may_have_stelling
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from tests.catalogue.editions.planning import days_of, plan
from tests.support.cards import EverLater, tick

MONDAY = date(2026, 11, 23)


@pytest.fixture
def library(cards_dir: Path) -> Library:
    """The test cards, with the stellingen of the product."""
    return Library(cards_dir, stellingen=daily_stellingen(), monotonic=EverLater())


def stelling_days(planned: dict[date, str]) -> list[date]:
    return [day for day, slug in sorted(planned.items()) if is_stelling_slug(slug)]


def a_year(database: Database, library: Library) -> dict[date, str]:
    for week in range(52):
        with database.transaction() as session:
            plan_calendar(session, library, MONDAY + timedelta(weeks=week))
    return dict(days_of(database))


def test_a_year_has_one_each_fortnight_and_none_twice(database: Database, library: Library) -> None:
    planned = a_year(database, library)
    days = stelling_days(planned)
    assert all((after - before).days >= 14 for before, after in pairwise(days))
    # holidays may push one on by a week
    assert 22 <= len(days) <= 27
    shown = [planned[day] for day in days]
    assert len(set(shown)) == len(shown)
    assert all(day.weekday() == 2 for day in days)
    assert days[0] - MONDAY >= timedelta(days=14)


def test_a_weekly_team_has_a_dilemma_in_every_week(database: Database, library: Library) -> None:
    planned = a_year(database, library)
    weekly = [day for day in planned if brings_new(day, Rhythm.WEEKLY)]
    three = [day for day in stelling_days(planned) if brings_new(day, Rhythm.THREE)]
    assert not {planned[day] for day in weekly} & set(daily_stellingen())
    assert three == stelling_days(planned)


def test_planning_again_moves_no_stelling(database: Database, library: Library) -> None:
    before = plan(database, library, MONDAY)
    assert len(stelling_days(dict(before))) == 1
    assert plan(database, library, MONDAY) == before


def test_days_that_were_planned_without_stellingen_stay(
    database: Database, library: Library, cards_dir: Path
) -> None:
    before = plan(database, Library(cards_dir), MONDAY)
    after = plan(database, library, MONDAY + timedelta(days=7))
    assert {day: after[day] for day in before} == before
    assert len(stelling_days(dict(after))) == 1


def test_the_stelling_that_was_away_longest_comes(database: Database, library: Library) -> None:
    two = dict(list(daily_stellingen().items())[:2])
    library.stellingen = two
    planned = a_year(database, library)
    shown = [planned[day] for day in stelling_days(planned)]
    assert set(shown) == set(two)
    assert all(before != after for before, after in pairwise(shown))


def test_it_opens_as_an_edition_of_its_own_and_shows_on_its_day(
    database: Database, library: Library
) -> None:
    planned = plan(database, library, MONDAY)
    (day,) = stelling_days(dict(planned))
    for step in range((day - MONDAY).days + 1):
        tick(database, library, MONDAY + timedelta(days=step))
    with database.reading() as session:
        shown = dilemma_of_day(session, library, day, Rhythm.DAILY)
        edition = last_editions(session)[planned[day]]
        kept = card_of_edition(Library(library.folder), edition)
    assert shown is not None and shown.card.is_stelling
    assert (edition.number, edition.card_edition, edition.opens_on) == (1, 1, day)
    # the wording that was counted outlives the set it came from
    assert kept.title == shown.card.title and kept.option_codes == ("a", "b", "c")


def test_changed_words_under_the_same_code_are_never_counted_with_the_old(
    database: Database, library: Library
) -> None:
    planned = plan(database, library, MONDAY)
    (day,) = stelling_days(dict(planned))
    slug = planned[day]
    for step in range((day - MONDAY).days + 1):
        tick(database, library, MONDAY + timedelta(days=step))
    card = daily_stellingen()[slug]
    library.stellingen = {slug: replace(card, title="Iets anders.", digest="0" * 64)}
    tick(database, library, day + timedelta(days=1))
    with database.reading() as session:
        editions = session.connection().execute(EDITION.select()).all()
        edition = last_editions(session)[slug]
        assert card_of_edition(library, edition).title == card.title
    assert [row.number for row in editions if row.dilemma == slug] == [1]


@pytest.mark.parametrize(
    ("day", "others", "may"),
    [
        (date(2026, 12, 9), [], True),
        (date(2026, 12, 10), [], False),
        (date(2026, 12, 9), [date(2026, 11, 26)], False),
        (date(2026, 12, 9), [date(2026, 11, 25)], True),
        (date(2026, 12, 9), [date(2026, 12, 22)], False),
        (date(2026, 12, 2), [], False),
    ],
)
def test_the_rule_of_a_day(day: date, others: list[date], may: bool) -> None:
    assert may_have_stelling(day, others, begins=MONDAY) is may
