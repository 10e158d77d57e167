"""Tables of what waits unopened. No moment, no autoincrement, no readable choice in any of them."""

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH


class Instance(SQLModel, table=True):
    """Which installation this database belongs to; the key folder carries the same id."""

    id: str = Field(primary_key=True, max_length=ID_LENGTH)


class BallotBox(SQLModel, table=True):
    """Where the envelopes of one pool wait. `subject` and `edition` say what is voted on, `pool` who votes.

    `kind` names the counting rule (`gemeente`, `land`, `attribute`). The private key is never here. `mac`
    covers every other column: a public key that someone put in the database is not sealed to.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "edition", "pool"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    kind: str = Field(max_length=10)
    subject: str = Field(max_length=80)
    edition: int
    pool: str = Field(max_length=20)
    public_key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class Envelope(SQLModel, table=True):
    """A sealed answer. One per voter and edition: the key refuses a double.

    `lived`: survived a tick, so may be counted. `nights`: nights waited, at most `NIGHTS`.
    `tried`: was in a group too much alike to publish. `mac` covers every other column.
    """

    __table_args__ = (
        CheckConstraint("nights >= 0", name="nights_not_negative"),
        {"sqlite_with_rowid": False},
    )

    voter: str = Field(primary_key=True, max_length=ID_LENGTH)
    subject: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    box_id: str = Field(foreign_key="ballot_box.id", index=True, max_length=ID_LENGTH)
    lived: bool = False
    nights: int = 0
    tried: bool = False
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class AttributeEnvelope(SQLModel, table=True):
    """An option with one attribute, under a random id: nothing says whose, or which others belong to it."""

    __tablename__ = "attribute_envelope"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    box_id: str = Field(foreign_key="ballot_box.id", index=True, max_length=ID_LENGTH)
    tried: bool = False
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class Refusal(SQLModel, table=True):
    """How many envelopes of a pool were moved, altered or forged and therefore not counted; never whose."""

    __table_args__ = {"sqlite_with_rowid": False}

    kind: str = Field(primary_key=True, max_length=10)
    subject: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    pool: str = Field(primary_key=True, max_length=20)
    n: int
