"""The calendar leaves out what is not of its season, and what is not sure any more."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.catalogue.library import Library
from tests.catalogue.editions.planning import days_of, plan, shown
from tests.support.cards import Change, tick

MONDAY = date(2026, 12, 14)
NEW_YEAR = date(2027, 1, 1)
FIRST_WORKING_DAY = date(2027, 1, 4)
DUE = "editie: 1\ncontroleren_voor: 2027-01-01\nraakt_keuze: ja"


def days_with(planned: Mapping[date, str], slug: str) -> list[date]:
    return [day for day, planned_slug in planned.items() if planned_slug == slug]


def test_a_card_of_a_season_is_planned_in_its_days_alone(
    database: Database, library: Library, change: Change
) -> None:
    change("een-plek", "editie: 1", "editie: 1\nseizoen: kerst")
    planned = plan(database, library, date(2026, 11, 23), days=60)
    days = days_with(planned, "een-plek")
    assert days
    assert all(date(2026, 12, 6) <= day <= date(2026, 12, 24) for day in days)


def test_cards_of_one_season_do_not_come_in_one_week(
    database: Database, library: Library, change: Change
) -> None:
    winter = ("een-plek", "samen-thuis")
    for slug in winter:
        change(slug, "editie: 1", "editie: 1\nseizoen: kou")
    planned = plan(database, library, date(2026, 11, 23), days=60)
    days = [day for day, slug in planned.items() if slug in winter]
    assert {planned[day] for day in days} == set(winter)
    assert all((after - before).days >= 7 for before, after in pairwise(days))


def test_a_card_that_got_a_season_leaves_the_days_planned_before(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, date(2026, 11, 2))
    assert days_with(before, "een-plek")
    change("een-plek", "editie: 1", "editie: 1\nseizoen: kerst")
    after = plan(database, library, date(2026, 11, 2))
    assert days_with(after, "een-plek") == []
    assert list(after) == list(before)


def test_a_card_that_is_due_and_touches_the_choice_leaves_the_calendar(
    database: Database, library: Library, change: Change
) -> None:
    change("een-plek", "editie: 1", DUE)
    planned = plan(database, library, MONDAY)
    days = days_with(planned, "een-plek")
    assert days and max(days) < NEW_YEAR
    # that of Monday shows all week to weekly teams, and that of Thursday until the fourth
    assert not {date(2026, 12, 28), date(2026, 12, 31)} & set(days)
    assert FIRST_WORKING_DAY in planned


def test_a_card_that_is_due_and_does_not_touch_the_choice_stays(
    database: Database, library: Library, change: Change
) -> None:
    change("een-plek", "editie: 1", DUE.replace("ja", "nee"))
    planned = plan(database, library, MONDAY)
    assert max(days_with(planned, "een-plek")) > NEW_YEAR


def test_days_planned_before_the_date_was_set_are_drawn_again(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, MONDAY)
    assert max(days_with(before, "een-plek")) > NEW_YEAR
    change("een-plek", "editie: 1", DUE)
    after = plan(database, library, MONDAY)
    assert [day for day in days_with(after, "een-plek") if day >= NEW_YEAR] == []
    kept = {day: slug for day, slug in before.items() if slug != "een-plek"}
    assert kept.items() <= after.items()


def test_a_card_that_is_checked_comes_back(
    database: Database, library: Library, change: Change
) -> None:
    change("een-plek", "editie: 1", DUE)
    plan(database, library, FIRST_WORKING_DAY)
    change("een-plek", "controleren_voor: 2027-01-01", "controleren_voor: 2028-01-01")
    planned = plan(database, library, FIRST_WORKING_DAY, days=60)
    assert days_with(planned, "een-plek")


def test_todays_card_that_became_due_today_stays_for_its_day(
    database: Database, library: Library, change: Change
) -> None:
    tick(database, library, MONDAY)
    today = days_of(database)[MONDAY]
    change(today, "editie: 1", DUE.replace("2027-01-01", MONDAY.isoformat()))
    tick(database, library, MONDAY)
    assert days_of(database)[MONDAY] == today
    assert shown(database, MONDAY) == today
    tuesday = MONDAY + timedelta(days=1)
    tick(database, library, tuesday)
    assert shown(database, tuesday) != today
    assert [day for day in days_with(days_of(database), today) if day > MONDAY] == []


def test_a_card_that_became_due_before_its_day_opened_is_not_given(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, MONDAY)
    change(before[MONDAY], "editie: 1", DUE.replace("2027-01-01", MONDAY.isoformat()))
    tick(database, library, MONDAY)
    assert days_of(database)[MONDAY] != before[MONDAY]
    assert shown(database, MONDAY) == days_of(database)[MONDAY]


def test_over_new_year_nobody_meets_a_card_that_is_not_sure(
    database: Database, library: Library, change: Change
) -> None:
    for slug in ("een-plek", "paar-uur"):
        change(slug, "editie: 1", DUE)
    for step in range(28):
        today = MONDAY + timedelta(days=step)
        tick(database, library, today)
        for rhythm in Rhythm:
            with database.reading() as session:
                found = dilemma_of_day(session, library, today, rhythm)
            assert found is not None
            assert not found.card.is_unsure(today), (today, rhythm)
