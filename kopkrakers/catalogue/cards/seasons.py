"""The weeks of the year in which a card with a season is planned."""

from datetime import date, timedelta
from functools import cache

import holidays

_FIXED: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    # the holiday allowance is paid in May or June
    "vakantiegeld": ((5, 10), (6, 20)),
    # norms, amounts and allowances change; letters go out before and questions come after
    "1-januari": ((12, 15), (1, 31)),
    # the months in which the municipal rules for shelter in the cold are in force most often
    "kou": ((11, 15), (3, 15)),
    "kerst": ((12, 6), (1, 6)),
    # the six weeks in which the summer holidays of all regions end, and the first bills come
    "schooljaar": ((8, 15), (9, 30)),
}
"""The first and last day of each season, as (month, day); it may run over the turn of the year."""
RAMADAN = "ramadan"
_RAMADAN_DAYS = 30
SEASONS = (*_FIXED, RAMADAN)
"""The seasons that a card can name."""


def is_in_season(season: str, day: date) -> bool:
    """Whether a day lies in a season."""
    if season == RAMADAN:
        begins = _ramadan(day.year)
        return begins <= day < begins + timedelta(days=_RAMADAN_DAYS)
    first, last = _FIXED[season]
    here = (day.month, day.day)
    if first <= last:
        return first <= here <= last
    return here >= first or here <= last


@cache
def _ramadan(year: int) -> date:
    """Return the first day of Ramadan, as the calendar of the Maldives in `holidays` estimates it.

    The month itself begins when the new moon is seen, so a day earlier or later.
    """
    days = holidays.country_holidays("MV", years=year, language="en_US")
    return min(day for day, name in days.items() if name.startswith("First Day of Ramadan"))
