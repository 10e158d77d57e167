"""Tables of regio's, and of the pool of every gemeente as it was when editions opened."""

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table


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


REGIO = table(Regio)
POOL_ASSIGNMENT = table(PoolAssignment)
