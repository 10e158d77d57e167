"""Which days have a dilemma, and which dilemma fits a day. No database."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from hashlib import sha256

import holidays

_NEVER = 10**6


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday without the Dutch public holidays.

    Goede Vrijdag counts as one: the Algemene termijnenwet puts it on a par with them and many gemeenten
    are closed. Who does work misses nothing, since the day before's dilemma stays.
    """
    return day.weekday() < 5 and day not in _holidays(day.year)


def last_working_day(day: date) -> date:
    """This day, or the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days(start: date, days: int) -> Iterator[date]:
    """The working days among `days` calendar days from `start`."""
    candidates = (start + timedelta(days=step) for step in range(days))
    return (day for day in candidates if is_working_day(day))


def monday_of(day: date) -> date:
    """The Monday of the week a day is in."""
    return day - timedelta(days=day.weekday())


def choose_dilemma(day: date, themes: Mapping[str, str], planned: Mapping[date, str]) -> str | None:
    """The slug for a day: another theme than its neighbours where possible, then longest away, then a fixed order.

    `themes` maps the slugs that can be planned to their theme; `planned` holds the other days, shown or planned.
    A dilemma planned later counts as near too, so that filling a hole does not bring it twice in one week.
    """
    before = max((other for other in planned if other < day), default=None)
    after = min((other for other in planned if other > day), default=None)
    theme_before, theme_after = (
        themes.get(planned[other]) if other else None for other in (before, after)
    )
    away: dict[str, int] = {}
    for other, slug in planned.items():
        away[slug] = min(away.get(slug, _NEVER), abs((day - other).days))

    def rank(slug: str) -> tuple[bool, bool, int, str]:
        theme = themes[slug]
        return theme == theme_before, theme == theme_after, -away.get(slug, _NEVER), _order(slug)

    return min(themes, key=rank, default=None)


@cache
def _order(slug: str) -> str:
    return sha256(slug.encode()).hexdigest()
