"""The ground under everything: migrations go both ways and match the models; writers take turns."""

import fcntl
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, Table, bindparam, create_engine, insert, select, text
from sqlalchemy.exc import DatabaseError

from kopkrakers.accounts.models import Gemeente
from kopkrakers.base.db import IDLE_SECONDS, Database, table
from kopkrakers.base.errors import ConfigurationError, NotNow
from kopkrakers.migrations.run import migrate, unmigrate, write_next
from kopkrakers.migrations.state import is_current
from kopkrakers.migrations.tables import metadata
from tests.support.world import add_gemeente

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgres_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
GEMEENTE = table(Gemeente)


def test_migrations_match_the_models(database: Database) -> None:
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_go_down_and_up_again(database: Database) -> None:
    unmigrate(database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)


def queue_of(database: Database) -> Path:
    """The file beside a SQLite database on which its writers wait."""
    return Path(f"{database.writer.url.database}-rij")


def write(database: Database, name: str, done: Callable[[], None]) -> None:
    with database.transaction() as session:
        add_gemeente(session, name)
    done()


@sqlite_only
def test_a_writer_waits_until_another_process_has_had_its_turn(database: Database) -> None:
    done = Event()
    with queue_of(database).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        writer = Thread(target=write, args=(database, "Zaanstad", done.set))
        writer.start()
        assert not done.wait(0.3)
    assert done.wait(10)
    writer.join()


@sqlite_only
def test_a_second_thread_does_not_wait_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kopkrakers.base.db.BUSY_TIMEOUT_MS", 50)
    done = Event()
    with queue_of(database).open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        writer = Thread(target=write, args=(database, "Zaanstad", done.set))
        writer.start()
        assert not done.wait(0.1)
        with pytest.raises(NotNow), database.transaction():
            pass
    writer.join()
    assert done.is_set()


@sqlite_only
def test_without_a_queue_writers_still_write(database: Database) -> None:
    queue_of(database).mkdir()
    done = Event()
    write(database, "Zaanstad", done.set)
    assert done.is_set()


def test_a_fault_while_writing_gives_the_turn_to_the_next(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction():
        raise ZeroDivisionError
    write(database, "Zaanstad", Event().set)
    with database.reading() as session:
        assert session.execute(select(GEMEENTE.c.name)).scalars().all() == ["Zaanstad"]


@sqlite_only
def test_a_writer_holds_the_database_from_its_first_read(database: Database) -> None:
    path = database.writer.url.database
    assert path is not None
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with database.transaction() as session:
        session.execute(select(GEMEENTE.c.name)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_an_error_of_the_database_does_not_repeat_what_was_being_written(
    database: Database,
) -> None:
    broken = text("INSERT INTO gemeente (name, unknown_column) VALUES (:name, 1)")
    with pytest.raises(DatabaseError) as error, database.transaction() as session:
        session.execute(broken, {"name": "geheim-merk"})
    assert "unknown_column" in str(error.value)
    assert "geheim-merk" not in str(error.value)


@sqlite_only
def test_who_writes_rows_waits_as_a_session_does(database: Database) -> None:
    path = database.writer.url.database
    assert path is not None
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with database.writing_rows() as rows:
        rows.connection().execute(select(GEMEENTE.c.name)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.close()


def test_rows_are_written_together_or_not_at_all(database: Database) -> None:
    new = insert(GEMEENTE).values(name=bindparam("name"), is_organisation=False)
    with pytest.raises(ZeroDivisionError), database.writing_rows() as rows:
        rows.connection().execute(new, {"name": "Zaanstad"})
        raise ZeroDivisionError
    with database.writing_rows() as rows:
        rows.connection().execute(new, {"name": "Purmerend"})
    with database.reading_rows() as rows:
        assert rows.connection().execute(select(GEMEENTE.c.name)).scalars().all() == ["Purmerend"]


@postgres_only
def test_connections_that_broke_while_they_rested_are_replaced(database: Database) -> None:
    write(database, "Zaanstad", Event().set)
    with database.reading() as session:
        session.execute(select(GEMEENTE.c.name))
    other = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        ended = connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        ).all()  # fmt: skip
    other.dispose()
    assert len(ended) >= 2
    time.sleep(IDLE_SECONDS)
    write(database, "Almere", Event().set)
    with database.reading() as session:
        assert len(session.execute(select(GEMEENTE.c.name)).scalars().all()) == 2


def test_a_migration_is_written_only_when_the_models_changed(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="niets te schrijven"):
        write_next("nothing", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_migration_holds_what_changed_both_ways(tmp_path: Path) -> None:
    columns = Column("id", Integer, primary_key=True), Column("place", Integer, index=True)
    extra = Table("shelf", metadata, *columns)
    try:
        written = write_next("a shelf", into=tmp_path)
    finally:
        metadata.remove(extra)
    text = written.read_text()
    assert written.parent == tmp_path and written.name.endswith("_a_shelf.py")
    assert "    op.create_table(" in text and "    op.drop_table(" in text
    assert "    op.create_index(" in text and "    op.drop_index(" in text
    assert "#" not in text, "the comments of the tool"
