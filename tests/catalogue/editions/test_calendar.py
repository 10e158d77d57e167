"""The calendar as it is stored, on both databases."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.catalogue.editions.editions import DAY, EDITION
from kopkrakers.catalogue.editions.working_days import is_working_day, working_days
from kopkrakers.catalogue.library import Library
from tests.catalogue.editions.planning import MONDAY, days_of, plan, shown
from tests.support.cards import Change, tick, tick_at_once

SATURDAY = date(2026, 11, 21)


def test_every_working_day_of_four_weeks_gets_a_dilemma(
    database: Database, library: Library
) -> None:
    planned = plan(database, library, MONDAY)
    assert list(planned) == list(working_days(MONDAY, 28))


def test_holidays_at_christmas_have_no_dilemma(database: Database, library: Library) -> None:
    planned = plan(database, library, date(2026, 12, 21))
    assert all(map(is_working_day, planned))
    assert date(2026, 12, 25) not in planned
    assert date(2027, 1, 1) not in planned


def test_planning_twice_changes_nothing(database: Database, library: Library) -> None:
    assert plan(database, library, MONDAY) == plan(database, library, MONDAY)


def test_planning_goes_on_where_it_stopped(database: Database, library: Library) -> None:
    before = plan(database, library, MONDAY)
    after = plan(database, library, MONDAY + timedelta(days=7))
    assert {day: after[day] for day in before} == before
    assert list(after) == list(working_days(MONDAY, 35))


def test_a_new_card_never_changes_a_planned_day(
    database: Database, library: Library, cards_dir: Path
) -> None:
    before = plan(database, library, MONDAY)
    text = (cards_dir / "een-plek.md").read_text(encoding="utf-8")
    (cards_dir / "nieuw.md").write_text(text, encoding="utf-8")
    after = plan(database, library, MONDAY + timedelta(days=7))
    assert {day: after[day] for day in before} == before
    assert "nieuw" in after.values()


def test_themes_alternate_and_every_card_has_its_turn(database: Database, library: Library) -> None:
    planned = list(plan(database, library, MONDAY).values())
    themes = [library.cards()[slug].theme for slug in planned]
    assert all(one != other for one, other in pairwise(themes))
    assert set(Counter(planned)) == set(library.cards())


def test_without_cards_nothing_is_planned_and_nothing_shows(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "leeg").mkdir()
    assert plan(database, Library(tmp_path / "leeg"), MONDAY) == {}
    assert shown(database, MONDAY) is None


def test_a_start_in_a_weekend_plans_the_friday_before_too(
    database: Database, library: Library
) -> None:
    tick(database, library, SATURDAY)
    assert min(days_of(database)) == date(2026, 11, 20)
    assert shown(database, SATURDAY) == days_of(database)[date(2026, 11, 20)]


def test_a_weekend_and_a_holiday_show_the_last_working_day(
    database: Database, library: Library
) -> None:
    for step in range(40):
        tick(database, library, MONDAY + timedelta(days=step))
    planned = days_of(database)
    assert shown(database, date(2026, 11, 28)) == planned[date(2026, 11, 27)]
    assert shown(database, date(2026, 11, 29)) == planned[date(2026, 11, 27)]
    assert shown(database, date(2026, 12, 25)) == planned[date(2026, 12, 24)]


def test_a_weekly_team_keeps_the_weeks_first_dilemma(database: Database, library: Library) -> None:
    for step in range(14):
        tick(database, library, MONDAY + timedelta(days=step))
    planned = days_of(database)
    days = [MONDAY + timedelta(days=step) for step in range(14)]
    assert {shown(database, day, Rhythm.WEEKLY) for day in days[:7]} == {planned[MONDAY]}
    assert {shown(database, day, Rhythm.WEEKLY) for day in days[7:]} == {
        planned[date(2026, 11, 30)]
    }


def test_a_week_that_begins_with_a_holiday_begins_on_tuesday(
    database: Database, library: Library
) -> None:
    easter_monday = date(2027, 3, 29)
    for step in range(-10, 5):
        tick(database, library, easter_monday + timedelta(days=step))
    planned = days_of(database)
    assert shown(database, easter_monday, Rhythm.WEEKLY) == planned[date(2027, 3, 22)]
    assert shown(database, date(2027, 4, 1), Rhythm.WEEKLY) == planned[date(2027, 3, 30)]


def test_a_weekly_team_that_starts_on_wednesday_gets_that_days_dilemma(
    database: Database, library: Library
) -> None:
    wednesday = MONDAY + timedelta(days=2)
    tick(database, library, wednesday)
    assert shown(database, wednesday, Rhythm.WEEKLY) == days_of(database)[wednesday]


def test_until_a_days_edition_is_opened_the_day_before_stays(
    database: Database, library: Library
) -> None:
    tick(database, library, MONDAY)
    assert shown(database, MONDAY + timedelta(days=1)) == days_of(database)[MONDAY]


def test_the_days_of_a_withdrawn_card_are_drawn_again_and_no_others(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, MONDAY)
    gone = before[MONDAY]
    change(gone, "editie: 1", "editie: 1\ningetrokken: ja")
    after = plan(database, library, MONDAY)
    assert gone not in after.values()
    assert {day: slug for day, slug in before.items() if slug != gone}.items() <= after.items()


def test_past_days_of_a_withdrawn_card_stay_as_they_were(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, MONDAY)
    change(before[MONDAY], "editie: 1", "editie: 1\ningetrokken: ja")
    after = plan(database, library, MONDAY + timedelta(days=1))
    assert after[MONDAY] == before[MONDAY]


def test_a_dilemma_withdrawn_a_second_ago_is_passed_over(
    database: Database, library: Library, change: Change
) -> None:
    tick(database, library, MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    tick(database, library, tuesday)
    planned = days_of(database)
    change(planned[tuesday], "editie: 1", "editie: 1\ningetrokken: ja")
    with database.reading() as session:
        found = dilemma_of_day(session, library, tuesday, Rhythm.DAILY)
    assert found is not None
    assert found.card.slug == planned[MONDAY]


def test_when_every_card_is_withdrawn_there_is_no_dilemma(
    database: Database, library: Library, change: Change
) -> None:
    tick(database, library, MONDAY)
    for slug in list(library.cards()):
        change(slug, "editie: 1", "editie: 1\ningetrokken: ja")
    tick(database, library, MONDAY)
    with database.reading() as session:
        assert dilemma_of_day(session, library, MONDAY, Rhythm.DAILY) is None
        assert dilemma_of_day(session, library, MONDAY, Rhythm.WEEKLY) is None


DUE = "editie: 1\ncontroleren_voor: 2026-11-25"
"""A card whose facts must be checked again before Wednesday."""


def test_a_choice_that_the_law_may_have_changed_leaves_the_calendar(
    database: Database, library: Library, change: Change
) -> None:
    before = plan(database, library, MONDAY)
    # Monday's shows all week to weekly teams, past the day before which it must be checked
    tuesday = MONDAY + timedelta(days=1)
    gone = before[tuesday]
    change(gone, "editie: 1", f"{DUE}\nraakt_keuze: ja")
    after = plan(database, library, MONDAY)
    wednesday = date(2026, 11, 25)
    assert after[tuesday] == gone
    assert gone not in {slug for day, slug in after.items() if day >= wednesday}
    change(gone, "raakt_keuze: ja", "raakt_keuze: nee")
    assert plan(database, library, MONDAY) == after


def test_a_day_that_was_opened_keeps_its_card(
    database: Database, library: Library, change: Change
) -> None:
    tick(database, library, MONDAY)
    opened = days_of(database)[MONDAY]
    change(opened, "editie: 1", "editie: 1\ncontroleren_voor: 2026-11-23\nraakt_keuze: ja")
    tick(database, library, MONDAY)
    assert days_of(database)[MONDAY] == opened
    assert shown(database, MONDAY) == opened


def test_a_card_of_a_season_is_planned_in_it_and_goes_first(
    database: Database, library: Library, change: Change
) -> None:
    slug = plan(database, library, MONDAY)[MONDAY + timedelta(days=3)]
    change(slug, "editie: 1", "editie: 1\nseizoen: vakantiegeld")
    assert slug not in plan(database, library, MONDAY).values()
    may = date(2027, 5, 17)
    planned = plan(database, library, may, days=5)
    assert slug in planned.values()


def test_when_no_card_can_be_planned_the_others_stay(
    database: Database, library: Library, change: Change
) -> None:
    for slug in list(library.cards()):
        change(slug, "editie: 1", "editie: 1\nseizoen: vakantiegeld")
    assert len(plan(database, library, MONDAY)) == len(list(working_days(MONDAY, 28)))


def test_a_day_whose_card_is_gone_is_drawn_again_when_it_comes(
    database: Database, library: Library, cards_dir: Path
) -> None:
    before = plan(database, library, MONDAY)
    (cards_dir / f"{before[MONDAY]}.md").unlink()
    tick(database, library, MONDAY)
    assert days_of(database)[MONDAY] != before[MONDAY]
    assert shown(database, MONDAY) == days_of(database)[MONDAY]


def test_processes_that_plan_at_once_agree_and_none_fails(
    database: Database, library: Library
) -> None:
    assert tick_at_once(database, library, MONDAY) == []
    with database.reading() as session:
        assert len(session.connection().execute(select(DAY.c.day)).all()) == 20
        assert len(session.connection().execute(select(EDITION.c.number)).all()) == 1
