"""What many tests begin with, written by the product once, and after that as it was then.

Remembered by all that it rests on: each row and key there was before, and what the caller names.
A test that begins otherwise, by one row or one setting, has the product do its work.
"""

import pickle
import sqlite3
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import sql
from pydantic import SecretStr
from sqlmodel import SQLModel

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database

T = TypeVar("T")
Rows = Mapping[str, Any]
"""The rows of each table that has any: of SQLite as values, of PostgreSQL as it copies them."""
Files = Mapping[str, tuple[int, bytes]]
"""The rights and the content of each file in a folder."""
PLACES = {"database_url", "key_dir", "cards_dir"}
"""Settings that differ by test; what lies there counts, and not where."""
SEQUENCES = (
    "SELECT sequencename, last_value FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


@dataclass(frozen=True)
class _Written:
    """All there was afterwards. `numbers`: how far each sequence of PostgreSQL had come."""

    rows: Rows
    numbers: Mapping[str, int]
    files: Files
    outcome: bytes


_KEPT: dict[Hashable, _Written] = {}


# D-161
def written_once(
    write: Callable[[], T], database: Database, *rests_on: Hashable, key_dir: Path | None = None
) -> T:
    """Let `write` fill a database and a key folder, or put there what it put there before.

    `rests_on`: all that decides what it writes, besides those two. Return what it returned.
    """
    before = _rows_in(database)
    # its words, and no pickle: that differs where equal texts are one object
    beginning = repr((before, _numbers_of(database), _keys_in(key_dir)))
    known = (database.is_sqlite, beginning, rests_on)
    kept = _KEPT.get(known)
    if kept is None:
        outcome = write()
        after = (_rows_in(database), _numbers_of(database), _keys_in(key_dir))
        _KEPT[known] = _Written(*after, pickle.dumps(outcome))
        return outcome
    _put_rows(database, before, kept)
    if key_dir is not None:
        _put_files(key_dir, kept.files)
    again: T = pickle.loads(kept.outcome)
    return again


def told_by(settings: Settings) -> str:
    """Return what stands for all settings, secrets too, and all cards."""
    told = settings.model_dump(exclude=PLACES)
    for name, value in told.items():
        if isinstance(value, SecretStr):
            told[name] = value.get_secret_value()
    return repr(told) + cards_in(settings.cards_dir)


def cards_in(folder: Path) -> str:
    """Return what stands for all cards of a folder."""
    return repr(_files_in(folder))


def _files_in(folder: Path) -> Files:
    return {
        path.name: (path.stat().st_mode & 0o777, path.read_bytes())
        for path in sorted(folder.iterdir())
    }


def _keys_in(key_dir: Path | None) -> Files:
    return {} if key_dir is None else _files_in(key_dir)


def _rows_in(database: Database) -> Rows:
    with database.reader.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            filled = driver.execute(_which_have_rows()).fetchall()
            return {table: _selected(driver, table) for (table,) in filled}
        # prepared at once, for to plan it takes longer than all that follows
        filled = driver.execute(_which_have_rows(), prepare=True).fetchall()
        return {table: _copied(driver, table) for (table,) in filled}


def _which_have_rows() -> str:
    one = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM \"{0}\")"
    return " UNION ALL ".join(one.format(table) for table in SQLModel.metadata.tables)


def _columns(table: str) -> list[str]:
    """Return the columns by name: migrations and models do not put them in the same order."""
    return [column.name for column in SQLModel.metadata.tables[table].columns]


def _named(table: str) -> str:
    return ", ".join(f'"{name}"' for name in _columns(table))


def _selected(driver: sqlite3.Connection, table: str) -> list[Any]:
    return driver.execute(f'SELECT {_named(table)} FROM "{table}"').fetchall()


def _copied(driver: psycopg.Connection, table: str) -> bytes:
    copy = _copy("COPY {} ({}) TO STDOUT", table)
    with driver.cursor() as cursor, cursor.copy(copy) as rows:
        return b"".join(bytes(row) for row in rows)


def _numbers_of(database: Database) -> Mapping[str, int]:
    if database.is_sqlite:
        return {}
    with database.reader.connect() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql(SEQUENCES)}


def _put_rows(database: Database, before: Rows, kept: _Written) -> None:
    """Give each table that differs the rows that were written then."""
    differs = [name for name in {**before, **kept.rows} if before.get(name) != kept.rows.get(name)]
    connection = database.writer.raw_connection()
    try:
        driver: Any = connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            _put_on_sqlite(driver, before, {name: kept.rows.get(name, ()) for name in differs})
        else:
            _put_on_postgres(driver, before, {name: kept.rows.get(name, b"") for name in differs})
            for name, number in kept.numbers.items():
                driver.execute("SELECT setval(%s::regclass, %s)", [name, number])
            driver.commit()
    finally:
        connection.close()


def _put_on_sqlite(driver: sqlite3.Connection, before: Rows, rows: Rows) -> None:
    # in any order, so foreign keys are looked at by nobody until all is there
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute("BEGIN IMMEDIATE")
    for table, of_table in rows.items():
        if table in before:
            driver.execute(f'DELETE FROM "{table}"')
        if of_table:
            places = ", ".join("?" * len(of_table[0]))
            into = f'INSERT INTO "{table}" ({_named(table)}) VALUES ({places})'
            driver.executemany(into, of_table)
    driver.execute("COMMIT")
    driver.execute("PRAGMA foreign_keys = ON")


def _put_on_postgres(driver: psycopg.Connection, before: Rows, rows: Rows) -> None:
    driver.execute("SET LOCAL session_replication_role = replica")
    for table, of_table in rows.items():
        if table in before:
            driver.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        into = _copy("COPY {} ({}) FROM STDIN", table)
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            copy.write(of_table)


def _copy(words: LiteralString, table: str) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(table)))
    return sql.SQL(words).format(sql.Identifier(table), columns)


def _put_files(folder: Path, files: Files) -> None:
    for gone in _files_in(folder).keys() - files.keys():
        (folder / gone).unlink()
    for name, (rights, content) in files.items():
        path = folder / name
        path.write_bytes(content)
        path.chmod(rights)
