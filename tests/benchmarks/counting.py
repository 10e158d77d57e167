"""What the counter costs per answer, beside a bare count of as many sealed votes.

    python -m tests.benchmarks.counting        # about three minutes; --turns, --gemeenten, --rest

Seconds are of processor. The bare count does what no counter can leave out, with `sqlite3` and
libsodium alone: read sealed votes, hold each against a MAC, open it, add to the totals, delete it,
and commit with a full sync. It has one key, no loose attributes, no accounts to believe and no
signed totals. Both take turns in one run, so that a busy machine weighs on both.

The real day is that of small gemeenten, on both databases: everybody answers on one day, and the
counter ticks every quarter of an hour of it, with a night, at the moments of the settings. A day
before it is not counted: what a process imports once is none of its cost.

At rest the counter runs as a process of its own, with everything that it does between two ticks and
nobody there.
"""

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path

from nacl.public import PrivateKey, SealedBox

from kopkrakers.base.db import Database
from kopkrakers.base.moments import USUAL_MOMENTS
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.loop import tick
from kopkrakers.migrations.run import migrate
from tests.benchmarks.__main__ import Fresh, databases
from tests.benchmarks.stage import environment
from tests.support.polling import SLUG, Polling, make_polling, prepare
from tests.support.world import add_gemeente, add_people

ANSWERS, BUNDLE = 400, 20
OPTIONS = "aaaaaaabbbbbbbcccxab"
"""What twenty people choose."""
KEY = b"k" * 32
SMALL = 9
"""People in a small gemeente: too few for a box of its own, and for a bundle."""
QUARTERS = 24 * 4
QUARTER = 15 * 60.0
SETTLES = 10.0
"""Seconds until a process has imported, and ticked for the first time."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--gemeenten", type=int, default=342)
    parser.add_argument("--rest", type=int, default=60, help="seconds, on each database")
    options = parser.parse_args()
    taken: dict[str, list[float]] = {"counter": [], "bare": []}
    for _turn in range(options.turns):
        taken["counter"].append(_alone(in_twenties))
        taken["bare"].append(_alone(bare))
    pairs = zip(taken["counter"], taken["bare"], strict=True)
    ratios = [counter / plain for counter, plain in pairs]
    print(_line("counter, ms an answer", [1000 * one for one in taken["counter"]]))
    print(_line("bare count, ms an answer", [1000 * one for one in taken["bare"]]))
    print(_line("counter ÷ bare count", ratios))
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        Path(folder).chmod(0o755)
        for kind, fresh in databases(Path(folder)):
            for_database(kind, Path(folder) / kind, fresh, options)
    print(f"load of this machine: {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")


def for_database(kind: str, folder: Path, fresh: Fresh, options: argparse.Namespace) -> None:
    """Measure real days and rest on one database, and print."""
    days = []
    for turn in range(options.turns + 1):
        here = folder / str(turn)
        here.mkdir(parents=True)
        days.append(1000 * a_real_day(here, fresh(f"dag{turn}"), options.gemeenten))
    # the first day imports, and is not counted
    print(_line(f"{kind}, a day of {options.gemeenten} x {SMALL}, ms an answer", days[1:]))
    at_rest = 100 * resting(folder, fresh("rust"), options.rest)
    print(f"{kind}, at rest: {at_rest:.2f} % of a processor")


def in_twenties(folder: Path) -> float:
    """Seconds per answer of one gemeente, counted in twenties while loose attributes pile up."""
    polling = _polling(folder, f"sqlite:///{folder / 'telling.db'}", ANSWERS + BUNDLE)
    spent = 0.0
    for first in range(0, ANSWERS, BUNDLE):
        polling.cast_all(OPTIONS, skip=first)
        begin = time.process_time()
        polling.tick(2)
        spent += time.process_time() - begin
    assert sum(polling.totals("NL").values()) == ANSWERS
    return spent / ANSWERS


def bare(folder: Path) -> float:
    """Seconds per answer of the bare count, in the same twenties."""
    private = PrivateKey.generate()
    seal, opened = SealedBox(private.public_key), SealedBox(private)
    base = sqlite3.connect(folder / "bare.db", isolation_level=None)
    base.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
        "CREATE TABLE vote (id INTEGER PRIMARY KEY, sealed BLOB, mac BLOB);"
        "CREATE TABLE total (option TEXT PRIMARY KEY, n INTEGER)"
    )
    spent = 0.0
    for _bundle in range(ANSWERS // BUNDLE):
        votes = [seal.encrypt(option.encode().ljust(16, b"\0")) for option in OPTIONS]
        rows = [(sealed, digest(KEY, sealed, sha256)) for sealed in votes]
        base.executemany("INSERT INTO vote (sealed, mac) VALUES (?, ?)", rows)
        begin = time.process_time()
        _count_bare(base, opened)
        spent += time.process_time() - begin
    base.close()
    return spent / ANSWERS


def a_real_day(folder: Path, database_url: str, gemeenten: int) -> float:
    """Seconds per answer of one day in which everybody answers in small gemeenten."""
    polling = _polling(folder, database_url, SMALL)
    people = list(polling.people)
    with polling.database.transaction() as session:
        for number in range(gemeenten - 1):
            people += add_people(session, add_gemeente(session, f"Klein {number}"), SMALL)
    kept = polling.counter
    counter = Counter(
        kept.database, kept.folder, kept.keys, kept.turn_keys, kept.rules, USUAL_MOMENTS
    )
    empty = folder / "geen-kaarten"
    empty.mkdir()
    library = Library(empty)
    now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    spent, each = 0.0, len(people) // QUARTERS + 1
    for quarter in range(QUARTERS):
        for place, person in enumerate(people[quarter * each : (quarter + 1) * each]):
            polling.cast(person, OPTIONS[place % BUNDLE])
        now += timedelta(minutes=15)
        begin = time.process_time()
        tick(counter, library, now)
        spent += time.process_time() - begin
    polling.database.dispose()
    return spent / len(people)


def resting(folder: Path, database_url: str, seconds: int) -> float:
    """Part of a processor that the counter takes while nobody is there, between two ticks."""
    environ = environment(folder, database_url)
    with Database(database_url) as database:
        migrate(database)
    to_next_tick = QUARTER - time.time() % QUARTER
    # no tick may fall in it
    if to_next_tick < seconds + 2 * SETTLES:
        time.sleep(to_next_tick + SETTLES)
    command = [sys.executable, "-m", "kopkrakers", "count", "--serve"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as counter:
        try:
            time.sleep(SETTLES)
            begin = _spent_by(counter.pid)
            time.sleep(seconds)
            return (_spent_by(counter.pid) - begin) / seconds
        finally:
            counter.terminate()


def _spent_by(pid: int) -> float:
    """Return the seconds of processor that a process took until now."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _count_bare(base: sqlite3.Connection, opened: "SealedBox[PrivateKey]") -> None:
    counts: dict[str, int] = {}
    base.execute("BEGIN IMMEDIATE")
    for _id, sealed, mac in base.execute("SELECT id, sealed, mac FROM vote"):
        if compare_digest(digest(KEY, sealed, sha256), mac):
            option = opened.decrypt(sealed).rstrip(b"\0").decode()
            counts[option] = counts.get(option, 0) + 1
    for option, n in counts.items():
        added = "ON CONFLICT (option) DO UPDATE SET n = n + excluded.n"
        base.execute(f"INSERT INTO total VALUES (?, ?) {added}", (option, n))
    base.execute("DELETE FROM vote")
    base.execute("COMMIT")


def _polling(folder: Path, database_url: str, people: int) -> Polling:
    keys = folder / "sleutels"
    keys.mkdir(mode=0o700)
    database = Database(database_url)
    migrate(database)
    polling = make_polling(database, keys, people=people)
    assert polling.edition == 1, SLUG
    prepare(polling)
    return polling


def _alone(measured: Callable[[Path], float]) -> float:
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        return measured(Path(folder))


def _memory() -> Path | None:
    """Return a folder in memory, where there is one: no disk weighs on what is measured."""
    memory = Path("/dev/shm")
    if memory.is_dir():
        return memory
    return None


def _line(what: str, found: list[float]) -> str:
    middle = statistics.median(found)
    return f"{what}: {middle:.2f}  ({min(found):.2f} to {max(found):.2f})"


if __name__ == "__main__":
    main()
