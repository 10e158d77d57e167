"""Moments at which the bus is opened: fixed times of every working day in the Netherlands."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from kopkrakers.base.clock import AMSTERDAM, amsterdam_day
from kopkrakers.base.dutch import day, weekday
from kopkrakers.base.moments import Moment
from kopkrakers.catalogue.editions.working_days import is_working_day

# D-51
LONGEST_BREAK = 14
"""Days in a row without a working day, at most; also as far as is looked back."""
WEEK = 7


def moments_between(moments: Sequence[Moment], after: datetime, until: datetime) -> list[Moment]:
    """Return the moments that came after one point in time and not after another, earliest first.

    Of a longer absence than `LONGEST_BREAK` days the last ones are enough.
    """
    start = max(amsterdam_day(after), amsterdam_day(until) - timedelta(days=LONGEST_BREAK))
    came = []
    for moment, at in _from(moments, start):
        if at > until:
            break
        if at > after:
            came.append(moment)
    return came


def next_moment(moments: Sequence[Moment], now: datetime) -> datetime:
    """Return when the bus is opened next, on the Dutch clock.

    A look, not a promise of figures: too few may wait, or be too much alike.
    """
    return next(at for _, at in _from(moments, amsterdam_day(now)) if at > now)


def opening_in_words(opens: datetime, now: datetime) -> str:
    """Return when the bus opens as a sentence: "Om 17.45 uur gaat de bus open."

    Later than today it begins with the day: "Morgen om", "Maandag om" or "Maandag 4 januari om".
    """
    here = opens.astimezone(AMSTERDAM)
    days = (here.date() - amsterdam_day(now)).days
    clock = f"{here.hour}.{here:%M}"
    return f"{_day_in_words(here.date(), days)} {clock} uur gaat de bus open."


def _day_in_words(opens_on: date, days: int) -> str:
    if days == 0:
        return "Om"
    if days == 1:
        return "Morgen om"
    # from a week away the name of the day alone would be taken for a nearer one
    if days < WEEK:
        named = weekday(opens_on)
    else:
        named = day(opens_on)
    return f"{named.capitalize()} om"


def _from(moments: Sequence[Moment], start: date) -> Iterator[tuple[Moment, datetime]]:
    """Yield the moments from a day on, each with its point in time, without end."""
    today = start
    while True:
        if is_working_day(today):
            for moment in moments:
                yield moment, datetime.combine(today, moment.at, AMSTERDAM)
        today += timedelta(days=1)
