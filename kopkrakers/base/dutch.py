"""Dates and numbers in Dutch form."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from kopkrakers.base.clock import AMSTERDAM

LOCALE = "nl_NL"
DAYS = 1024
"""Days of which the words are remembered: pages name the same few over and over."""


@lru_cache(maxsize=DAYS)
def day(value: date) -> str:
    """A day in words: "maandag 23 november"."""
    return format_date(value, "EEEE d MMMM", locale=LOCALE)


@lru_cache(maxsize=DAYS)
def weekday(value: date) -> str:
    """A day of the week: "maandag"."""
    return format_date(value, "EEEE", locale=LOCALE)


def near_day(value: date, today: date) -> str:
    """A day as people say it: "gisteren", "morgen", "maandag"; further away "maandag 4 januari"."""
    distance = (value - today).days
    named = {-1: "gisteren", 0: "vandaag", 1: "morgen"}.get(distance)
    if named is not None:
        return named
    # from a week away the name of the day alone would be taken for a nearer one
    if abs(distance) < 7:
        return weekday(value)
    return day(value)


@lru_cache(maxsize=DAYS)
def day_with_year(value: date) -> str:
    """A day with its year: "23 november 2026"."""
    return format_date(value, "d MMMM y", locale=LOCALE)


@lru_cache(maxsize=DAYS)
def month(value: date) -> str:
    """A month: "november 2026"."""
    return format_date(value, "MMMM y", locale=LOCALE)


def moment(value: datetime) -> str:
    """A moment on the Dutch clock: "23 november 2026 om 09:00"."""
    return format_datetime(value, "d MMMM y 'om' HH:mm", tzinfo=AMSTERDAM, locale=LOCALE)


def number(value: float) -> str:
    """A number in Dutch form: 1284 is "1.284"."""
    return format_decimal(value, locale=LOCALE)


def people_in_words(count: int) -> str:
    """A number of people: "1 persoon", "1.284 mensen"."""
    if count == 1:
        return "1 persoon"
    return f"{number(count)} mensen"


def listed(lines: Iterable[str]) -> str:
    """Return lines as a list in a plain text, each behind a dash."""
    return "\n".join(f"- {line}" for line in lines)
