"""Migrating up and down."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.migrations.state import VERSIONS
from kopkrakers.migrations.tables import metadata

NOTHING_NEW = "De modellen en de nieuwste migratie zijn gelijk: er valt niets te schrijven."

NEWER = (
    "Deze database is van een nieuwere uitgave van kopkrakers (migratie {revision}). Er is niets "
    "veranderd. Werk eerst het programma bij, of zet een back-up van vóór het bijwerken terug."
)
TAKEN = (
    "In deze database staan al tabellen die kopkrakers niet maakte: {tables}. Er is niets "
    "veranderd. Kies een lege database met KOPKRAKERS_DATABASE_URL, of zet een back-up terug."
)
BROKEN = (
    "Rijen in deze database verwijzen naar wat er niet is. Er is niets veranderd. Zet een back-up "
    "terug van voordat dat zo was."
)
MOST_NAMED = 5
"""Tables that a sentence names; more of them help nobody."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(
    database: Database, settings: Settings | None = None, *, revision: str = "head"
) -> None:
    """Bring the schema up to `revision`.

    `settings`: their secrets, which rows of an earlier version are signed with anew. An empty
    database needs none.
    Raises: ConfigurationError for a database that no version up to this one made.
    """
    with _changing_tables(database) as connection:
        config = _config(connection)
        _refuse_foreign(connection, config)
        config.attributes["settings"] = settings
        command.upgrade(config, revision)


@contextmanager
def _changing_tables(database: Database) -> Iterator[Connection]:
    """Yield a connection in a transaction in which a table may be made anew.

    SQLite changes most of a table by making another in its place. With foreign keys on, dropping
    one to which rows refer fails; so they are off, and all rows are held against them at the end.
    Raises: ConfigurationError when rows refer to what is not there; nothing is changed then.
    """
    with database.writer.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        sqlite = connection.connection.driver_connection
        assert sqlite is not None
        # on the driver's connection: within a transaction SQLite ignores it
        sqlite.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise ConfigurationError(BROKEN)
        finally:
            sqlite.execute("PRAGMA foreign_keys=ON")


def _refuse_foreign(connection: Connection, config: Config) -> None:
    """Refuse what the migrations would fail on half-way: tables of nobody, or of a newer version.

    Raises: ConfigurationError.
    """
    here = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if here is not None and here not in known:
        raise ConfigurationError(NEWER.format(revision=here))
    taken = sorted(set(inspect(connection).get_table_names()) & set(metadata.tables))
    if here is None and taken:
        raise ConfigurationError(TAKEN.format(tables=", ".join(taken[:MOST_NAMED])))


def unmigrate(database: Database, revision: str = "base") -> None:
    """Bring the schema down to `revision`."""
    with _changing_tables(database) as connection:
        command.downgrade(_config(connection), revision)


def write_next(name: str, *, into: Path = VERSIONS) -> Path:
    """Write a migration from the newest schema to the models, and return its file.

    The newest schema is made in a throw-away database. `into`: the folder of the new file.
    Raises: ConfigurationError when the models and the newest schema agree.
    """
    with TemporaryDirectory() as folder, Database(f"sqlite:///{folder}/newest.db") as database:
        migrate(database)
        with database.reader.connect() as connection:
            if not compare_metadata(MigrationContext.configure(connection), metadata):
                raise ConfigurationError(NOTHING_NEW)
        with database.writer.begin() as connection:
            config = _config(connection)
            config.set_main_option("version_locations", os.pathsep.join({str(VERSIONS), str(into)}))
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            script = command.revision(
                config,
                message=name,
                autogenerate=True,
                rev_id=f"{number:04}",
                version_path=str(into),
            )
    return Path(script.path)  # type: ignore[union-attr]
