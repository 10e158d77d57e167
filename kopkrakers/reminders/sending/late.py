"""How many messages wait longer than they should: a number for monitoring, and nothing of whose."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts.models import PAUSE, USER, Status
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.reminders.models import REMINDER, Kind
from kopkrakers.reminders.rules import JITTER_MINUTES, LATE_MINUTES, falls_on, moment_of
from kopkrakers.reminders.sending.courier import is_unclaimed

PATIENCE = timedelta(minutes=JITTER_MINUTES + 5)
"""The time after its own at which a message of a courier that runs has left."""


def late_messages(session: Session, now: datetime, kind: Kind) -> int:
    """Return how many messages of a kind should have left by now, and can still leave today."""
    day = amsterdam_day(now)
    paused = select(PAUSE.c.user_id).where(PAUSE.c.last_day >= day)
    statement = (
        select(REMINDER.c.at, REMINDER.c.weekday, func.count().label("people"))
        .join(USER, USER.c.id == REMINDER.c.user_id)
        .where(
            REMINDER.c.kind == kind,
            is_unclaimed(REMINDER, day),
            REMINDER.c.user_id.not_in(paused),
            USER.c.status == Status.ACTIVE,
        )
        .group_by(REMINDER.c.at, REMINDER.c.weekday)
    )
    late = 0
    for row in session.execute(statement):
        since = now - moment_of(day, row.at)
        if falls_on(row.weekday, day) and PATIENCE <= since < timedelta(minutes=LATE_MINUTES):
            late += row.people
    return late
