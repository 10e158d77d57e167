"""The times of day at which the bus is opened, and the setting that names them."""

from collections.abc import Sequence
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
    moments = []
    for part in value.split(","):
        written = part.strip()
        if written:
            moments.append(_read_moment(written))
    moments.sort()
    if not moments:
        raise ValueError("geef minstens één tijd, zoals 17:45; anders wordt er nooit geteld")
    times = [moment.at for moment in moments]
    for before, after in pairwise(times):
        if before == after:
            raise ValueError(f"{before:%H:%M} staat er twee keer; geef elke tijd één keer")
    return tuple(moments)


def moments_in_words(moments: Sequence[Moment]) -> str:
    """Return all moments in words: "om 12.45 uur als er 25 enveloppen wachten en om 17.45 uur"."""
    parts = []
    for moment in moments:
        part = f"om {moment.at.hour}.{moment.at:%M} uur"
        if moment.at_least:
            part += f" als er minstens {moment.at_least} enveloppen wachten"
        parts.append(part)
    *others, last = parts
    if others:
        return f"{', '.join(others)} en {last}"
    return last


def _read_moment(part: str) -> Moment:
    written, separator, number = part.partition("=")
    at = _read_time(written.strip())
    if not separator:
        return Moment(at)
    return Moment(at, _read_number(number.strip()))


def _read_time(written: str) -> time:
    hours, _, minutes = written.partition(":")
    if not (_is_number(hours) and _is_number(minutes) and len(minutes) == 2):
        raise ValueError(f"'{written}' is geen tijd; schrijf uren en minuten, zoals 12:45=25,17:45")
    try:
        at = time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f"'{written}' is geen tijd van de dag; 17:45 wel") from None
    if at.minute % MINUTES_APART:
        raise ValueError(f"{written} is geen heel kwartier; de teller kijkt elk kwartier")
    if not FIRST <= at <= LAST:
        raise ValueError(
            f"{written} is 's nachts; kies een tijd van {FIRST:%H:%M} tot en met {LAST:%H:%M}; dan "
            "hoort hij bij één werkdag en weten mensen ervan"
        )
    return at


def _read_number(written: str) -> int:
    if not _is_number(written) or not 0 < int(written) <= MOST_WAITING:
        raise ValueError(
            f"'{written}' na = is geen getal van 1 tot en met {MOST_WAITING}: zoveel antwoorden "
            "moeten er dan wachten; laat = weg als de gewone grens genoeg is"
        )
    return int(written)


def _is_number(written: str) -> bool:
    # `isdigit` alone takes "²" and Arabic digits too; three of them are more than any of these has
    return written.isascii() and written.isdigit() and len(written) <= 3
