"""The last look of counter and courier, for a website that cannot see their processes.

It stands in no table: a row that is written at every look would tie numbers of transactions to
times, also those of rows that people wrote. PostgreSQL hears it as the name of a connection, which
is in memory alone and goes with its process. Beside a SQLite database lies a file.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.base.db import Database, rights_of

MOST_DAYS = 3
"""Days that the clock may differ from the last look: more than a long weekend is a wrong clock."""
PATIENCE = timedelta(minutes=15)
"""The time without a look after which the courier counts as stopped."""
MINUTE = "%Y-%m-%dT%H:%M"
_NAME_IT = "SELECT set_config('application_name', %(name)s, false)"
_NAMED = (
    "SELECT max(application_name) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usename = current_user AND application_name LIKE %(name)s"
)


class Process(StrEnum):
    """The processes that tell when they looked."""

    COUNTER = "teller"
    COURIER = "bode"

    @property
    def connection_name(self) -> str:
        """Return how the name of its connection to PostgreSQL begins."""
        return f"kopkrakers {self.value} "

    @property
    def ending(self) -> str:
        """Return how the name of its file beside a SQLite database ends."""
        return f"-{self.value}"


class LastLook:
    """Tells when a process looked; holds a connection to PostgreSQL for as long as it lives."""

    def __init__(self, database: Database, process: Process) -> None:
        self._database = database
        self._process = process
        self._connection: Connection | None = None

    def tell(self, now: datetime) -> None:
        """Let others know that the process looked. A database that is away hears it next time."""
        minute = now.astimezone(UTC).strftime(MINUTE)
        file = file_beside(self._database, self._process)
        if file is not None:
            file.write_text(minute)
            file.chmod(rights_of(file.with_name(file.name.removesuffix(self._process.ending))))
            return
        try:
            self._connection = self._connection or self._database.reader.connect()
            self._connection.exec_driver_sql(
                _NAME_IT, {"name": self._process.connection_name + minute}
            )
        except SQLAlchemyError:
            self.close()

    def close(self) -> None:
        """Let the connection go; it must not be used again under this name."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def is_at_work(database: Database, process: Process, now: datetime) -> bool:
    """Whether a process that looks all the time looked not too long ago."""
    looked = last_look(database, process)
    return looked is not None and now - looked <= PATIENCE


def last_look(database: Database, process: Process) -> datetime | None:
    """Return the minute of the last look; None when no such process told of one."""
    told = _told(database, process)
    if told is None:
        return None
    return datetime.strptime(told, MINUTE).replace(tzinfo=UTC)


def _told(database: Database, process: Process) -> str | None:
    """Return the minute as a process wrote it: in a file beside SQLite, else in the name of its
    connection to PostgreSQL.
    """
    file = file_beside(database, process)
    if file is not None:
        if file.exists():
            return file.read_text()
        return None
    with database.reader.connect() as connection:
        pattern = {"name": f"{process.connection_name}%"}
        name = connection.exec_driver_sql(_NAMED, pattern).scalar()
    if name is None:
        return None
    return str(name).removeprefix(process.connection_name)


def has_jumped(last: datetime, now: datetime) -> bool:
    """Whether the clock differs more than `MOST_DAYS` from the last look, either way."""
    return abs(now - last) > timedelta(days=MOST_DAYS)


def file_beside(database: Database, process: Process) -> Path | None:
    """Return the file of a process beside a SQLite database; None for PostgreSQL."""
    if not database.is_sqlite:
        return None
    path = Path(str(database.reader.url.database))
    return path.with_name(path.name + process.ending)
