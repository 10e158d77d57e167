"""Migrating up and down, and telling whether the schema is current."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from kopkrakers.base.db import Database
from kopkrakers.migrations.tables import metadata


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    with database.writer.begin() as connection:
        command.upgrade(_config(connection), revision)


def unmigrate(database: Database, revision: str = "base") -> None:
    """Bring the schema down to `revision`."""
    with database.writer.begin() as connection:
        command.downgrade(_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether every migration has run."""
    with database.reader.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == ScriptDirectory.from_config(_config()).get_current_head()


def differences(database: Database) -> list[str]:
    """Return the names of our tables that are absent or lack a column, whatever the revision says.

    Tables and indexes that someone else keeps in the same database are theirs.
    """
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, metadata)
    added = [difference for difference in found if isinstance(difference, tuple)]
    tables = {str(what[0].name) for kind, *what in added if kind == "add_table"}
    return sorted(tables | {str(what[1]) for kind, *what in added if kind == "add_column"})


def autogenerate(database: Database, message: str, revision_id: str) -> None:
    """Write a migration for the difference between the models and the database."""
    with database.writer.begin() as connection:
        command.revision(
            _config(connection), message=message, autogenerate=True, rev_id=revision_id
        )
