"""One PostgreSQL database for all tests, emptied after each: far quicker than making a new one."""

import uuid

import psycopg
from psycopg import sql

from tests.support.databases.kept import KeptConnections

TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
USED_SEQUENCES = (
    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
WITHOUT_CHECKS = sql.SQL("SET session_replication_role = replica")
"""Rows go in any order, for no trigger and no foreign key is asked."""
FRESH_FILES_AFTER = 100
"""Deleted rows stay in the files of a table. Now and then it gets new files, which costs more."""
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)"
)


class ReusedDatabase:
    """A copy of a template that every test finds as if it were new.

    `url` is a plain `postgresql://` address.
    """

    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._template = template
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        address, _, query = server.partition("?")
        self.url = f"{address.rsplit('/', 1)[0]}/{self.name}" + (f"?{query}" if query else "")
        self.kept = KeptConnections(self.name)
        self._times_emptied = 0
        self._cleaner = self._make()
        self._tables = self._names(self._cleaner, TABLES)
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
        every = [one.format(sql.Literal(table), sql.Identifier(table)) for table in self._tables]
        self._filled = sql.SQL(" UNION ALL ").join(every).as_string()
        """Which tables have rows, asked in one go; as text, for that is prepared once."""

    def empty(self) -> None:
        """Take out all rows; when a test left it broken or closed, make it anew."""
        try:
            if self._cleaner.closed:
                self._cleaner = psycopg.connect(self.url, autocommit=True)
            self._cleaner.execute(END_OTHERS, [self.kept.processes])
            if self._names(self._cleaner, TABLES) == self._tables:
                return self._take_out_rows(self._cleaner)
        except psycopg.Error:
            pass
        self._cleaner = self._make()
        return None

    def leave_nothing_open(self) -> None:
        """Close what is open between two tests, for a test that asks who else is there."""
        self.kept.close()
        self._cleaner.close()

    def drop(self) -> None:
        """Remove the database."""
        self.kept.close()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(self._named("DROP DATABASE IF EXISTS {} WITH (FORCE)"))

    def _make(self) -> psycopg.Connection:
        self.drop()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(self._named(f"CREATE DATABASE {{}} TEMPLATE {self._template}"))
        return psycopg.connect(self.url, autocommit=True)

    def _take_out_rows(self, connection: psycopg.Connection) -> None:
        self._times_emptied += 1
        if self._times_emptied % FRESH_FILES_AFTER == 0:
            every = sql.SQL(", ").join(map(sql.Identifier, self._tables))
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(every))
        delete = sql.SQL("DELETE FROM {}")
        restart = sql.SQL("SELECT setval({}::regclass, 1, false)")
        statements: list[sql.Composable] = [WITHOUT_CHECKS]
        for table in self._names(connection, self._filled):
            statements.append(delete.format(sql.Identifier(table)))
        for sequence in self._names(connection, USED_SEQUENCES):
            statements.append(restart.format(sql.Literal(sequence)))
        # in one go: at every statement apart the server and this process wait for each other
        connection.execute(sql.SQL("; ").join(statements))

    def _names(self, connection: psycopg.Connection, question: str) -> list[str]:
        return sorted(row[0] for row in connection.execute(question))

    def _named(self, statement: str) -> sql.Composed:
        return sql.SQL(statement).format(sql.Identifier(self.name))
