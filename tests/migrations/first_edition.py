"""An instance of the first edition as it stood on a Thursday morning: its rows and its key folder.

It was filled by the program of the first edition itself (`77b61f7`), on its migrations 0001 and
0002, which have not changed since: three gemeenten of invented people who answered two dilemmas, a
session that was held and one that is planned, and a first release. In `first_edition.json` stand
all rows and all files of the key folder.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    func,
    select,
    text,
)

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.tally_guard import unhooked

LAST_OF_FIRST_EDITION = "0002"
LEFT_AT = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
"""When its counter last looked."""
_SAVED = Path(__file__).with_suffix(".json")


def lay_out(database: Database, key_dir: Path) -> None:
    """Make the database and the empty key folder those of the instance."""
    saved = json.loads(_SAVED.read_text())
    for name, written in saved["keys"].items():
        path = key_dir / name
        path.write_text(written)
        path.chmod(0o600)
    unmigrate(database)
    migrate(database, revision=LAST_OF_FIRST_EDITION)
    with unhooked("the first edition counted these"), database.writer.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            kept = saved["tables"].get(table.name)
            if kept is not None:
                columns = [table.c[name] for name in kept["columns"]]
                rows = [_values(columns, row) for row in kept["rows"]]
                connection.execute(table.insert(), rows)
                _go_on_counting(connection, columns)


def with_former_secrets(settings: Settings) -> Settings:
    """Return the settings of whoever upgrades: a secret, and the two of the first edition."""
    former = {"secret_key": SecretStr("k" * 40), "mac_key": SecretStr("m" * 40)}
    return settings.model_copy(update=former)


def _values(columns: Sequence[Column[Any]], row: Sequence[Any]) -> dict[str, Any]:
    return {column.name: _value(column, kept) for column, kept in zip(columns, row, strict=True)}


def _value(column: Column[Any], kept: Any) -> Any:
    if kept is None:
        return None
    if isinstance(kept, dict):
        return b64decode(kept["base64"])
    if isinstance(column.type, Boolean):
        return bool(kept)
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(kept).replace(tzinfo=UTC)
        # SQLite keeps no zone, and would write this one with the moment
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    if isinstance(column.type, Date):
        return date.fromisoformat(kept)
    return kept


def _go_on_counting(connection: Connection, columns: Sequence[Column[Any]]) -> None:
    """Let PostgreSQL number the next row after the last, as it would have."""
    first = columns[0]
    if connection.dialect.name != "postgresql" or first.name != "id":
        return
    if isinstance(first.type, Integer):
        last = connection.execute(select(func.max(first))).scalar_one()
        sequence = text("SELECT setval(pg_get_serial_sequence(:of, 'id'), :last)")
        connection.execute(sequence, {"of": f'"{first.table.name}"', "last": last})
