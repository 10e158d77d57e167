"""Tables of the calendar and of editions. Nothing here knows who answered."""

from datetime import date

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel


# D-7
class Edition(SQLModel, table=True):
    """One counted run of a dilemma: the exact wording and the days it takes answers.

    `number` counts the runs of this dilemma, from 1. A change of wording, or being planned again,
    is a new run with its own counts. `source` is the whole card file as it stood when the edition
    opened, so the wording that was counted can always be shown. `digest` is the SHA-256 of that
    wording. `frozen`: closed before its time (wording changed, backup restored). `settled`: closed
    and emptied by the counter. `part_not_counted`: answers waited at the close that could not be
    counted. `pools`: the version of the pools by which it opened; 0, and None until the counter
    chose, is the national pool alone. `pools_digest` is that of all rows of the version, None for
    one from before it was kept. `two_chairs`: who leads and who does not are counted apart.
    `chapter`: of the card, from 1, which its people are told before they choose again; 0 is the
    card itself, with a number so much lower. `pools_mac` covers all of these.
    """

    __table_args__ = (
        CheckConstraint("closes_on > opens_on", name="closes_after_opening"),
        Index("ix_edition_opens_on", "opens_on"),
    )

    dilemma: str = Field(primary_key=True, max_length=80)
    number: int = Field(primary_key=True)
    card_edition: int
    digest: str = Field(max_length=64)
    source: str = Field(sa_type=Text)
    opens_on: date
    closes_on: date
    frozen: bool = False
    settled: bool = False
    part_not_counted: bool = False
    two_chairs: bool = False
    pools: int | None = None
    pools_digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))
    pools_mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))
    chapter: int = 0


class CalendarDay(SQLModel, table=True):
    """The dilemma of one working day, as drawn up; a new card never changes it."""

    __tablename__ = "calendar_day"

    day: date = Field(primary_key=True)
    dilemma: str = Field(max_length=80, index=True)


class ChairWeek(SQLModel, table=True):
    """The dilemma from the chair of leidinggevenden of one week, beside those of its days."""

    __tablename__ = "chair_week"

    monday: date = Field(primary_key=True)
    dilemma: str = Field(max_length=80)
