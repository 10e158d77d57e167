"""Website and counter as two Unix users with one SQLite database, as the manual sets them up.

The users are numbers that nobody else has. Only root can become another user; for anyone else the
tests below look at the rights of the files alone.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate
from kopkrakers.operations.backups import copy_database, replace_by_backup
from kopkrakers.operations.check import database_of_one_user
from kopkrakers.operations.sharing import closed_to_group, share_with_group
from tests.operations.backup.users import COUNTER, GROUP, STRANGER, WEB
from tests.support.world import add_gemeente

WITH_GROUP = 0o660
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of the database: of the counter, and of the group."""
    # not `tmp_path`, which lies in a folder that is closed to other users
    parent = Path(tempfile.mkdtemp())
    parent.chmod(0o755)
    folder = parent / "db"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, COUNTER, GROUP)
    folder.chmod(0o2770)
    yield folder
    shutil.rmtree(parent)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def as_user(user: int, act: Callable[[], object], *, group: int = GROUP, mask: int = 0o007) -> bool:
    """Act in a process of another user. Return whether that went well."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(group)
                os.setuid(user)
            os.umask(mask)
            act()
        except BaseException:  # noqa: BLE001
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def installing(file: Path) -> Callable[[], None]:
    def install() -> None:
        share_with_group(file)
        migrate(Database(f"sqlite:///{file}"))

    return install


def adding(file: Path, name: str) -> Callable[[], None]:
    def add() -> None:
        with Database(f"sqlite:///{file}").transaction() as session:
            add_gemeente(session, name)

    return add


def rights(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.parametrize("mask", [0o007, 0o022, 0o077])
def test_both_users_write_whoever_was_first_and_whatever_the_umask(folder: Path, mask: int) -> None:
    file = folder / "k.db"
    assert as_user(COUNTER, installing(file), mask=mask)
    # a connection that stays open keeps SQLite's own files there
    held = Database(f"sqlite:///{file}")
    assert as_user(WEB, adding(file, "Zaanstad"), mask=mask)
    assert as_user(COUNTER, adding(file, "Almere"), mask=mask)
    with held.reading() as session:
        names = session.connection().exec_driver_sql("SELECT name FROM gemeente ORDER BY name")
        assert names.scalars().all() == ["Almere", "Zaanstad"]
        assert set(rights(folder).values()) == {WITH_GROUP}, "one of them cannot get at a file"
        assert {"k.db", "k.db-wal", "k.db-shm", "k.db-rij"} == set(rights(folder))
    held.dispose()


def test_a_stranger_reads_nothing_and_the_website_no_keys(folder: Path) -> None:
    file = folder / "k.db"
    assert as_user(COUNTER, installing(file))
    keys = folder.parent / "sleutels"
    keys.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(keys, COUNTER, GROUP)
        assert not as_user(STRANGER, file.read_bytes, group=STRANGER)
        assert as_user(COUNTER, lambda: list(keys.iterdir()))
        assert not as_user(WEB, lambda: list(keys.iterdir()))
    assert not stat.S_IMODE(file.stat().st_mode) & 0o007


@sqlite_only
def test_a_restored_database_is_again_of_both(folder: Path, settings: Settings) -> None:
    file, backup = folder / "k.db", folder.parent / "kopie.db"
    assert as_user(COUNTER, installing(file))
    copy_database(file, backup, lambda *_: None)
    backup.chmod(0o644)
    here = settings.model_copy(update={"database_url": f"sqlite:///{file}"})
    assert as_user(COUNTER, lambda: replace_by_backup(backup, here, lambda *_: None), mask=0o077)
    assert as_user(WEB, adding(file, "Zaanstad"))


@sqlite_only
def test_an_installation_of_before_is_named_and_mended(folder: Path, settings: Settings) -> None:
    file = folder / "k.db"
    here = settings.model_copy(update={"database_url": f"sqlite:///{file}"})
    assert as_user(COUNTER, lambda: migrate(Database(f"sqlite:///{file}")))
    assert as_user(WEB, lambda: (folder / "k.db-rij").touch(mode=0o600))
    assert closed_to_group(file)
    assert [str(file) in sentence for sentence in database_of_one_user(here)] == [True]
    assert as_user(COUNTER, installing(file))
    assert list(database_of_one_user(here)) == []
    assert as_user(WEB, adding(file, "Zaanstad"))
    assert as_user(COUNTER, adding(file, "Almere"))
    assert rights(folder)["k.db-rij"] == WITH_GROUP


def test_a_database_of_one_user_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "k.db"
    with umask(0o022):
        share_with_group(file)
    assert rights(tmp_path) == {"k.db": 0o600}
