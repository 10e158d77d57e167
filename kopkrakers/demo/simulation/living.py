"""A day as it is in use: answers spread over it, and the real counter at its real moments."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from kopkrakers.accounts.models import Rhythm
from kopkrakers.answers.rules import Answer
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.catalogue.editions.calendar import edition_of_day
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.catalogue.editions.working_days import is_working_day
from kopkrakers.counter.loop import look_if_due, tick
from kopkrakers.demo.people import Colleague
from kopkrakers.demo.stage import Stage
from kopkrakers.privacy.rules import TICK_MINUTES

PEAKS = (time(8, 30), time(12, 15), time(16, 30))
"""The times of day about which people answer: coming in, lunch, going home."""
SPREAD_MINUTES = 40
"""The standard deviation of answers about a peak."""
FIRST_DAY = 0.8
"""The part of those who answer that does so on the day itself; the others within `LATER_DAYS`."""
LATER_DAYS = 10
NIGHT, MORNING, EVENING = time(2, 15), time(7, 0), time(21, 0)
"""Times at which the counter does its night and opens the day, and the last time of answering."""


@dataclass(frozen=True)
class PlannedAnswer:
    """An answer with the point in time at which it will be given."""

    at: datetime
    edition: PublishedEdition
    colleague: Colleague
    answer: Answer


Plan = Callable[[PublishedEdition], Iterable[PlannedAnswer]]
"""Returns who answers an edition that opens today, and when."""
AfterLook = Callable[[datetime], None]
"""Is called after every look of the counter."""


def answer_time(chance: Random, opens_on: date) -> datetime:
    """Return a point in time at which somebody answers the dilemma of a day."""
    day = opens_on
    if chance.random() >= FIRST_DAY:
        day += timedelta(days=chance.randint(1, LATER_DAYS))
        while not is_working_day(day):
            day += timedelta(days=1)
    peak = datetime.combine(day, chance.choice(PEAKS), AMSTERDAM)
    at = peak + timedelta(minutes=chance.gauss(0, SPREAD_MINUTES))
    return min(max(at, on_clock(day, MORNING)), on_clock(day, EVENING))


def live_day(
    stage: Stage,
    day: date,
    waiting: list[PlannedAnswer],
    *,
    plan: Plan,
    after_look: AfterLook = lambda _: None,
) -> int:
    """Live through a day. Return the number of answers given on it.

    `waiting`: answers planned earlier; what is planned today is added, what is given leaves.
    The counter looks at its moments, a quarter before each, and in the evening. At the other
    quarters it would only mark what the next of these looks marks.
    """
    tick(stage.counter, stage.library, on_clock(day, NIGHT))
    if is_working_day(day):
        waiting += plan(edition_on(stage, day))
    waiting.sort(key=lambda planned: planned.at)
    given = 0
    looks = {on_clock(day, EVENING)}
    for moment in stage.counter.moments:
        opening = on_clock(day, moment.at)
        looks.add(opening - timedelta(minutes=TICK_MINUTES))
        looks.add(opening)
    for look in sorted(looks):
        due = []
        for planned in waiting:
            if planned.at <= look:
                due.append(planned)
        del waiting[: len(due)]
        stage.cast_answers([(one.edition, one.colleague, one.answer) for one in due], day)
        look_if_due(stage.counter, look)
        after_look(look)
        given += len(due)
    return given


def edition_on(stage: Stage, day: date) -> PublishedEdition:
    """Return the edition of a day; a tick has drawn up the calendar."""
    with stage.database.reading() as session:
        edition = edition_of_day(session, day, Rhythm.DAILY)
    assert edition is not None, "the calendar was drawn up by the tick before this"
    return edition


def on_clock(day: date, at: time) -> datetime:
    """Return a time on the Dutch clock as a point in time."""
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)
