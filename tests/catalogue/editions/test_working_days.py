"""Which days have a dilemma and which dilemma fits, for any set of cards."""

from datetime import date, timedelta
from itertools import pairwise

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from kopkrakers.catalogue.editions.working_days import (
    choose_dilemma,
    is_working_day,
    last_day_shown,
    last_working_day,
    monday_of,
    working_days,
)

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
calmly = settings(deadline=None)
THEMES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.sampled_from(["werk", "wonen", "zorg"]),
    min_size=1,
    max_size=12,
)


def draw_up(
    themes: dict[str, str], days: list[date], planned: dict[date, str] | None = None
) -> dict[date, str]:
    """A calendar, day after day."""
    planned = dict(planned or {})
    for day in days:
        chosen = choose_dilemma(day, themes, planned)
        if chosen is not None:
            planned.setdefault(day, chosen)
    return planned


@calmly
@given(DAYS)
def test_a_working_day_is_never_a_weekend_or_a_dutch_holiday(day: date) -> None:
    assert is_working_day(day) == (
        day.weekday() < 5 and day not in holidays.country_holidays("NL", years=day.year)
    )


@calmly
@given(DAYS)
def test_the_last_working_day_is_at_most_five_days_ago(day: date) -> None:
    last = last_working_day(day)
    assert is_working_day(last)
    assert last == day if is_working_day(day) else day - timedelta(days=5) <= last < day


def test_easter_christmas_and_kings_day_have_no_dilemma() -> None:
    free = [
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 14),
        date(2026, 5, 25),
    ]
    assert not any(map(is_working_day, [*free, date(2026, 12, 25), date(2027, 1, 1)]))
    assert is_working_day(date(2026, 5, 5))
    assert not is_working_day(date(2025, 5, 5))


@calmly
@given(DAYS, st.integers(1, 60))
def test_working_days_lie_within_their_span(start: date, days: int) -> None:
    found = list(working_days(start, days))
    assert all(start <= day < start + timedelta(days=days) and is_working_day(day) for day in found)


@calmly
@given(THEMES, DAYS)
def test_a_theme_never_follows_itself_when_another_is_possible(
    themes: dict[str, str], start: date
) -> None:
    planned = draw_up(themes, list(working_days(start, 60)))
    days = sorted(planned)
    if len(set(themes.values())) > 1:
        assert all(themes[planned[one]] != themes[planned[other]] for one, other in pairwise(days))


@calmly
@given(THEMES, DAYS)
def test_without_themes_in_the_way_every_card_comes_before_one_comes_again(
    themes: dict[str, str], start: date
) -> None:
    alike = dict.fromkeys(themes, "werk")
    days = list(working_days(start, 60))[: len(alike)]
    planned = draw_up(alike, days)
    assert sorted(planned.values()) == sorted(alike)


@calmly
@given(
    THEMES, DAYS, st.text("xyz", min_size=1, max_size=3), st.sampled_from(["werk", "wonen", "zorg"])
)
def test_a_new_card_never_changes_a_planned_day(
    themes: dict[str, str], start: date, slug: str, theme: str
) -> None:
    days = list(working_days(start, 40))
    before = draw_up(themes, days)
    after = draw_up(
        {**themes, slug: theme}, [*days, *working_days(start + timedelta(days=40), 20)], before
    )
    assert {day: after[day] for day in days} == before


@calmly
@given(THEMES, DAYS)
def test_the_same_cards_always_give_the_same_calendar(themes: dict[str, str], start: date) -> None:
    days = list(working_days(start, 40))
    assert draw_up(themes, days) == draw_up(dict(reversed(themes.items())), days)


@calmly
@given(THEMES, DAYS, st.data())
def test_filling_a_hole_keeps_neighbours_apart_when_it_can(
    themes: dict[str, str], start: date, data: st.DataObject
) -> None:
    days = list(working_days(start, 40))
    planned = draw_up(themes, days)
    hole = data.draw(st.sampled_from(days[1:-1]))
    around = [planned[days[days.index(hole) + step]] for step in (-1, 1)]
    chosen = choose_dilemma(
        hole, themes, {day: slug for day, slug in planned.items() if day != hole}
    )
    assert chosen is not None
    if set(themes.values()) - {themes[slug] for slug in around}:
        assert themes[chosen] not in {themes[slug] for slug in around}


def test_the_card_that_was_away_longest_comes_first() -> None:
    monday = date(2026, 11, 23)
    shown = {monday - timedelta(days=days): slug for days, slug in ((4, "a"), (18, "b"), (11, "c"))}
    assert choose_dilemma(monday, {"a": "werk", "b": "wonen", "c": "zorg"}, shown) == "b"


def test_a_neighbour_that_cannot_be_planned_itself_keeps_its_theme() -> None:
    monday = date(2026, 11, 23)
    shown = {monday - timedelta(days=3): "a"}
    themes = {"a": "werk", "b": "werk", "c": "zorg"}
    assert choose_dilemma(monday, themes, shown, suiting=["b", "c"]) == "c"


def test_a_card_that_was_never_shown_comes_before_all_others() -> None:
    monday = date(2026, 11, 23)
    shown = {monday - timedelta(days=400): "a", monday - timedelta(days=3): "b"}
    assert choose_dilemma(monday, {"a": "werk", "b": "wonen", "c": "zorg"}, shown) == "c"


def test_a_dilemma_shows_until_the_next_working_day_and_mondays_until_sunday() -> None:
    assert last_day_shown(date(2026, 12, 29)) == date(2026, 12, 29)
    assert last_day_shown(date(2026, 12, 31)) == date(2027, 1, 3)
    assert last_day_shown(date(2026, 11, 27)) == date(2026, 11, 29)
    assert last_day_shown(date(2026, 11, 23)) == date(2026, 11, 29)
    # the week that begins with Easter Monday begins on Tuesday
    assert last_day_shown(date(2027, 3, 30)) == date(2027, 4, 4)


def test_without_cards_there_is_no_dilemma() -> None:
    assert choose_dilemma(date(2026, 11, 23), {}, {}) is None


@calmly
@given(DAYS)
def test_a_week_begins_on_monday(day: date) -> None:
    assert monday_of(day).weekday() == 0
    assert timedelta(0) <= day - monday_of(day) < timedelta(days=7)
