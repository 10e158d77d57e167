"""The days that have a dilemma, and the dilemma that fits a day. No database."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec, module_from_spec
from types import MappingProxyType

import holidays

from kopkrakers.accounts.models import Rhythm

_NEVER = 10**6
# a card of a season comes back every year; in the year itself it must not take every week of it
_HALF_A_YEAR = 182
WEEK = 7
STELLING_APART = 14
"""Days between two stellingen of the calendar, at least."""
STELLING_WEEKDAY = 2
"""Days after Monday on which a stelling comes: it begins a part of the week, but never a week."""
PARTS = (0, 2, 4)
"""Days after Monday on which a part of the week begins, for whoever has three dilemmas a week."""


# D-159
def _leave_countries_out() -> None:
    """Let one country of `holidays` be imported without the two hundred others: 13 MB a process.

    The package of countries imports them all. Put there without being run, it still knows where
    its modules are.
    """
    name = "holidays.countries"
    spec = find_spec(name)
    if spec is not None and name not in sys.modules:
        sys.modules[name] = module_from_spec(spec)


# D-22
@cache
def _holidays(year: int) -> frozenset[date]:
    _leave_countries_out()
    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: date) -> bool:
    """Whether a day is Monday to Friday and no Dutch public holiday.

    Goede Vrijdag counts as one: the Algemene termijnenwet puts it on a par with them and many
    gemeenten are closed. People who work then miss nothing: the dilemma of the day before stays.
    """
    return day.weekday() < 5 and day not in _holidays(day.year)


def last_working_day(day: date) -> date:
    """Return this day, or the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_days(start: date, days: int) -> Iterator[date]:
    """Yield the working days among `days` calendar days from `start`."""
    for step in range(days):
        day = start + timedelta(days=step)
        if is_working_day(day):
            yield day


def first_working_day(day: date) -> date:
    """Return this day if it is a working day, else the next one that is."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def monday_of(day: date) -> date:
    """Return the Monday of the week a day is in."""
    return day - timedelta(days=day.weekday())


def period_of(day: date, rhythm: Rhythm) -> tuple[date, date]:
    """Return the first day of the period in which a rhythm has one dilemma, and that of the next.

    The week begins on Monday; its three parts begin on Monday, Wednesday and Friday.
    """
    if rhythm is Rhythm.DAILY:
        return day, day + timedelta(days=1)
    starts: tuple[int, ...] = (0,)
    if rhythm is Rhythm.THREE:
        starts = PARTS
    begun, ends = 0, WEEK
    for step in starts:
        if step <= day.weekday():
            begun = step
        else:
            ends = step
            break
    monday = monday_of(day)
    return monday + timedelta(days=begun), monday + timedelta(days=ends)


def brings_new(day: date, rhythm: Rhythm) -> bool:
    """Whether a team with this rhythm gets a new dilemma on this day: the first working day of a
    period.
    """
    start, _ = period_of(day, rhythm)
    return is_working_day(day) and first_working_day(start) == day


# the counter asks it of every planned day, at every quarter of an hour
@lru_cache(maxsize=1000)
def last_day_shown(day: date) -> date:
    """Return the last day on which the dilemma of a working day still shows to anybody.

    That is the day before the next working day; of a dilemma that begins the period of a rhythm,
    the day before the next period has one.
    """
    following = day + timedelta(days=1)
    for rhythm in Rhythm:
        if brings_new(day, rhythm):
            _, end = period_of(day, rhythm)
            following = max(following, end)
    return first_working_day(following) - timedelta(days=1)


def choose_dilemma(
    day: date,
    themes: Mapping[str, str],
    planned: Mapping[date, str],
    *,
    suiting: Collection[str] | None = None,
    in_season: Collection[str] = (),
    opened: Mapping[str, date] = MappingProxyType({}),
) -> str | None:
    """Return the slug for a day: of another theme than its neighbours, then the longest away.

    A card of the season that has not been there in half a year goes first.

    `themes` maps slugs to their theme; `suiting` are those that can be planned on this day, all
    when None. `planned` holds the other days, shown or planned. A dilemma planned later counts as
    near too, so that filling a gap does not bring it twice in one week. So does one that opened in
    the archive without a day: `opened` has its day. A fixed order decides between equals.
    """
    theme_before, theme_after = _themes_beside(day, themes, planned)
    days_away = {slug: abs((day - since).days) for slug, since in opened.items()}
    for other, slug in planned.items():
        days_away[slug] = min(days_away.get(slug, _NEVER), abs((day - other).days))

    def rank(slug: str) -> tuple[bool, bool, bool, int, str]:
        theme = themes[slug]
        away = days_away.get(slug, _NEVER)
        waits = slug not in in_season or away < _HALF_A_YEAR
        return theme == theme_before, theme == theme_after, waits, -away, _order(slug)

    return min(themes if suiting is None else suiting, key=rank, default=None)


def may_have_stelling(day: date, stelling_days: Iterable[date], begins: date) -> bool:
    """Whether the calendar gives a stelling to a day: on Wednesday, and once a fortnight at most.

    `stelling_days`: those of the other stellingen, past and planned. `begins`: the first day of
    the calendar, whose first fortnight has none.
    """
    if day.weekday() != STELLING_WEEKDAY or (day - begins).days < STELLING_APART:
        return False
    return stelling_near(day, stelling_days) is None


def stelling_near(day: date, stelling_days: Iterable[date]) -> date | None:
    """Return the day of a stelling that is too near to a day for another; None without one."""
    for other in stelling_days:
        if abs((other - day).days) < STELLING_APART:
            return other
    return None


def _themes_beside(
    day: date, themes: Mapping[str, str], planned: Mapping[date, str]
) -> tuple[str | None, str | None]:
    """Return the theme of the nearest planned day before a day, and of the nearest after it."""
    before = after = None
    for other in sorted(planned):
        if other < day:
            before = other
        elif other > day:
            after = other
            break
    if before:
        theme_before = themes.get(planned[before])
    else:
        theme_before = None
    if after:
        theme_after = themes.get(planned[after])
    else:
        theme_after = None
    return theme_before, theme_after


@cache
def _order(slug: str) -> str:
    """Return a key for an order that is fixed and looks like none."""
    return sha256(slug.encode()).hexdigest()
