"""Tables of totals. None has a key to a person, or a time."""

from sqlalchemy import CheckConstraint, Column, LargeBinary
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table

NL = "NL"
"""The scope of all gemeenten together."""
LEADERS = "L"
"""The scope of those who answered from the chair of a leidinggevende: no part of `NL`."""


class Tally(SQLModel, table=True):
    """The number of people who chose an option. `scope` is `NL`, a gemeente's id,
    `R` and a regio's id, or `L`.

    It is a sum of whole bundles, so two totals of a scope are equal or differ by a safe group.
    """

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
    """The number of people with one attribute value who chose an option.

    National only, and shown rounded.
    """

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
    """The number of people with one option before talking and one after, over many sessions.

    National only.
    """

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


class TotalMac(SQLModel, table=True):
    """The MAC of one part of an edition's totals: all rows of a scope, an attribute, or the shift.

    `kind` is the name of their table.
    """

    __tablename__ = "total_mac"
    __table_args__ = {"sqlite_with_rowid": False}

    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=20)
    part: str = Field(primary_key=True, max_length=20)
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class EditionMac(SQLModel, table=True):
    """The MAC of all totals of an edition, and the number of the last count that added to them."""

    __tablename__ = "edition_mac"
    __table_args__ = {"sqlite_with_rowid": False}

    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    count_number: int
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


TALLY = table(Tally)
ATTRIBUTE_TALLY = table(AttributeTally)
SHIFT_TALLY = table(ShiftTally)
TOTAL_MAC = table(TotalMac)
EDITION_MAC = table(EditionMac)
