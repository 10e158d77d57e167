"""Sealed backups of both databases: written, kept for their time, and put back as a drill."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kopkrakers.accounts.models import GEMEENTE, USER
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.operations.backup import kept
from kopkrakers.operations.backup.sealed import (
    DAMAGED,
    MAGIC,
    OF_ANOTHER,
    PIECE,
    WRONG_KEY,
    new_backup_keys,
)
from kopkrakers.operations.backups import go_on_after_restore
from tests.support.polling import Polling

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

pytestmark = pytest.mark.usefixtures("tools_of_postgresql")


def said_nothing(done: int, of: int) -> None:
    """Progress that nobody reads."""


def back_up(settings: Settings, folder: Path, now: datetime = NOW) -> kept.WrittenBackup:
    return kept.write_backup(settings, folder, now, keep=MONTH, progress=said_nothing)


def count(database: Database, table: str) -> int:
    with database.reading() as session:
        which = {"envelope": ENVELOPE, "gemeente": GEMEENTE}[table]
        return int(session.execute(select(func.count()).select_from(which)).scalar_one())


def test_a_drill_puts_back_what_was_counted_and_what_waited(
    polling: Polling, sealing: Settings, private: str, folder: Path
) -> None:
    polling.cast_all("aaaaabbbccc")
    polling.tick(2)
    shown = polling.totals("NL")
    polling.cast_all("aab", skip=11)
    waiting = count(polling.database, "envelope")
    file = back_up(sealing, folder).file
    # what happened since is lost, and may tell nobody by the difference
    polling.cast_all("bbb", skip=14)
    with polling.database.transaction() as session:
        session.execute(USER.update().values(name="Niemand"))
    polling.database.dispose()
    kept.restore_sealed(sealing, file, private, said_nothing)
    database = Database(sealing.database_url)
    assert count(database, "envelope") == waiting
    restored = go_on_after_restore(sealing, database, polling.now)
    with database.reading() as session:
        names = set(session.execute(select(USER.c.name)).scalars())
    database.dispose()
    assert names != {"Niemand"}
    assert (restored.frozen, restored.without_key, restored.doubtful) == (1, 0, 0)
    assert sum(shown.values()) == 11
    assert polling.totals("NL") == shown


def test_who_takes_a_backup_reads_nothing_in_it(
    polling: Polling, sealing: Settings, folder: Path, key_dir: Path
) -> None:
    polling.cast_all("aab")
    with polling.database.transaction() as session:
        session.execute(USER.update().values(name="Zoutenbier"))
    file = back_up(sealing, folder).file
    content = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert not any(word in content for word in (b"Zoutenbier", b"SQLite format", b"CREATE TABLE"))
    # the keys of the counter are not in it, and the private key of backups is not on the server
    for key in key_dir.glob("*.key"):
        assert key.read_bytes() not in content
    # and nothing that can be read was left beside the database or the backup
    assert [path.name for path in folder.iterdir()] == [file.name]
    if sealing.sqlite_file is not None:
        assert not list(sealing.sqlite_file.parent.glob("*.kopie*"))


def altered(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@sqlite_only
def test_what_is_not_whole_or_not_ours_changes_nothing(
    polling: Polling, sealing: Settings, private: str, folder: Path
) -> None:
    file = back_up(sealing, folder).file
    whole = file.read_bytes()
    assert len(whole) > 3 * PIECE
    polling.cast_all("aab")
    before = count(polling.database, "envelope")
    polling.database.dispose()
    elsewhere = sealing.model_copy(update={"secret": type(sealing.secret)("t" * 40)})
    for content, key, settings, sentence in (
        (altered(whole, len(MAGIC) + 20), private, sealing, OF_ANOTHER),
        (altered(whole, len(whole) - 5), private, sealing, DAMAGED),
        (altered(whole, 2 * PIECE), private, sealing, DAMAGED),
        # cut between two pieces, and in the middle of one
        (whole[: -(len(whole) % PIECE)], private, sealing, DAMAGED),
        (whole[: 2 * PIECE], private, sealing, DAMAGED),
        (whole + b"\0", private, sealing, DAMAGED),
        (whole, new_backup_keys()[0], sealing, WRONG_KEY),
        (whole, "geen sleutel", sealing, WRONG_KEY),
        (whole, private, elsewhere, OF_ANOTHER),
        (b"SQLite format 3\0", private, sealing, "geen verzegelde back-up"),
    ):
        file.write_bytes(content)
        with pytest.raises(ConfigurationError, match=sentence.split(".", maxsplit=1)[0]):
            kept.restore_sealed(settings, file, key, said_nothing)
        assert count(polling.database, "envelope") == before
        polling.database.dispose()


def test_a_backup_of_one_kind_is_not_put_back_on_the_other(
    polling: Polling, sealing: Settings, private: str, folder: Path
) -> None:
    file = back_up(sealing, folder).file
    other = "postgresql+psycopg://kopkrakers@localhost/geen"
    if sealing.sqlite_file is None:
        other = f"sqlite:///{folder}/ander.db"
    with pytest.raises(ConfigurationError, match="andere soort"):
        kept.restore_sealed(
            sealing.model_copy(update={"database_url": other}), file, private, said_nothing
        )
    assert not (folder / "ander.db").exists()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_that_refuses_halfway_is_as_it_was(
    polling: Polling, sealing: Settings, private: str, folder: Path
) -> None:
    file = back_up(sealing, folder).file
    polling.cast_all("aab")
    with polling.database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW in_the_way AS SELECT 1 AS one")
        connection.exec_driver_sql("CREATE TABLE later (a INTEGER)")
    polling.database.dispose()
    # a table that came later goes, or the migration that makes it could never run again
    kept.restore_sealed(sealing, file, private, said_nothing)
    with polling.database.writer.begin() as connection:
        found = connection.exec_driver_sql("SELECT to_regclass('later')").scalar_one()
        connection.exec_driver_sql("DROP VIEW in_the_way")
        # a view with the name of a table stops the script after it dropped every table
        connection.exec_driver_sql("ALTER TABLE edition RENAME TO edition_away")
        connection.exec_driver_sql("CREATE VIEW edition AS SELECT 1 AS one")
    assert found is None
    assert count(polling.database, "envelope") == 0
    polling.database.dispose()
    with pytest.raises(ConfigurationError, match="Er is niets veranderd"):
        kept.restore_sealed(sealing, file, private, said_nothing)
    with polling.database.writer.begin() as connection:
        connection.exec_driver_sql("DROP VIEW edition")
        connection.exec_driver_sql("ALTER TABLE edition_away RENAME TO edition")
    assert count(polling.database, "gemeente") == 2


@sqlite_only
def test_only_backups_of_ours_whose_time_is_over_go(
    polling: Polling, sealing: Settings, folder: Path
) -> None:
    others = ("kopkrakers-20261399-120000.backup", "anders.backup", "kopkrakers-20260101.backup")
    for name in (*others, "kopkrakers-20261020-120000.backup", "kopkrakers-20261025-120000.backup"):
        (folder / name).touch()
    written = back_up(sealing, folder)
    assert written.removed == 1
    assert {path.name for path in folder.iterdir()} == {
        *others,
        "kopkrakers-20261025-120000.backup",
        written.file.name,
    }


@sqlite_only
def test_a_folder_that_will_not_do_is_refused_before_anything_is_written(
    polling: Polling, sealing: Settings, settings: Settings, tmp_path: Path, key_dir: Path
) -> None:
    (key_dir / "dieper").mkdir()
    for given, place, sentence in (
        (settings, tmp_path, "kopkrakers backup-key"),
        (sealing, tmp_path / "nergens", "bestaat niet"),
        (sealing, key_dir, "horen nooit bij elkaar"),
        (sealing, key_dir / "dieper", "horen nooit bij elkaar"),
        (sealing, tmp_path, "horen nooit bij elkaar"),
    ):
        with pytest.raises(ConfigurationError, match=sentence):
            back_up(given, place)
    assert not list(tmp_path.rglob("*.backup*"))
