"""The weeks of the year that a card can be meant for."""

from datetime import date, timedelta
from typing import get_args

import holidays
import pytest

from kopkrakers.catalogue.cards.front_matter import FrontMatter
from kopkrakers.catalogue.cards.seasons import RAMADANS, SEASONS, is_in_season


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        ("vakantiegeld", date(2027, 5, 15), date(2027, 5, 14)),
        ("vakantiegeld", date(2027, 6, 30), date(2027, 7, 1)),
        ("1-januari", date(2027, 1, 31), date(2027, 2, 1)),
        ("1-januari", date(2026, 12, 1), date(2026, 11, 30)),
        ("kou", date(2026, 11, 1), date(2026, 10, 31)),
        ("kou", date(2027, 3, 31), date(2027, 4, 1)),
        ("kerst", date(2026, 12, 24), date(2026, 12, 25)),
        ("schooljaar", date(2027, 10, 10), date(2027, 10, 11)),
        ("ramadan", date(2027, 2, 8), date(2027, 3, 10)),
        ("ramadan", date(2028, 1, 28), date(2028, 1, 27)),
        # two begin in 2030, and the second ends in 2031
        ("ramadan", date(2030, 12, 26), date(2030, 12, 25)),
        ("ramadan", date(2031, 1, 24), date(2031, 1, 25)),
    ],
)
def test_a_season_has_a_first_and_a_last_day(season: str, inside: date, outside: date) -> None:
    assert is_in_season(season, inside)
    assert not is_in_season(season, outside)


def test_every_season_comes_every_year_and_goes() -> None:
    for season in SEASONS:
        for year in range(2026, 2032):
            days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
            inside = sum(is_in_season(season, day) for day in days)
            assert 0 < inside <= 152, (season, year)


def test_the_suikerfeest_is_that_of_the_holidays_package() -> None:
    years = range(RAMADANS[0][1].year, RAMADANS[-1][1].year + 1)
    turkey = holidays.country_holidays("TR", years=years, language="en_US")
    feasts = [day for day, name in sorted(turkey.items()) if name.startswith("Eid al-Fitr")]
    # the feast has three days
    firsts = [day for day in feasts if day - timedelta(days=1) not in feasts]
    for ramadan, expected in zip(RAMADANS, firsts, strict=True):
        first, feast = ramadan
        assert abs((feast - expected).days) <= 1
        assert 29 <= (feast - first).days <= 31


def test_a_card_can_name_each_season_and_no_other() -> None:
    named = get_args(get_args(FrontMatter.model_fields["season"].annotation)[0])
    assert sorted(named) == sorted(SEASONS)
