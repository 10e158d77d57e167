"""Telling whether the schema is current, without what migrating takes.

Every page and the counter ask it. Alembic would answer by importing itself and all migrations:
15 MB of each process.
"""

from pathlib import Path

from sqlalchemy import String, column, inspect, select, table

from kopkrakers.base.db import Database
from kopkrakers.migrations.tables import metadata

VERSIONS = Path(__file__).parent / "versions"
_MIGRATION = "[0-9]*_*.py"
_APPLIED = select(column("version_num", String)).select_from(table("alembic_version"))
"""The number of the migration that ran last, in the table that Alembic keeps."""


# D-159
def newest_migration() -> str:
    """Return the number of the newest migration: that with which the name of its file begins."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob(_MIGRATION))


def is_current(database: Database) -> bool:
    """Whether every migration has run."""
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        here: str | None = connection.scalar(_APPLIED)
    return here == newest_migration()


def differences(database: Database) -> list[str]:
    """Return the names of our tables that are absent or lack a column, whatever the revision says.

    Tables, columns and indexes that someone else keeps in the same database are theirs.
    """
    with database.reader.connect() as connection:
        there = inspect(connection).get_multi_columns()
    columns = {}
    for (_, name), found in there.items():
        columns[name] = {one["name"] for one in found}
    absent = []
    for name, ours in metadata.tables.items():
        if not {one.name for one in ours.columns} <= columns.get(name, set()):
            absent.append(name)
    return sorted(absent)
