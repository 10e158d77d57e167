"""How often a team gets a dilemma, and who hears of one on a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlmodel import Session

from kopkrakers.accounts import pauses, teams
from kopkrakers.accounts.models import Rhythm
from kopkrakers.accounts.service import put_in_team, remove_person
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.coming import coming
from kopkrakers.catalogue.editions.rhythm import rhythm_of, who_is_reminded
from kopkrakers.catalogue.editions.working_days import (
    brings_new,
    is_working_day,
    last_day_shown,
    working_days,
)
from kopkrakers.catalogue.library import Library
from tests.catalogue.editions.planning import MONDAY, days_of, shown
from tests.support.cards import tick
from tests.support.world import ROW_KEYS, World

EASTER_MONDAY, ASCENSION, CHRISTMAS = date(2027, 3, 29), date(2027, 5, 6), date(2026, 12, 25)
YEARS = [date(2026, 1, 1) + timedelta(days=step) for step in range(3 * 365)]


def new_days(start: date, days: int, rhythm: Rhythm) -> list[date]:
    return [day for day in working_days(start, days) if brings_new(day, rhythm)]


def test_three_a_week_are_those_of_monday_wednesday_and_friday() -> None:
    week = new_days(MONDAY, 7, Rhythm.THREE)
    assert [day.weekday() for day in week] == [0, 2, 4]


@pytest.mark.parametrize(
    ("holiday", "days"),
    [
        (EASTER_MONDAY, [date(2027, 3, 30), date(2027, 3, 31), date(2027, 4, 2)]),
        (ASCENSION, [date(2027, 5, 3), date(2027, 5, 5), date(2027, 5, 7)]),
        (CHRISTMAS, [date(2026, 12, 21), date(2026, 12, 23)]),
    ],
)
def test_a_holiday_moves_a_dilemma_within_its_part_of_the_week(
    holiday: date, days: list[date]
) -> None:
    monday = holiday - timedelta(days=holiday.weekday())
    assert new_days(monday, 7, Rhythm.THREE) == days


@pytest.mark.parametrize("rhythm", Rhythm)
def test_no_week_has_more_than_its_rhythm_and_no_holiday_has_any(rhythm: Rhythm) -> None:
    found = [day for day in YEARS if brings_new(day, rhythm)]
    assert all(is_working_day(day) for day in found)
    most = {Rhythm.DAILY: 5, Rhythm.THREE: 3, Rhythm.WEEKLY: 1}[rhythm]
    for monday in (day for day in YEARS if day.weekday() == 0):
        in_week = [day for day in found if 0 <= (day - monday).days < 7]
        assert len(in_week) <= most


def test_a_dilemma_shows_to_nobody_after_its_last_day() -> None:
    for rhythm in Rhythm:
        found = [day for day in YEARS if brings_new(day, rhythm)]
        for day, following in pairwise(found):
            assert last_day_shown(day) >= following - timedelta(days=1), (rhythm, day)


def test_the_dilemma_stays_until_the_next(database: Database, library: Library) -> None:
    for step in range(7):
        tick(database, library, MONDAY + timedelta(days=step))
    planned = days_of(database)
    seen = [shown(database, MONDAY + timedelta(days=step), Rhythm.THREE) for step in range(7)]
    wednesday, friday = (planned[MONDAY + timedelta(days=step)] for step in (2, 4))
    assert seen == [planned[MONDAY]] * 2 + [wednesday] * 2 + [friday] * 3


def test_what_comes_next_is_that_of_wednesday(database: Database, library: Library) -> None:
    tick(database, library, MONDAY)
    with database.reading() as session:
        upcoming = coming(session, library, MONDAY + timedelta(days=1), Rhythm.THREE)
    assert upcoming.shown == days_of(database)[MONDAY]
    assert upcoming.day == MONDAY + timedelta(days=2)


def test_of_several_teams_the_most_often_counts() -> None:
    assert rhythm_of(["weekly", "three"]) is Rhythm.THREE
    assert rhythm_of([]) is Rhythm.DAILY


def reminded(session: Session, world: World, day: date) -> set[str]:
    people = {visitor.id: visitor.name for visitor in (world.anna, world.chris, world.gerda)}
    return {people[user_id] for user_id in who_is_reminded(session, list(people), day)}


def test_people_hear_of_the_dilemmas_of_their_teams(database: Database, world: World) -> None:
    with database.transaction() as session:
        teams.set_rhythm(session, world.zaanstad, world.team_noord, Rhythm.WEEKLY)
    tuesday = MONDAY + timedelta(days=1)
    with database.reading() as session:
        assert reminded(session, world, MONDAY) == {"Anna", "Chris", "Gerda"}
        assert reminded(session, world, tuesday) == {"Chris"}
        assert reminded(session, world, MONDAY + timedelta(days=5)) == set()
        assert reminded(session, world, CHRISTMAS) == set()


def test_who_is_in_a_quicker_team_too_hears_as_often(
    app: Flask, database: Database, world: World
) -> None:
    with database.transaction() as session:
        teams.set_rhythm(session, world.zaanstad, world.team_noord, Rhythm.WEEKLY)
        daily = teams.add_team(session, world.zaanstad, "Team Oost")
        put_in_team(session, world.anna.id, daily)
    with database.reading() as session:
        assert reminded(session, world, MONDAY + timedelta(days=1)) == {"Anna", "Chris"}


def test_a_pause_ends_by_itself(database: Database, world: World) -> None:
    last = MONDAY + timedelta(days=3)
    with database.transaction() as session:
        pauses.pause(session, world.anna.id, last_day=last, today=MONDAY)
    with database.reading() as session:
        for step in range(4):
            day = MONDAY + timedelta(days=step)
            assert reminded(session, world, day) == {"Chris", "Gerda"}
            assert pauses.paused_until(session, world.anna.id, day) == last
        friday = last + timedelta(days=1)
        assert reminded(session, world, friday) == {"Anna", "Chris", "Gerda"}
        assert pauses.paused_until(session, world.anna.id, friday) is None


def test_nothing_stays_of_a_pause_that_is_over_or_of_who_left(
    database: Database, world: World
) -> None:
    with database.transaction() as session:
        pauses.pause(session, world.anna.id, last_day=MONDAY, today=MONDAY)
        pauses.pause(session, world.chris.id, last_day=CHRISTMAS, today=MONDAY)
        remove_person(session, world.chris.id, (), ROW_KEYS)
        later = MONDAY + timedelta(days=1)
        pauses.pause(session, world.gerda.id, last_day=later, today=later)
        pauses.end_pause(session, world.gerda.id)
        kept = [
            pauses.paused_until(session, visitor.id, MONDAY)
            for visitor in (world.anna, world.chris, world.gerda)
        ]
    assert kept == [None, None, None]
