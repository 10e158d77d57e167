"""Boxes are opened at the moments that everybody knows, once, and the counter may sleep or fall."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.moments import USUAL_MOMENTS, Moment
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loop import LAST_LOOK, LAST_NIGHT, LAST_OPENING, tick
from tests.counter.crashes import Moment as Crash
from tests.counter.crashes import at_key, at_the_end, before, before_commit, killed
from tests.support.attacks import Attacker

MIXED = "aaaaabbbcc"
CRASHES = {
    "before a total": before("INSERT INTO tally"),
    "before a commit": before_commit,
    "before a key goes": at_key("os.remove"),
    "after everything": at_the_end,
}
QUARTER = timedelta(minutes=15)


def dutch(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.fixture
def usual(attacker: Attacker) -> Attacker:
    """A counter that opens boxes at the usual moments; it is Monday 23 November, nine o'clock."""
    attacker.polling.counter = replace(attacker.polling.counter, moments=USUAL_MOMENTS)
    tick_at(attacker, dutch(23, 9, 0))
    return attacker


def tick_at(attacker: Attacker, moment: datetime) -> None:
    attacker.polling.now = moment
    tick(attacker.polling.counter, attacker.library, moment)


def live_until(attacker: Attacker, moment: datetime) -> None:
    """Tick every quarter, up to and with this point in time."""
    while attacker.polling.now + QUARTER <= moment:
        tick_at(attacker, attacker.polling.now + QUARTER)


def counted(attacker: Attacker) -> int:
    return sum(attacker.polling.totals("NL").values())


def test_ten_wait_until_the_evening(usual: Attacker) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 30))
    assert counted(usual) == 0
    live_until(usual, dutch(23, 17, 45))
    assert counted(usual) == 10


def test_twenty_five_are_counted_at_noon_and_twenty_four_are_not(usual: Attacker) -> None:
    usual.polling.cast_all("aaaaaaaaaaaabbbbbbbbbcccc")
    usual.polling.cast_all("aaaaaaaaaaaabbbbbbbbbccc", others=True)
    live_until(usual, dutch(23, 12, 45))
    assert sum(usual.polling.totals(usual.polling.gemeente).values()) == 25
    assert usual.polling.totals(usual.polling.other_gemeente) == {}
    live_until(usual, dutch(23, 17, 45))
    assert sum(usual.polling.totals(usual.polling.other_gemeente).values()) == 24


def test_an_answer_of_the_last_quarter_waits_for_the_next_moment(usual: Attacker) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 30))
    usual.polling.cast_all("c", skip=10)
    live_until(usual, dutch(23, 17, 45))
    assert counted(usual) == 10


def test_a_counter_that_slept_through_a_moment_opens_at_its_next_tick_and_once(
    usual: Attacker,
) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 0))
    tick_at(usual, dutch(23, 18, 20))
    assert counted(usual) == 10
    usual.polling.cast_all(MIXED, skip=10)
    live_until(usual, dutch(24, 12, 45))
    assert counted(usual) == 10


def test_of_two_moments_slept_through_the_milder_one_holds(usual: Attacker) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 12, 30))
    tick_at(usual, dutch(24, 13, 0))
    assert counted(usual) == 10


@pytest.mark.parametrize("minutes", [-14, -1, 1, 14])
def test_a_restart_about_a_moment_neither_skips_nor_repeats_it(
    usual: Attacker, minutes: int
) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 30))
    for moment in sorted([dutch(23, 17, 45) + timedelta(minutes=minutes), dutch(23, 17, 45)]):
        tick_at(usual, moment)
    tick_at(usual, dutch(23, 18, 0))
    assert counted(usual) == 10
    usual.polling.cast_all(MIXED, skip=10)
    live_until(usual, dutch(23, 23, 0))
    assert counted(usual) == 10


def test_in_the_weekend_the_bus_stays_closed_and_a_late_friday_is_for_monday(
    usual: Attacker,
) -> None:
    tick_at(usual, dutch(27, 18, 0))
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(29, 23, 45))
    assert counted(usual) == 0


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        # the hour from two to three comes twice
        (date(2026, 10, 25), "02:00 +0200"),
        # and here not at all
        (date(2027, 3, 28), "03:00 +0200"),
    ],
)
def test_a_day_on_which_the_clock_changes_has_one_night(
    attacker: Attacker, changes: date, first: str
) -> None:
    folder = attacker.polling.counter.folder
    midnight = datetime.combine(changes, time(0), AMSTERDAM).astimezone(UTC)
    tick_at(attacker, midnight - timedelta(hours=12))
    nights = []
    for quarter in range(5 * 4):
        before_it = folder.recall(LAST_NIGHT)
        moment = midnight + quarter * QUARTER
        tick_at(attacker, moment)
        if folder.recall(LAST_NIGHT) != before_it:
            nights.append(f"{moment.astimezone(AMSTERDAM):%H:%M %z}")
    assert nights == [first]


@pytest.mark.parametrize("changes", [date(2026, 10, 25), date(2027, 3, 28)])
def test_after_the_clock_changed_boxes_open_at_the_new_time_once(
    attacker: Attacker, changes: date
) -> None:
    """In October 17.45 uur is an hour later than a day of 24 hours would have it."""
    attacker.polling.counter = replace(attacker.polling.counter, moments=USUAL_MOMENTS)
    folder = attacker.polling.counter.folder
    # the Monday after Easter is a holiday; of both changes Tuesday is the same working day
    evening = datetime.combine(changes + timedelta(days=2), time(17, 45), AMSTERDAM)
    tick_at(attacker, evening.astimezone(UTC) - timedelta(hours=2))
    opened = []
    for quarter in range(-7, 5):
        before_it = folder.recall(LAST_OPENING)
        moment = evening.astimezone(UTC) + quarter * QUARTER
        tick_at(attacker, moment)
        if folder.recall(LAST_OPENING) != before_it:
            opened.append(f"{moment.astimezone(AMSTERDAM):%H:%M}")
    assert opened == ["17:45"]


def test_a_moment_that_was_set_when_it_had_passed_opens_at_the_next_tick_and_once(
    usual: Attacker,
) -> None:
    """Who sets 9.30 uur at ten: nobody loses their quarter, and nothing is opened twice."""
    live_until(usual, dutch(23, 17, 45))
    tick_at(usual, dutch(24, 9, 0))
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(24, 10, 0))
    usual.polling.counter = replace(usual.polling.counter, moments=(Moment(time(9, 30)),))
    usual.polling.cast_all("abc", skip=len(MIXED))
    live_until(usual, dutch(24, 10, 15))
    assert counted(usual) == 10
    live_until(usual, dutch(24, 18, 0))
    assert counted(usual) == 10


def test_two_counters_open_a_box_once(usual: Attacker) -> None:
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 30))
    counter = usual.polling.counter
    second = replace(counter, folder=KeyFolder(counter.folder.folder))
    for own in (counter, second):
        tick(own, usual.library, dutch(23, 17, 45))
    assert counted(usual) == 10


def test_a_clock_that_was_a_year_ahead_holds_up_nothing(usual: Attacker) -> None:
    folder = usual.polling.counter.folder
    for name in (LAST_LOOK, LAST_OPENING):
        folder.remember(name, dutch(23, 9, 0).replace(year=2027).isoformat())
    folder.remember(LAST_NIGHT, "2027-11-23")
    usual.polling.cast_all(MIXED)
    live_until(usual, dutch(23, 17, 45))
    assert counted(usual) == 10
    live_until(usual, dutch(24, 2, 0))
    assert folder.recall(LAST_NIGHT) == "2026-11-24"


def test_a_clock_set_back_gives_everyone_their_quarter_again(usual: Attacker) -> None:
    live_until(usual, dutch(23, 17, 30))
    usual.polling.cast_all(MIXED)
    tick_at(usual, dutch(23, 17, 20))
    tick_at(usual, dutch(23, 17, 35))
    assert counted(usual) == 0
    live_until(usual, dutch(23, 18, 5))
    assert counted(usual) == 10


@pytest.mark.parametrize("moment", CRASHES.values(), ids=CRASHES)
def test_a_counter_killed_at_a_moment_goes_on_with_it_at_the_next_tick(
    usual: Attacker, moment: Crash
) -> None:
    usual.polling.cast_all(MIXED)
    usual.polling.cast_all("aaaabbbbcc", others=True)
    live_until(usual, dutch(23, 17, 30))
    killed(usual.polling, moment, lambda own: tick(own.counter, usual.library, dutch(23, 17, 45)))
    tick_at(usual, dutch(23, 17, 50))
    tick_at(usual, dutch(23, 18, 0))
    assert counted(usual) == 20
