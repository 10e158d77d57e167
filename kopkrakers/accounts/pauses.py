"""A pause: no reminders up to and including a day. It asks for no reason, and ends by itself."""

from datetime import date

from sqlalchemy import delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import PAUSE, Pause


def pause(session: Session, user_id: int, *, last_day: date, today: date) -> None:
    """Let this person's reminders rest up to and including `last_day`, instead of an earlier pause.

    The pauses of others that are over go as well: nothing keeps who paused, and when.
    """
    is_own_or_over = (PAUSE.c.user_id == user_id) | (PAUSE.c.last_day < today)
    session.execute(delete(PAUSE).where(is_own_or_over))
    session.add(Pause(user_id=user_id, last_day=last_day))


def end_pause(session: Session, user_id: int) -> None:
    """Let this person's reminders come again."""
    session.execute(delete(PAUSE).where(PAUSE.c.user_id == user_id))


def paused_until(session: Session, user_id: int, today: date) -> date | None:
    """Return the last day of this person's pause; None when there is none today."""
    statement = select(PAUSE.c.last_day).where(
        PAUSE.c.user_id == user_id, PAUSE.c.last_day >= today
    )
    return session.execute(statement).scalar()
