"""What is left behind: after a count no file holds a counted envelope,
and nothing ever holds a readable answer.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base import logs
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.privacy.rules import LATE_DAYS
from tests.support.attacks import Attacker
from tests.support.databases.recording import Said, recording
from tests.support.databases.server import data_folder, write_out
from tests.support.polling import Polling, make_polling

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MARKER = {"certainty": "3", "expected": "b", "experience": "2"}
CODES = b"cr3b2"
"""How the marked answer reads when it is not sealed."""


@pytest.fixture
def crowd(database: Database, key_dir: Path) -> Polling:
    return make_polling(database, key_dir, people=90)


def files_with(needles: Iterable[bytes], folder: Path) -> dict[str, int]:
    """Count these byte strings in each file under a folder;
    files with none are left out.
    """
    wanted = list(needles)
    counts = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        counts[path.name] = sum(needle in content for needle in wanted)
    return {name: n for name, n in counts.items() if n}


def secrets_in(said: list[Said]) -> set[bytes]:
    """Every sealed vote and mac of an envelope that was ever written."""
    rows = [row for one in said for row in one.rows if "sealed" in row]
    return {row[column] for row in rows for column in ("sealed", "mac")}


def still_kept(crowd: Polling) -> set[bytes]:
    with crowd.database.reading() as session:
        tables = (ENVELOPE, ATTRIBUTE_ENVELOPE)
        rows = [row for table in tables for row in session.connection().execute(table.select())]
    return {secret for row in rows for secret in (row.sealed, row.mac)}


def vote_and_count(crowd: Polling) -> None:
    """Votes of every fate: counted with attributes, taken back, tried in vain,
    moved to the national box, still waiting. The boxes of attributes are so old that fifty are
    enough, and the edition is not, so that answers still wait in the box of their gemeente.
    """
    crowd.now += timedelta(days=LATE_DAYS)
    with crowd.database.transaction() as session:
        session.execute(update(EDITION).values(opens_on=crowd.today))
    for number, voter in enumerate(crowd.people[:70]):
        crowd.cast(voter, "abcx"[number % 4], "wrb"[number % 3], **MARKER)
    crowd.cast(crowd.people[70], "c", "r", **MARKER)
    crowd.take_back(crowd.people[69])
    crowd.tick(2)
    for voter in crowd.others[:10]:
        crowd.cast(voter, "c", "r", **MARKER)
    crowd.tick(2)
    crowd.nights(3)
    crowd.cast(crowd.people[80], "c", "r", **MARKER)


@sqlite_only
def test_no_file_holds_what_was_counted_taken_back_moved_or_sealed_anew(
    crowd: Polling, tmp_path: Path
) -> None:
    with recording(crowd.database) as said:
        vote_and_count(crowd)
    crowd.tick()
    kept = still_kept(crowd)
    gone = secrets_in(said) - kept
    assert (len(kept), len(gone) > 280) == (2 * 11, True)
    assert sum(crowd.totals("NL").values()) == 70
    assert files_with(gone, tmp_path) == {}
    assert files_with(kept, tmp_path) != {}


@sqlite_only
def test_a_waiting_envelope_does_stand_in_the_files(crowd: Polling, tmp_path: Path) -> None:
    crowd.cast(crowd.people[0], "c", "r", **MARKER)
    assert files_with(still_kept(crowd), tmp_path) != {}


def test_no_readable_answer_stands_in_file_log_or_error(
    crowd: Polling,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info")
    with caplog.at_level(logging.DEBUG, logger="sqlalchemy"):
        loud = Database(crowd.database.url)
        vote_and_count(replace(crowd, database=loud, counter=replace(crowd.counter, database=loud)))
        loud.dispose()
    for folder in (tmp_path, *server_folders(crowd.database)):
        assert files_with([CODES, CODES.hex().encode()], folder) == {}
    said = caplog.text + "".join(capfd.readouterr())
    assert "INSERT INTO envelope" in said
    assert CODES.decode() not in said


def server_folders(database: Database) -> list[Path]:
    """Return the folders of PostgreSQL with tables and its log of changes, all written out."""
    if database.is_sqlite:
        return []
    write_out(database)
    return [data_folder(database)]


def test_the_search_finds_a_readable_answer_when_there_is_one(
    attacker: Attacker, tmp_path: Path
) -> None:
    attacker.polling.cast(attacker.polling.people[0], "c", "r", **MARKER)
    other = b"leesbaar-bx1-4"
    attacker.change_envelope(attacker.polling.people[0], sealed=other)
    folders = [tmp_path, *server_folders(attacker.polling.database)]
    assert any(files_with([other], folder) for folder in folders)
