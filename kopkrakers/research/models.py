"""Tables of releases, and of the people who may fetch them."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary, Text
from sqlmodel import Field, SQLModel


class ResearchRelease(SQLModel, table=True):
    """A dataset as it was made, once.

    `month`: at most one a month. `tables`: the summaries and the overview for pages (JSON).
    """

    __tablename__ = "research_release"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    month: str = Field(max_length=7, unique=True)
    sha256: str = Field(max_length=64)
    size: int
    zip: bytes = Field(sa_type=LargeBinary)
    tables: str = Field(sa_type=Text)


class ReleasePart(SQLModel, table=True):
    """The rows of one table about one edition (JSON), so that a page need not open the dataset.

    A table that is not about dilemmas has one part, with an empty dilemma and edition 0. `margins`
    never leaves: the exact sums of a protected table when it was made (JSON), for the audit of the
    next release.
    """

    __tablename__ = "release_part"

    number: int = Field(foreign_key="research_release.number", primary_key=True)
    table_id: str = Field(primary_key=True, max_length=40)
    dilemma: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    rows: str = Field(sa_type=Text)
    margins: str | None = Field(default=None, sa_type=Text)


class GemeenteCode(SQLModel, table=True):
    """The code of a gemeente and its province, in the list of CBS for the first day of a year."""

    __tablename__ = "gemeente_code"

    gemeente_id: int = Field(foreign_key="gemeente.id", primary_key=True)
    code: str = Field(max_length=6)
    province: str = Field(max_length=40)
    year: int


class ResearchTerms(SQLModel, table=True):
    """That an onderzoeker promised not to trace anyone. A new version of the terms asks anew."""

    __tablename__ = "research_terms"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    version: int = Field(primary_key=True)


class ApiToken(SQLModel, table=True):
    """A key to the API. Only its SHA-256 is kept; it stops on `expires_on`.

    `name`: as its owner calls it. `last_month`: in which it was used last, as `2026-11`.
    """

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("scope IN ('tables', 'dataset')", name="scope_known"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", index=True)
    hash: str = Field(max_length=64, unique=True)
    scope: str = Field(max_length=10)
    expires_on: date
    revoked: bool = False
    name: str = Field(default="", max_length=60)
    last_month: str | None = Field(default=None, max_length=7)
