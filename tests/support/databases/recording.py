"""Everything that is said to the database, in order:
what a log of statements, or a replica, would hold.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from kopkrakers.base.db import Database


@dataclass(frozen=True)
class Said:
    """One statement with its parameters: one mapping for each row."""

    statement: str
    rows: tuple[Mapping[str, Any], ...]

    def about(self, table: str) -> bool:
        return self.statement.split(" SET ")[0].split(" (")[0].endswith(f" {table}")

    @property
    def sizes(self) -> tuple[object, ...]:
        """The statement with the size of each parameter in it:
        the length of text and bytes, the type of others.
        """
        return self.statement, *(sizes_of(row) for row in self.rows)


def sizes_of(row: Mapping[str, Any]) -> tuple[tuple[str, object], ...]:
    """Return the size of each parameter, by its name."""
    return tuple((name, size(value)) for name, value in row.items())


def size(value: object) -> object:
    """Return the length of text and bytes, the type of anything else."""
    return len(value) if isinstance(value, str | bytes) else type(value).__name__


@contextmanager
def recording(database: Database) -> Iterator[list[Said]]:
    """The statements of a database's own engines while this lasts."""
    said: list[Said] = []

    def hear(
        _conn: Any, _cursor: Any, statement: str, _params: Any, context: Any, _many: bool
    ) -> None:
        rows = (
            context.compiled_parameters
            if context is not None and context.compiled is not None
            else [{}]
        )
        said.append(Said(statement, tuple(dict(row) for row in rows)))

    for engine in (database.writer, database.reader):
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        for engine in (database.writer, database.reader):
            event.remove(engine, "before_cursor_execute", hear)
