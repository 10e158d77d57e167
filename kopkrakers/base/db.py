"""The database: engines, sessions, transactions, and what SQLite and PostgreSQL do differently."""

import fcntl
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import monotonic
from typing import Any, Protocol, Self, TypeVar, cast

from sqlalchemy import Connection, DateTime, Engine, Result, Table, create_engine, event
from sqlalchemy.engine import CursorResult, Dialect
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

from kopkrakers.base.errors import NotNow

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# a migration can only drop a constraint by its name, and the databases would each choose their own
SQLModel.metadata.naming_convention = NAMING_CONVENTION

BUSY_TIMEOUT_MS = 5000
"""Milliseconds that a SQLite writer waits for another before it gives up."""
IDLE_SECONDS = 1.0
"""A connection to PostgreSQL that was idle for longer is tested before it is used."""
BUSY = "De database is even bezet. Probeer het zo opnieuw."


LARGEST_ID = 2**31 - 1
"""The largest number that an integer column holds on PostgreSQL; a larger one is never an id."""
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""The errors that say that the database does not answer, and not that a question was wrong."""
Value = TypeVar("Value")
IN_ONE_STATEMENT = 500
"""Values that one statement asks for; a database takes some thirty thousand at most."""
AT_A_TIME = 500
"""Rows of a whole table that are in memory together: it may hold every account of a country."""
ID_LENGTH = 32
"""Characters of a random id: 128 bits in hexadecimal."""


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield the values in parts small enough for the `IN` of one statement."""
    for start in range(0, len(values), IN_ONE_STATEMENT):
        yield values[start : start + IN_ONE_STATEMENT]


def new_id() -> str:
    """Return a random id of `ID_LENGTH` hexadecimal characters.

    It tells nothing of its owner or of the moment it was made.
    """
    return token_hex(ID_LENGTH // 2)


def table(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table of a model, for Core statements."""
    declared: Table = model.__table__  # type: ignore[attr-defined]
    return declared


def changed(result: Result[Any]) -> int:
    """The number of rows that an insert, update or delete changed."""
    return cast("CursorResult[Any]", result).rowcount


class Rows(Protocol):
    """Whatever rows are read and written through: a session, or a connection alone."""

    def connection(self) -> Connection:
        """Return what runs statements."""


@dataclass(frozen=True)
class _Plain:
    """Rows of one connection."""

    kept: Connection

    def connection(self) -> Connection:
        """Return the connection."""
        return self.kept


def insert_once(
    session: Rows, into: Table, row: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> bool:
    """Insert one or more rows, except those whose key exists. Return whether one was new."""
    connection = session.connection()
    return changed(connection.execute(_insert_once(connection.dialect.name, into), row)) > 0


def add_to(session: Session, totals: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add each row's `n` to the row of totals with the same key; insert it if there is none."""
    connection = session.connection()
    connection.execute(_add_to(connection.dialect.name, totals), rows)


def put_over(session: Session, into: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; where one with the same key exists, it gets the other columns."""
    connection = session.connection()
    connection.execute(_put_over(connection.dialect.name, into), rows)


# D-170
@cache
def _insert_of(dialect: str) -> Callable[[Table], Any]:
    """Return the insert of a database, which knows what to do with a taken key.

    Imported here: the dialect of PostgreSQL takes 2 MB, for which SQLite has no use.
    """
    insert: Callable[[Table], Any] = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return insert


@cache
def _insert_once(dialect: str, into: Table) -> Any:
    statement = _insert_of(dialect)(into).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)


@cache
def _add_to(dialect: str, totals: Table) -> Any:
    statement = _insert_of(dialect)(totals)
    return statement.on_conflict_do_update(
        index_elements=list(totals.primary_key), set_={"n": totals.c.n + statement.excluded.n}
    )


@cache
def _put_over(dialect: str, into: Table) -> Any:
    statement = _insert_of(dialect)(into)
    key = list(into.primary_key)
    others = {column.name: statement.excluded[column.name] for column in into.columns}
    for column in key:
        del others[column.name]
    return statement.on_conflict_do_update(index_elements=key, set_=others)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite hands back naive datetimes; this puts the zone on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a naive moment and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give a moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Database:
    """One database, with an engine for reading and one for writing.

    Reading runs in autocommit. Writing on SQLite always begins IMMEDIATE, so that two writers
    wait for each other instead of failing, and they wait in a queue of our own; the two
    engines are apart because setting AUTOCOMMIT on a shared engine silently loses the IMMEDIATE.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        # without parameters: the text of an error would repeat what was being written (D-13)
        self.writer: Engine = create_engine(url, hide_parameters=True)
        self.reader: Engine = create_engine(url, hide_parameters=True, isolation_level="AUTOCOMMIT")
        file = self.writer.url.database
        self._queue: _WriterQueue | None = None
        if self.is_sqlite and file != ":memory:":
            self._queue = _WriterQueue(Path(str(file)))
        if self.is_sqlite:
            event.listen(self.writer, "connect", _prepare_writer)
            event.listen(self.writer, "begin", _begin_immediate)
            event.listen(self.reader, "connect", _prepare_reader)
        else:
            for engine in (self.writer, self.reader):
                _ask_after_rest(engine)

    def __enter__(self) -> Self:
        """Return this database, whose connections end with the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; nothing is locked and nothing is committed."""
        with Session(self.reader, autoflush=False) as session:
            yield session

    # D-138
    @contextmanager
    def reading_rows(self) -> Iterator[Rows]:
        """Rows to read without the objects of a session, which cost more than a statement does."""
        with self.reader.connect() as connection:
            yield _Plain(connection)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error."""
        with ExitStack() as stack:
            if self._queue:
                stack.enter_context(self._queue.turn())
            # objects stay readable after the commit, with no statement to read them once more
            session = stack.enter_context(Session(self.writer, expire_on_commit=False))
            stack.enter_context(session.begin())
            yield session

    @contextmanager
    def writing_rows(self) -> Iterator[Rows]:
        """Rows to read and write in one transaction, as `transaction` does, without objects."""
        with ExitStack() as stack:
            if self._queue:
                stack.enter_context(self._queue.turn())
            yield _Plain(stack.enter_context(self.writer.begin()))

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that sees the database as it is at its first read, whatever is written later.

        It does not block writers. Keep it short: until it ends, SQLite's write-ahead log cannot be
        emptied.
        """
        # in WAL mode every transaction of SQLite sees one state, also one that was begun by hand;
        # the reading engine does that without the writers' BEGIN IMMEDIATE
        engine, level = self.reader, "AUTOCOMMIT"
        if not self.is_sqlite:
            engine, level = self.writer, "REPEATABLE READ"
        with engine.connect().execution_options(isolation_level=level) as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            with Session(bind=connection, autoflush=False) as session:
                yield session

    def truncate_log(self) -> None:
        """Empty SQLite's write-ahead log, so that a count leaves no older pages behind."""
        if self.is_sqlite:
            with self.reader.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


QUEUE = "-rij"
"""Ending of the file on which writers wait. During an upgrade old and new processes share it."""


def rights_of(file: Path) -> int:
    """Return the rights of a file; those of its owner alone when it is not there."""
    try:
        return stat.S_IMODE(file.stat().st_mode) & 0o777
    except OSError:
        return 0o600


# D-32
class _WriterQueue:
    """The queue in which SQLite's writers wait, threads and processes alike.

    SQLite polls a locked database at growing intervals, so a late writer often goes first: with 16
    writers the slowest 1 % waited 19 times as long as the median. A file lock wakes the next writer
    at once. Within a process at most one thread waits for the file lock. The others wait for that
    thread, with a time limit, so another process that hangs cannot block all threads of this one.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(database.name + QUEUE)
        self._threads = Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for our turn to write. Raises `NotNow` after `BUSY_TIMEOUT_MS`."""
        if not self._threads.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise NotNow(BUSY)
        with ExitStack() as stack:
            stack.callback(self._threads.release)
            # without the file, SQLite's own waiting still keeps writers apart
            with suppress(OSError):
                file = self._open()
                stack.callback(os.close, file)
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _open(self) -> int:
        """Open the file; who makes it gives it the rights of the database, whatever the umask."""
        try:
            return os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            os.fchmod(file, rights_of(self._database))
            return file


# D-33
def _ask_after_rest(engine: Engine) -> None:
    """Test a connection that was idle. Testing it at every use makes a page a quarter slower."""

    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    def wakes(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", wakes)


def _prepare_writer(connection: Any, _record: Any) -> None:
    # else the driver begins transactions by itself, before `_begin_immediate` can
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        # an acknowledged answer is on the disk, also when the machine loses its power
        "synchronous=FULL",
        # a deleted envelope is overwritten with zeros instead of lying in a free page
        "secure_delete=ON",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_reader(connection: Any, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "secure_delete=ON",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")
