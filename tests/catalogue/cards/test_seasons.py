"""The weeks of the year that a card can be meant for."""

from datetime import date, timedelta
from typing import get_args

import pytest

from kopkrakers.catalogue.cards.front_matter import FrontMatter
from kopkrakers.catalogue.cards.seasons import SEASONS, is_in_season


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        ("vakantiegeld", date(2027, 5, 10), date(2027, 5, 9)),
        ("1-januari", date(2027, 1, 31), date(2027, 2, 1)),
        ("1-januari", date(2026, 12, 15), date(2026, 12, 14)),
        ("kou", date(2026, 11, 28), date(2027, 3, 16)),
        ("kerst", date(2027, 1, 6), date(2027, 1, 7)),
        ("schooljaar", date(2027, 9, 30), date(2027, 10, 1)),
        ("ramadan", date(2027, 2, 8), date(2027, 3, 10)),
        ("ramadan", date(2028, 1, 28), date(2028, 1, 27)),
    ],
)
def test_a_season_has_a_first_and_a_last_day(season: str, inside: date, outside: date) -> None:
    assert is_in_season(season, inside)
    assert not is_in_season(season, outside)


def test_every_season_comes_every_year_and_goes() -> None:
    for season in SEASONS:
        for year in range(2026, 2036):
            days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
            inside = sum(is_in_season(season, day) for day in days)
            assert 0 < inside < 150, (season, year)


def test_a_card_can_name_each_season_and_no_other() -> None:
    named = get_args(get_args(FrontMatter.model_fields["season"].annotation)[0])
    assert sorted(named) == sorted(SEASONS)
