"""Tables of reminders: what somebody asked for, and the day of the last one. Never who answered."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table


class Kind(StrEnum):
    """The kinds of reminder that a person can ask for."""

    MAIL = "mail"
    PUSH = "push"


class Reminder(SQLModel, table=True):
    """A reminder that a person asked for.

    `at`: minutes since midnight on the Dutch clock. `weekday`: of a weekly one, 0 is Monday; None
    is every working day. `sent_on`: the day that was claimed last, by the courier or at the choice.
    `sealed`: of a push message, the subscription of the one device it goes to.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('mail', 'push')", name="kind_known"),
        {"sqlite_with_rowid": False},
    )

    # one of each kind: moving the time of a message never makes two of it
    user_id: int = Field(foreign_key="user.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=4)
    at: int
    weekday: int | None = None
    sent_on: date | None = None
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class TeamHook(SQLModel, table=True):
    """An address of Teams or Slack at which the dilemma of the day is told to a whole team.

    `sealed`: the address, which is a secret. `at`, `sent_on`: as in `Reminder`. `refused`: the
    server there said that it takes no more; nothing is sent until somebody sets it anew.
    """

    __tablename__ = "team_hook"
    __table_args__ = {"sqlite_with_rowid": False}

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: int
    sent_on: date | None = None
    refused: bool = False


REMINDER = table(Reminder)
TEAM_HOOK = table(TeamHook)
