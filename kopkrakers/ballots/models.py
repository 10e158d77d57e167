"""Tables of envelopes that wait unopened. None has a time, a sequence or a readable choice."""

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH


class Instance(SQLModel, table=True):
    """The id of this installation and the number of counts; the key folder carries them too.

    `count_number_mac` covers both columns; it is empty before the first count.
    """

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    count_number: int = 0
    count_number_mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class BallotBox(SQLModel, table=True):
    """The box of one pool: `subject` and `edition` are voted on, `pool` is who votes.

    `kind` names the counting rule (`gemeente`, `land`, `leiding`, `attribute`, `shift`,
    `room`). The private
    key is a file of the counter, never a column. `mac` covers every other column, so that nobody
    seals to a public key that someone else put in the database.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "edition", "pool"),
        # a rowid would keep the order of insertion
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    kind: str = Field(max_length=10)
    subject: str = Field(max_length=80)
    edition: int
    pool: str = Field(max_length=20)
    public_key: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


# D-5
class Envelope(SQLModel, table=True):
    """A sealed answer. The primary key allows one per voter, subject and edition.

    `voter`: a pseudonym, for answers that of `answers.pseudonyms`, in a session the random id of a
    participant; on a stelling a mark that its phone alone can make.

    `lived`: it was there at an earlier look, so its voter had time to take it back and it may be
    counted. `nights`: the nights it waited, at most `NIGHTS`. `tried`: it was in a group whose
    answers were too much alike to publish. `mac` covers every other column.
    """

    __table_args__ = (
        CheckConstraint("nights >= 0", name="nights_not_negative"),
        {"sqlite_with_rowid": False},
    )

    voter: str = Field(primary_key=True, max_length=ID_LENGTH)
    subject: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    box_id: str = Field(foreign_key="ballot_box.id", index=True, max_length=ID_LENGTH)
    # D-2
    lived: bool = False
    nights: int = 0
    tried: bool = False
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class AttributeEnvelope(SQLModel, table=True):
    """A pile of loose attributes, sealed: options with one value each, in alphabetical order.

    Nothing in the row says whose they were, or which other attributes came from the same answer.
    """

    __tablename__ = "attribute_envelope"
    __table_args__ = {"sqlite_with_rowid": False}

    # new at every count (D-53)
    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    box_id: str = Field(foreign_key="ballot_box.id", index=True, max_length=ID_LENGTH)
    tried: bool = False
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class Refusal(SQLModel, table=True):
    """The number of envelopes in a box that were moved, altered or forged; never whose."""

    __table_args__ = {"sqlite_with_rowid": False}

    kind: str = Field(primary_key=True, max_length=10)
    subject: str = Field(primary_key=True, max_length=80)
    edition: int = Field(primary_key=True)
    pool: str = Field(primary_key=True, max_length=20)
    n: int
