"""Tables of regio's, of chairs, and of the pool of every gemeente when editions opened."""

from datetime import date

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH, table


class Regio(SQLModel, table=True):
    """Gemeenten that the operator put together, so that small ones have figures of their own.

    The row stays when the regio is removed: totals of earlier editions bear its name. Its
    gemeenten name it in `Gemeente.regio_id`.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    removed: bool = False


class PoolAssignment(SQLModel, table=True):
    """The pool of one gemeente in one version of the pools.

    A version is never changed: editions name the one by which they opened. A gemeente without a
    row votes nationally. `pool` is written as in `rules`; `mac` covers every other column.
    """

    __tablename__ = "pool_assignment"

    version: int = Field(primary_key=True)
    gemeente_id: int = Field(foreign_key="gemeente.id", primary_key=True)
    pool: str = Field(max_length=20)
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class RegioConsent(SQLModel, table=True):
    """One gemeente in a proposal for a regio: each of them has a row, with the same words.

    `regio_id`: the regio that is to grow; None where a new one is proposed. `asked_by`: the
    gemeente whose beheerder proposed it. `agreed`: the MAC by which this one agreed with all that
    stands in the proposal; None until then.
    """

    __tablename__ = "regio_consent"

    proposal: str = Field(primary_key=True, max_length=ID_LENGTH)
    gemeente_id: int = Field(foreign_key="gemeente.id", primary_key=True)
    name: str = Field(max_length=80)
    regio_id: int | None = Field(default=None, foreign_key="regio.id")
    asked_by: int = Field(foreign_key="gemeente.id")
    day: date
    agreed: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32), nullable=True))


class Chair(SQLModel, table=True):
    """The chair that somebody chose, for cards that are answered from two.

    It holds in editions that open after `since`; of several rows the last before the opening. Who
    has none sits in that of klantmanagers. `leads`: in that of leidinggevenden. `mac` covers all.
    """

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    since: date = Field(primary_key=True)
    leads: bool
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


REGIO = table(Regio)
POOL_ASSIGNMENT = table(PoolAssignment)
REGIO_CONSENT = table(RegioConsent)
CHAIR = table(Chair)
