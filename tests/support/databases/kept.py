"""Connections to the PostgreSQL of the tests that one test leaves open for the next.

A new connection is a new process of the server, which first reads what tables there are: more
work than a short test does in it.
"""

import os
from select import select
from threading import Lock
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

MOST_KEPT = 8
"""Connections that are kept: twice those of a common test. Some race with dozens."""
MOST_PREPARED = 2000
"""Statements that a connection keeps prepared. Of many tests they are far more than of one server,
and what is forgotten is read and planned once more.
"""


# D-172
class KeptConnections:
    """The connections to one database of a server that nobody uses at the moment."""

    def __init__(self, database: str) -> None:
        self.are_kept = True
        # what is forked has these connections too, and two processes cannot speak over one
        self._process = os.getpid()
        self._database = database
        self._free: list[psycopg.Connection] = []
        self._learned: dict[str, Any] = {}
        self._lock = Lock()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Let every engine of this database take what is kept, and give it back at its end."""
        driver: Any = PGDialect_psycopg
        connect, do_close, initialize = driver.connect, driver.do_close, driver.initialize

        def take(dialect: PGDialect_psycopg, *given: Any, **named: Any) -> Any:
            kept = self._take() if named.get("dbname") == self._database else None
            if kept is not None:
                return kept
            made = connect(dialect, *given, **named)
            made.prepared_max = MOST_PREPARED
            return made

        def give_back(dialect: PGDialect_psycopg, connection: psycopg.Connection) -> None:
            if not self._keep(connection):
                do_close(dialect, connection)

        def learn(dialect: PGDialect_psycopg, connection: Any) -> None:
            # of the same server every engine learns the same: its version, and how it quotes
            if not self._learned:
                before = dict(vars(dialect))
                initialize(dialect, connection)
                found = vars(dialect).items()
                self._learned = {name: is_now for name, is_now in found if name not in before}
            vars(dialect).update(self._learned)

        patch.setattr(driver, "connect", take)
        patch.setattr(driver, "do_close", give_back)
        patch.setattr(driver, "initialize", learn)

    @property
    def processes(self) -> list[int]:
        """Return the numbers of the server's processes behind what is kept."""
        with self._lock:
            return [connection.info.backend_pid for connection in self._free]

    def close(self) -> None:
        """Close all that is kept."""
        with self._lock:
            for connection in self._free:
                connection.close()
            self._free.clear()

    def _take(self) -> psycopg.Connection | None:
        if os.getpid() != self._process:
            return None
        with self._lock:
            while self._free:
                connection = self._free.pop()
                if not _was_ended(connection):
                    return connection
                connection.close()
        return None

    def _keep(self, connection: psycopg.Connection) -> bool:
        if not self.are_kept or os.getpid() != self._process:
            return False
        if connection.closed or connection.info.dbname != self._database:
            return False
        if connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        try:
            _as_new(connection)
        except psycopg.Error:
            return False
        with self._lock:
            is_room = len(self._free) < MOST_KEPT
            if is_room:
                self._free.append(connection)
        return is_room


def _as_new(connection: psycopg.Connection) -> None:
    """Take from a connection what its last user set on it."""
    connection.isolation_level = None
    connection.autocommit = True
    connection.execute("RESET ALL")
    connection.autocommit = False
    connection._notice_handlers.clear()


def _was_ended(connection: psycopg.Connection) -> bool:
    """Whether the server said something while nobody asked: that it ends the connection."""
    return bool(select([connection.fileno()], [], [], 0)[0])
