"""A clock that is an argument: it stands still until a test moves it."""

from datetime import UTC, datetime, time, timedelta

from kopkrakers.base.moments import Moment

QUARTERS = (0, 15, 30, 45)
EVERY_QUARTER = tuple(Moment(time(hour, minute)) for hour in range(24) for minute in QUARTERS)
"""A moment at every look of a working day: for tests that are about something else."""
MONDAY_MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class StoppedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: datetime = MONDAY_MORNING) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **how: float) -> None:
        """Move on by so many seconds, minutes, hours, days or weeks, as `timedelta` names them."""
        self.moment += timedelta(**how)
