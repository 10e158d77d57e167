"""A clock that is an argument: it stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

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
