"""PostgreSQL by its own programs: `pg_dump` writes, `psql` puts back in one transaction.

Nothing of the database stands on a disk in between, and its password stands in no list of
processes: they read it from their environment.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain

from psycopg.pq import Conninfo

from kopkrakers.base.config import ENV_PREFIX
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.operations.backup.sealed import PIECE

MISSING = "{program} staat niet op deze machine. Typ: apt install postgresql-client"
FAILED = (
    "{program} is mislukt (code {code}). Er is niets veranderd. Kijk KOPKRAKERS_DATABASE_URL na, "
    "en of {program} niet ouder is dan de database."
)
# A table that came after the backup would stand in the way of the migration that makes it.
_BEFORE = b"""BEGIN;
DO $$ DECLARE old text; BEGIN
  FOR old IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname = current_schema() AND tableowner = current_user
  LOOP EXECUTE 'DROP TABLE ' || old || ' CASCADE'; END LOOP;
END $$;
"""
# The end of a script is no `COMMIT`: what was cut off leaves the database as it was.
_AFTER = b"\nCOMMIT;\n"


def dump_database(url: str) -> Iterator[bytes]:
    """Yield the whole database as it is at one moment, as SQL.

    Raises: ConfigurationError when `pg_dump` is not there or fails.
    """
    command = [_program("pg_dump"), "--format=plain", "--no-owner", "--no-privileges"]
    # what it complains of goes to whoever gave the command: it names tables and never a row
    with subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(PIECE):
            yield piece
    if process.returncode:
        raise ConfigurationError(FAILED.format(program="pg_dump", code=process.returncode))


def run_dump(url: str, pieces: Iterable[bytes]) -> None:
    """Replace all tables by those of a dump, or change nothing.

    Raises: ConfigurationError when `psql` is not there or the database refuses.
    """
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    quiet = subprocess.DEVNULL
    # its complaints repeat rows: nobody reads them
    with subprocess.Popen(
        command, env=_environment(url), stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
    ) as process:
        assert process.stdin is not None
        # it stops reading at the first thing that the database refuses
        with suppress(BrokenPipeError):
            process.stdin.writelines(chain((_BEFORE,), pieces, (_AFTER,)))
            process.stdin.flush()
        with suppress(BrokenPipeError):
            process.stdin.close()
    if process.returncode:
        raise ConfigurationError(FAILED.format(program="psql", code=process.returncode))


def _program(name: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise ConfigurationError(MISSING.format(program=name))
    return program


def _environment(url: str) -> dict[str, str]:
    """Return our environment without its secrets, and with where the database is for libpq."""
    address = url.replace("postgresql+psycopg://", "postgresql://", 1)
    environment = {}
    for name, value in os.environ.items():
        if not name.startswith(ENV_PREFIX):
            environment[name] = value
    for option in Conninfo.parse(address.encode()):
        if option.val is not None and option.envvar is not None:
            environment[option.envvar.decode()] = option.val.decode()
    return environment
