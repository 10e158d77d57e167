"""The clock: an argument everywhere; the day in the Netherlands; how many days a browser counts."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
IDLE_DAYS = 90
"""Days after which a browser that was not used is signed out."""
FORTNIGHT_DAYS = 14
"""Days that a browser keeps a choice (`KEEP_DAYS` in kopkrakers.js), and that a key is new."""


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def amsterdam_day(moment: datetime) -> date:
    """The calendar day in the Netherlands at a moment."""
    return moment.astimezone(AMSTERDAM).date()
