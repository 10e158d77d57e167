"""The parts of the year in which a card with `seizoen` is planned, each with its reason."""

from dataclasses import dataclass
from datetime import date

_MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Span:
    """Days from a month and day through another; over New Year when the last comes first."""

    first: _MonthDay
    last: _MonthDay

    def holds(self, day: date) -> bool:
        """Whether a day is in it, in any year."""
        place = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= place <= self.last
        return place >= self.first or place <= self.last


_SPANS = {
    # UWV pays holiday pay at the end of May (uwv.nl), gemeenten in June: Gouda in the second half
    # (gouda.nl), Noardwest Fryslân on the 3rd or 15th (sozawe-nw-fryslan.nl); read November 2026
    "vakantiegeld": Span((5, 15), (6, 30)),
    # amounts and laws change on 1 January; people ask about it from December, and get the letters
    # in January
    "1-januari": Span((12, 1), (1, 31)),
    # the days that count for the severity of a winter: the cold number of Hellmann, which the
    # KNMI uses, adds up 1 November through 31 March (meteoschoonebeek.nl, read November 2026)
    "kou": Span((11, 1), (3, 31)),
    # after Sinterklaas, up to the last day before Christmas
    "kerst": Span((12, 6), (12, 24)),
    # the regions start between about 17 August and 4 September (nieuws.nl, 7 July 2023; calendars
    # of schools for 2026 and 2027); then the first weeks, up to the autumn holiday
    "schooljaar": Span((8, 17), (10, 10)),
}
"""By the name of the season. `ramadan` follows the moon and has a table."""
RAMADAN = "ramadan"
SEASONS = (*_SPANS, RAMADAN)
"""The seasons that a card can name."""

RAMADANS = (
    (date(2026, 2, 18), date(2026, 3, 20)),
    (date(2027, 2, 8), date(2027, 3, 9)),
    (date(2028, 1, 28), date(2028, 2, 26)),
    (date(2029, 1, 16), date(2029, 2, 14)),
    (date(2030, 1, 5), date(2030, 2, 4)),
    (date(2030, 12, 26), date(2031, 1, 24)),
    (date(2031, 12, 15), date(2032, 1, 14)),
)
"""First day of the fast, and the Suikerfeest.

Source: the `holidays` package 0.109, for Turkey; a test compares them. The moon can make it a day
later. After the last row a card of this season is not planned: add rows in time.
"""


def is_in_season(season: str, day: date) -> bool:
    """Whether a day lies in a season.

    Raises: KeyError for a season that does not exist; a card with one is not read.
    """
    if season == RAMADAN:
        return any(first <= day <= feast for first, feast in RAMADANS)
    return _SPANS[season].holds(day)
