"""When a message is due: on working days, at the chosen time, summer and winter."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kopkrakers.reminders.rules import (
    FRIDAY,
    JITTER_MINUTES,
    LATE_MINUTES,
    MONDAY,
    due_day,
    falls_on,
    jitter,
    moment_of,
)
from tests.reminders.wishes import NINE, THIS_MONDAY, after

KEY = b"k" * 32


def due(now: datetime, weekday: int | None = None, whose: str = "1 mail") -> date | None:
    return due_day(NINE, weekday, now, key=KEY, whose=whose)


def test_a_message_is_due_from_its_time_until_three_hours_later() -> None:
    assert due(after(THIS_MONDAY, minutes=-1)) is None
    assert due(after(THIS_MONDAY)) == THIS_MONDAY
    assert due(after(THIS_MONDAY, minutes=LATE_MINUTES - 1)) == THIS_MONDAY
    assert due(after(THIS_MONDAY, minutes=LATE_MINUTES + JITTER_MINUTES)) is None


@pytest.mark.parametrize(
    "day",
    [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 25), date(2027, 3, 26)],
    ids=["Saturday", "Sunday", "Christmas", "Good Friday"],
)
def test_nothing_is_due_on_a_free_day(day: date) -> None:
    assert due(after(day)) is None


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [
        (date(2026, 3, 27), 8),
        (date(2026, 3, 30), 7),
        (date(2026, 10, 23), 7),
        (date(2026, 10, 26), 8),
    ],
    ids=["before summer time", "summer time", "before winter time", "winter time"],
)
def test_nine_stays_nine_when_the_clock_changes(day: date, in_utc: int) -> None:
    assert moment_of(day, NINE) == datetime(day.year, day.month, day.day, in_utc, tzinfo=UTC)


@pytest.mark.parametrize("changes", [date(2026, 3, 29), date(2026, 10, 25)])
def test_around_a_change_of_the_clock_every_working_day_has_one_message(changes: date) -> None:
    """Every minute of five days is looked at, also the hour that is there twice or not at all."""
    start = datetime(changes.year, changes.month, changes.day, tzinfo=UTC) - timedelta(days=2)
    minutes = (start + timedelta(minutes=minute) for minute in range(5 * 24 * 60))
    taken: list[date] = []
    for now in minutes:
        day = due(now)
        if day is not None and day not in taken:
            taken.append(day)
    friday, monday = changes - timedelta(days=2), changes + timedelta(days=1)
    assert taken == [friday, monday, monday + timedelta(days=1)]


@pytest.mark.parametrize(
    ("weekday", "day"),
    [
        (MONDAY, THIS_MONDAY),
        (FRIDAY, THIS_MONDAY + timedelta(days=4)),
        (MONDAY, date(2027, 3, 30)),
        (FRIDAY, date(2026, 12, 24)),
    ],
    ids=["Monday", "Friday", "after Easter Monday", "before Christmas"],
)
def test_a_weekly_message_has_one_day_a_week(weekday: int, day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=step) for step in range(7)]
    assert [other for other in week if falls_on(weekday, other)] == [day]


def test_people_are_spread_over_ten_minutes_and_every_day_otherwise() -> None:
    drawn = [jitter(KEY, f"{person} mail", THIS_MONDAY) for person in range(500)]
    assert timedelta() <= min(drawn) < timedelta(minutes=1)
    assert timedelta(minutes=9) < max(drawn) < timedelta(minutes=JITTER_MINUTES)
    tomorrow = THIS_MONDAY + timedelta(days=1)
    assert jitter(KEY, "1 mail", tomorrow) != jitter(KEY, "1 mail", THIS_MONDAY)
    assert jitter(KEY, "1 mail", THIS_MONDAY) == jitter(KEY, "1 mail", THIS_MONDAY)
