"""`python -m tests.drills`: what a server must live through, on both databases.

Kill loops, and then the tests that are drills in themselves, gathered by what goes wrong.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.drills.gathered import DRILLS
from tests.drills.killing import drill
from tests.support.databases import making

ROOT = Path(__file__).parents[2]
_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s"


def main() -> None:
    """Run the drills, print a line for each, and end with 1 when one found a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="per database")
    parser.add_argument("--seed", type=int, default=1, help="of which process goes when")
    parser.add_argument("--only", default="", help="drills with this in their name")
    options = parser.parse_args()
    wrong = 0
    for kind in ("SQLite", "PostgreSQL"):
        name = f"killed {options.kills} times, {kind}"
        if options.only in name:
            wrong += killed(name, kind, options.kills, options.seed)
    for name, tests in DRILLS.items():
        if options.only in name:
            wrong += held(name, tests)
    sys.exit(wrong > 0)


def killed(name: str, kind: str, kills: int, seed: int) -> bool:
    """Run a kill loop and print what it found. Return whether something was wrong."""
    start = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="kopkrakers-drill-") as path,
        database(kind, Path(path)) as (url, backends),
    ):
        found = drill(Path(path), url, kills, backends, seed)
    tell(name, not found.faults, start)
    print("   ", *(f"{number} x {what}," for what, number in sorted(found.kills.items())), end=" ")
    print(f"{found.acknowledged} answers acknowledged, {found.counted} counted")
    print("    replies", dict(found.replies))
    for fault in found.faults:
        print("   ", fault)
    return bool(found.faults)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, Callable[[], list[int]]]]:
    """Yield the address of a database, and what names its processes."""
    if kind == "SQLite":
        yield f"sqlite:///{folder}/drill.db", list
        return
    with making.postgres_server() as server:
        wait_for_the_disk(server)
        name = making.postgres_template(server)

        def backends() -> list[int]:
            # while it recovers from the last kill it has none
            try:
                with psycopg.connect(server, connect_timeout=5) as connection:
                    rows = connection.execute(_BACKENDS, (name,)).fetchall()
            except psycopg.OperationalError:
                return []
            return [int(row[0]) for row in rows]

        yield making.on_postgres(server, name), backends


def wait_for_the_disk(server: str) -> None:
    """Undo the hurry of the tests: where a commit waits for nothing, a kill loses it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")


def held(name: str, tests: tuple[str, ...]) -> bool:
    """Run the tests of a drill and print whether they held. Return whether one did not."""
    start = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    tell(name, done.returncode == 0, start)
    print("   ", (done.stdout.splitlines() or ["nothing was said"])[-1])
    if done.returncode:
        print(done.stdout)
    return done.returncode != 0


def tell(name: str, well: bool, start: float) -> None:
    """Print a drill, whether it held, and the seconds that it took."""
    print(f"{'held' if well else 'FAULT':6} {name} ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
