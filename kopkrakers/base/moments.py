"""The times of day at which the bus is opened, and the setting that names them."""

from dataclasses import dataclass
from datetime import time
from itertools import pairwise

FIRST, LAST = time(6, 0), time(23, 0)
"""The earliest and the latest time of day that can be chosen, in Amsterdam.

Before `FIRST` the round of the night moves envelopes. A moment at midnight would belong to no day.
"""
MINUTES_APART = 15
"""The counter looks this often, so a moment lies on a whole multiple of it."""
MOST_WAITING = 100
"""The largest number of envelopes that a moment may ask for."""


@dataclass(frozen=True, order=True)
class Moment:
    """A time of day in Amsterdam at which boxes are opened.

    `at_least`: envelopes that must wait in a box then, where that is more than its rule asks.
    """

    at: time
    at_least: int = 0


USUAL_MOMENTS = (Moment(time(12, 45), at_least=25), Moment(time(17, 45)))
"""Noon only where many wait, so that early bundles are large; the evening for everybody else."""


def read_moments(value: str) -> tuple[Moment, ...]:
    """Return the moments in a setting such as `12:45=25,17:45`, in the order of the day.

    Raises: ValueError with a sentence.
    """
    moments = sorted(_read_moment(part.strip()) for part in value.split(",") if part.strip())
    if not moments:
        raise ValueError("give at least one time, such as 17:45; otherwise nothing is ever counted")
    times = [moment.at for moment in moments]
    for before, after in pairwise(times):
        if before == after:
            raise ValueError(f"{before:%H:%M} is there twice; give every time once")
    return tuple(moments)


def _read_moment(part: str) -> Moment:
    written, separator, number = part.partition("=")
    at = _read_time(written.strip())
    return Moment(at, _read_number(number.strip()) if separator else 0)


def _read_time(written: str) -> time:
    hours, _, minutes = written.partition(":")
    if not (_is_number(hours) and _is_number(minutes) and len(minutes) == 2):
        raise ValueError(f"'{written}' is no time; write hours and minutes, such as 12:45=25,17:45")
    try:
        at = time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f"'{written}' is no time of the day; 17:45 is one") from None
    if at.minute % MINUTES_APART:
        raise ValueError(
            f"{written} is not on a quarter of an hour; the counter looks every quarter"
        )
    if not FIRST <= at <= LAST:
        raise ValueError(
            f"{written} is at night; choose a time from {FIRST:%H:%M} to {LAST:%H:%M}, so that a "
            "moment belongs to one working day and people can know it"
        )
    return at


def _read_number(written: str) -> int:
    if not _is_number(written) or not 0 < int(written) <= MOST_WAITING:
        raise ValueError(
            f"'{written}' after = is no number from 1 to {MOST_WAITING}: the answers that must "
            "wait at that time at least; leave = out where the usual size of a group is enough"
        )
    return int(written)


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 3
