"""Tables of what people send in. Without a name nothing in them leads to a person."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH, table


class CaseState(StrEnum):
    """The states of a case that was sent in."""

    RECEIVED = "received"
    TAKEN = "taken"
    CARD = "card"
    DECLINED = "declined"


class SentCase(SQLModel, table=True):
    """A case from practice, as somebody sent it in.

    `code_hash`: SHA-256 of the code that the sender alone has. `week`: the Monday of the week in
    which it came, never a moment or a day. `marks`: what was marked when it was sent, a line each.
    `sender_id` and `gemeente`: only if the sender chose so. `taken_by`: the redacteur who has it.
    `answer`: what the redactie says to whoever has the code. `slug`: the card it becomes.
    """

    __tablename__ = "sent_case"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'taken', 'card', 'declined')", name="state_known"),
        {"sqlite_with_rowid": False},
    )

    code_hash: str = Field(primary_key=True, max_length=64)
    week: date
    happened: str = Field(sa_type=Text)
    ways: str = Field(sa_type=Text)
    hard: str = Field(sa_type=Text)
    theme: str = Field(max_length=80)
    marks: str = Field(default="", sa_type=Text)
    sender_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    gemeente: str | None = Field(default=None, max_length=80)
    state: str = Field(default=CaseState.RECEIVED, max_length=10)
    taken_by: int | None = Field(default=None, foreign_key="user.id")
    answer: str = Field(default="", sa_type=Text)
    slug: str | None = Field(default=None, max_length=80)


class CardReport(SQLModel, table=True):
    """Something that a reader says is wrong on a card.

    `week`: the Monday of the week in which it came. `part`: which part of the card. `marks`, and
    `sender_id` and `gemeente`: as of a case. `taken_by`: the redacteur who has it. `done`: it was
    looked at.
    """

    __tablename__ = "card_report"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    week: date
    slug: str = Field(max_length=80)
    edition: int
    part: str = Field(max_length=20)
    text: str = Field(sa_type=Text)
    marks: str = Field(default="", sa_type=Text)
    sender_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    gemeente: str | None = Field(default=None, max_length=80)
    taken_by: int | None = Field(default=None, foreign_key="user.id")
    done: bool = False


class DeskMail(SQLModel, table=True):
    """The day on which the redactie was mailed what waits: one mail a day at most."""

    __tablename__ = "desk_mail"

    day: date = Field(primary_key=True)


SENT_CASE = table(SentCase)
CARD_REPORT = table(CardReport)
DESK_MAIL = table(DeskMail)
