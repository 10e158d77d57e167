"""The table of turns. A turn says nothing of a choice."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH


class Participation(SQLModel, table=True):
    """A row says that a turn is used, never what was chosen, nor by whom.

    `pseudonym`: see `answers.pseudonyms`. Counted is `in_box` without an envelope.
    """

    __table_args__ = (
        CheckConstraint(
            "state IN ('in_box', 'taken_back', 'seen', 'not_counted')", name="state_known"
        ),
        {"sqlite_with_rowid": False},
    )

    pseudonym: str = Field(primary_key=True, max_length=ID_LENGTH)
    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    state: str = Field(max_length=12)
