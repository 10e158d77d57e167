"""The clock: an argument everywhere, and the day in the Netherlands."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def amsterdam_day(moment: datetime) -> date:
    """The calendar day in the Netherlands at a moment."""
    return moment.astimezone(AMSTERDAM).date()
