"""Tables of cards that are written in the browser."""

from datetime import date, datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH, UTCDateTime, table


class StoredCard(SQLModel, table=True):
    """A card that the desk keeps. It goes before a file of the same name.

    `published`: the number of the version that everybody sees, None before the first. `asked`: the
    version that waits for a second reader, and `asked_by` who asked. `busy_by`: who typed in it
    last, and `busy_at` when, so that two redacteuren see each other.
    """

    __tablename__ = "stored_card"

    slug: str = Field(primary_key=True, max_length=80)
    published: int | None = None
    asked: int | None = None
    asked_by: int | None = Field(default=None, foreign_key="user.id")
    busy_by: int | None = Field(default=None, foreign_key="user.id")
    busy_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class CardVersion(SQLModel, table=True):
    """The whole text of a card as somebody saved it; never changed, so nothing is lost.

    The key lets one of two who save at once through. `written_by`: None for the operator.
    """

    __tablename__ = "card_version"

    slug: str = Field(primary_key=True, max_length=80, foreign_key="stored_card.slug")
    number: int = Field(primary_key=True)
    source: str = Field(sa_type=Text)
    written_by: int | None = Field(default=None, foreign_key="user.id")
    day: date


class CardRemark(SQLModel, table=True):
    """A remark of a redacteur on a card, for the others.

    `number`: the version that it is about. `part`: the section of the form, empty for the whole
    card. `solved`: somebody said that it is done.
    """

    __tablename__ = "card_remark"

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    slug: str = Field(max_length=80, foreign_key="stored_card.slug", index=True)
    number: int
    part: str = Field(default="", max_length=30)
    text: str = Field(sa_type=Text)
    written_by: int | None = Field(default=None, foreign_key="user.id")
    day: date
    solved: bool = False


STORED_CARD = table(StoredCard)
CARD_VERSION = table(CardVersion)
CARD_REMARK = table(CardRemark)
