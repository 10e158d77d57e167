"""Decide when a reminder is due. Without a database; the moment is an argument."""

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from hmac import digest

from kopkrakers.base.clock import AMSTERDAM, amsterdam_day
from kopkrakers.catalogue.editions.working_days import (
    first_working_day,
    is_working_day,
    last_working_day,
    monday_of,
)

MONDAY, FRIDAY = 0, 4
TIMES = tuple(range(7 * 60, 17 * 60 + 1, 30))
"""The times that can be chosen, in minutes since midnight: each half hour from 7.00 to 17.00."""
USUAL_TIME = 9 * 60
JITTER_MINUTES = 10
"""A message leaves at most this much after its time, so that not all leave in one second."""
LATE_MINUTES = 3 * 60
"""After this much nobody is reminded any more: a server that was away does not mail at night."""


def due_day(at: int, weekday: int | None, now: datetime, *, key: bytes, whose: str) -> date | None:
    """Return the day whose message is due now; None when none is.

    `at`: minutes since midnight on the Dutch clock; `weekday` as in `Reminder`. `whose` names the
    message: with the `key` it decides how much later than `at` it leaves, every day another.
    """
    day = amsterdam_day(now)
    if not falls_on(weekday, day):
        return None
    # on the Dutch clock, so that nine o'clock stays nine o'clock when summer ends
    since = now - moment_of(day, at) - jitter(key, whose, day)
    if timedelta() <= since < timedelta(minutes=LATE_MINUTES):
        return day
    return None


def falls_on(weekday: int | None, day: date) -> bool:
    """Whether a message belongs to a day.

    That is any working day, and of a weekly one the first of the week for Monday, the last for
    Friday: a holiday moves it.
    """
    if not is_working_day(day):
        return False
    # a holiday moves the weekly mail to another day, and never takes it away
    monday = monday_of(day)
    if weekday == MONDAY:
        return day == first_working_day(monday)
    if weekday == FRIDAY:
        return day == last_working_day(monday + timedelta(days=FRIDAY))
    return weekday is None


def moment_of(day: date, at: int) -> datetime:
    """Return the point in time of a time of day in the Netherlands, in summer and in winter."""
    return datetime.combine(day, time(at // 60, at % 60), AMSTERDAM)


def jitter(key: bytes, whose: str, day: date) -> timedelta:
    """Return how much later a message leaves: the same after a restart, and not to be guessed."""
    # of the day too: who leaves last today need not do so tomorrow
    drawn = int.from_bytes(digest(key, f"{whose} {day}".encode(), sha256)[:4], "big")
    return timedelta(seconds=drawn % (JITTER_MINUTES * 60))


def time_in_words(at: int) -> str:
    """Return a time of day as people read it: "9.00 uur"."""
    return f"{at // 60}.{at % 60:02} uur"
