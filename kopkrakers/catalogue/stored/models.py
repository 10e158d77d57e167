"""Tables of cards that are written in the browser."""

from datetime import date

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table


class StoredCard(SQLModel, table=True):
    """A card that the desk keeps. It goes before a file of the same name.

    `published`: the number of the version that everybody sees, None before the first. `asked`: the
    version that waits for a second reader, and `asked_by` who asked.
    """

    __tablename__ = "stored_card"

    slug: str = Field(primary_key=True, max_length=80)
    published: int | None = None
    asked: int | None = None
    asked_by: int | None = Field(default=None, foreign_key="user.id")


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


STORED_CARD = table(StoredCard)
CARD_VERSION = table(CardVersion)
