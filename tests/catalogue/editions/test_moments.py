"""When the bus is opened: on working days, on the Dutch clock, in words."""

from datetime import UTC, datetime, time

import pytest

from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.moments import USUAL_MOMENTS, Moment, moments_in_words, read_moments
from kopkrakers.catalogue.editions.moments import moments_between, next_moment, opening_in_words

NOON, EVENING = USUAL_MOMENTS


def dutch(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (dutch(2026, 11, 23, 9, 0), "Om 12.45 uur"),
        (dutch(2026, 11, 23, 12, 44, 59), "Om 12.45 uur"),
        (dutch(2026, 11, 23, 12, 45), "Om 17.45 uur"),
        (dutch(2026, 11, 23, 17, 45), "Morgen om 12.45 uur"),
        (dutch(2026, 11, 24, 0, 10), "Om 12.45 uur"),
        (dutch(2026, 11, 27, 18, 0), "Maandag om 12.45 uur"),
        (dutch(2026, 11, 29, 18, 0), "Morgen om 12.45 uur"),
        (dutch(2026, 12, 24, 18, 0), "Maandag om 12.45 uur"),
        (dutch(2026, 12, 31, 18, 0), "Maandag om 12.45 uur"),
        # Goede Vrijdag, the weekend and Tweede Paasdag
        (dutch(2026, 4, 2, 18, 0), "Dinsdag om 12.45 uur"),
        # the two days on which the clock changes are Sundays
        (dutch(2027, 3, 26, 18, 0), "Dinsdag om 12.45 uur"),
        (dutch(2026, 10, 23, 18, 0), "Maandag om 12.45 uur"),
        (dutch(2026, 10, 25, 2, 30), "Morgen om 12.45 uur"),
        # in UTC it is still the day before
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Om 12.45 uur"),
    ],
)
def test_the_next_moment_is_named_as_people_say_it(now: datetime, words: str) -> None:
    opens = next_moment(USUAL_MOMENTS, now)
    assert opens > now
    assert opening_in_words(opens, now) == f"{words} gaat de bus open."


def test_a_moment_more_than_a_week_away_has_its_date() -> None:
    opens, now = dutch(2027, 1, 4, 12, 45), dutch(2026, 12, 24, 18, 0)
    assert opening_in_words(opens, now) == "Maandag 4 januari om 12.45 uur gaat de bus open."


def test_the_clock_of_summer_and_of_winter_is_the_dutch_one() -> None:
    (evening,) = (Moment(time(17, 45)),)
    in_summer = next_moment((evening,), datetime(2026, 7, 6, 8, 0, tzinfo=UTC))
    in_winter = next_moment((evening,), datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    assert in_summer.astimezone(UTC).time() == time(15, 45)
    assert in_winter.astimezone(UTC).time() == time(16, 45)


def test_moments_between_are_those_of_working_days_alone() -> None:
    friday, monday = dutch(2026, 11, 27, 13, 0), dutch(2026, 11, 30, 13, 0)
    assert moments_between(USUAL_MOMENTS, friday, monday) == [EVENING, NOON]
    assert moments_between(USUAL_MOMENTS, monday, friday) == []
    saturday, sunday = dutch(2026, 11, 28, 0, 0), dutch(2026, 11, 29, 23, 59)
    assert moments_between(USUAL_MOMENTS, saturday, sunday) == []


def test_a_moment_itself_belongs_to_the_time_before_it() -> None:
    noon = dutch(2026, 11, 23, 12, 45)
    assert moments_between(USUAL_MOMENTS, dutch(2026, 11, 23, 12, 30), noon) == [NOON]
    assert moments_between(USUAL_MOMENTS, noon, dutch(2026, 11, 23, 13, 0)) == []


def test_of_a_year_of_absence_the_last_weeks_are_enough() -> None:
    came = moments_between(USUAL_MOMENTS, dutch(2020, 1, 1), dutch(2026, 11, 23, 9, 0))
    assert 0 < len(came) <= 2 * 15


def test_all_moments_are_said_in_one_sentence() -> None:
    assert moments_in_words(USUAL_MOMENTS) == (
        "om 12.45 uur als er minstens 25 enveloppen wachten en om 17.45 uur"
    )
    assert moments_in_words(read_moments("9:00,12:00,16:30")) == (
        "om 9.00 uur, om 12.00 uur en om 16.30 uur"
    )
    assert moments_in_words((EVENING,)) == "om 17.45 uur"


def test_a_setting_is_read_in_the_order_of_the_day() -> None:
    assert read_moments(" 17:45, 12:45 = 25 ,") == USUAL_MOMENTS
    assert read_moments("6:00") == (Moment(time(6, 0)),)
