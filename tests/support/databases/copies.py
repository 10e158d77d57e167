"""A database that is copied back as it was: a promoted replica, or a dump put back by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, select

from kopkrakers.base.db import Database
from kopkrakers.migrations.tables import metadata
from tests.support import tally_guard

Copy = Mapping[Table, Sequence[Mapping[str, Any]]]


def copy_of(database: Database) -> Copy:
    """Return every row of every table."""
    copied = {}
    with database.snapshot() as session:
        for table in metadata.sorted_tables:
            copied[table] = [dict(row) for row in session.execute(select(table)).mappings()]
    return copied


def copy_back(database: Database, copied: Copy) -> None:
    """Make every table as it was."""
    with database.transaction() as session, tally_guard.unhooked("the totals of the copy"):
        for table in reversed(metadata.sorted_tables):
            session.execute(delete(table))
        for table, rows in copied.items():
            if rows:
                session.execute(insert(table), rows)
