"""Tables of totals. A total has no key to a person."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table

NL = "NL"
"""The scope of all gemeenten together."""


class Tally(SQLModel, table=True):
    """How many chose an option, in whole bundles. `scope` is `NL` or a gemeente's id."""

    __table_args__ = (
        CheckConstraint("n >= 0", name="n_not_negative"),
        {"sqlite_with_rowid": False},
    )

    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    scope: str = Field(primary_key=True, max_length=20)
    option: str = Field(primary_key=True, max_length=1)
    n: int


class AttributeTally(SQLModel, table=True):
    """How many with one attribute value chose an option; national only, shown rounded."""

    __tablename__ = "attribute_tally"
    __table_args__ = (
        CheckConstraint("n >= 0", name="n_not_negative"),
        {"sqlite_with_rowid": False},
    )

    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    attribute: str = Field(primary_key=True, max_length=14)
    value: str = Field(primary_key=True, max_length=14)
    option: str = Field(primary_key=True, max_length=1)
    n: int


class ShiftTally(SQLModel, table=True):
    """How many chose an option before and another after talking, over many sessions; national only."""

    __tablename__ = "shift_tally"
    __table_args__ = (
        CheckConstraint("n >= 0", name="n_not_negative"),
        {"sqlite_with_rowid": False},
    )

    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    before: str = Field(primary_key=True, max_length=1)
    after: str = Field(primary_key=True, max_length=1)
    n: int


TALLY = table(Tally)
ATTRIBUTE_TALLY = table(AttributeTally)
SHIFT_TALLY = table(ShiftTally)
