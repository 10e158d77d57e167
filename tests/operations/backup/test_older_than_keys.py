"""A backup from before the keys that the server has now: put back, with nothing of theirs lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.counter.keys import INSTANCE_FILE
from kopkrakers.operations.backup import kept
from kopkrakers.operations.backups import go_on_after_restore, instance_of_both
from tests.operations.backup.command import invoke
from tests.support.polling import Polling

Command = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.usefixtures("tools_of_postgresql")


def said_nothing(done: int, of: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def command(sealing: Settings, tmp_path: Path) -> Command:
    """Types a command with the settings of a server that has this database and these keys."""

    def typed(*words: str, typed: str | None = None) -> tuple[int, str]:
        return invoke(
            tmp_path,
            *words,
            typed=typed,
            KOPKRAKERS_DATABASE_URL=sealing.database_url,
            KOPKRAKERS_KEY_DIR=str(sealing.key_dir),
            KOPKRAKERS_BACKUP_KEY=sealing.backup_key,
        )

    return typed


def lose(keys: Path) -> None:
    for path in keys.iterdir():
        path.unlink()


def begin_anew(command: Command, keys: Path, private: str, folder: Path) -> None:
    """Lose the keys, and do what the handbook says of that."""
    lose(keys)
    assert command("backup", str(folder))[0] == 0
    newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    code, said = command("restore", str(newest), typed=f"{private}\n")
    assert code == 0, said
    newest.unlink()


def test_a_backup_from_before_the_keys_were_lost_goes_back(
    command: Command, folder: Path, key_dir: Path, private: str
) -> None:
    assert command("gemeente", "add", "Zaanstad")[0] == 0
    assert command("count")[0] == 0
    assert command("backup", str(folder))[0] == 0
    (older,) = folder.iterdir()
    away = folder.parent / older.name
    shutil.move(older, away)
    assert command("gemeente", "add", "Almere")[0] == 0
    begin_anew(command, key_dir, private, folder)
    code, said = command("restore", str(away), typed=f"{private}\n")
    assert (code, "Teruggezet." in said) == (0, True), said
    assert "Zaanstad" in command("gemeente", "list")[1]
    assert "Almere" not in command("gemeente", "list")[1]
    # the counter goes on with the keys that are there
    assert command("count")[0] == 0
    assert "andere database" not in command("check")[1]


def test_keys_of_another_server_are_left_alone_and_the_way_out_is_said(
    command: Command, folder: Path, key_dir: Path, private: str
) -> None:
    assert command("count")[0] == 0
    assert command("backup", str(folder))[0] == 0
    (file,) = folder.iterdir()
    (key_dir / INSTANCE_FILE).write_text("0" * 32)
    before = {path.name: path.read_bytes() for path in key_dir.glob("*.key")}
    assert before
    code, said = command("restore", str(file), typed=f"{private}\n")
    words = " ".join(said.split())
    assert (code, "hoort bij een andere database" in words) == (2, True)
    assert "haal dan alles uit die map weg" in words
    assert {path.name: path.read_bytes() for path in key_dir.glob("*.key")} == before
    lose(key_dir)
    code, said = command("restore", str(file), typed=f"{private}\n")
    assert code == 0, said


def put_back(polling: Polling, sealing: Settings, file: Path, private: str) -> int:
    """Put a backup back as the command does. Return how many envelopes have no key."""
    polling.database.dispose()
    database = Database(sealing.database_url)
    instance = instance_of_both(sealing, database)
    database.dispose()
    kept.restore_sealed(sealing, file, private, said_nothing)
    database = Database(sealing.database_url)
    restored = go_on_after_restore(sealing, database, polling.now, instance=instance)
    database.dispose()
    return restored.without_key


# an attack on the promise: two totals, of before and after, that differ by one person
def test_no_total_differs_by_one_after_keys_and_database_parted(
    polling: Polling, sealing: Settings, private: str, folder: Path, key_dir: Path
) -> None:
    polling.counter.check_instance()
    polling.cast_all("aaaaabbbccc")
    polling.tick(2)
    shown = polling.totals("NL")
    assert sum(shown.values()) == 11
    polling.cast_all("b", skip=11)
    month = polling.now - polling.now.replace(month=polling.now.month - 1)
    file = kept.write_backup(sealing, folder, polling.now, keep=month, progress=said_nothing).file
    lose(key_dir)
    database = Database(sealing.database_url)
    polling.database.dispose()
    go_on_after_restore(sealing, database, polling.now)
    database.dispose()
    assert put_back(polling, sealing, file, private) == 1
    polling.nights(2)
    # who waited in the backup is counted by no key, also not by those that came since
    assert polling.totals("NL") == shown
