"""A disk without room: nothing is acknowledged that was not kept, and it goes on by itself.

Needs root: a small disk of its own is mounted.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kopkrakers.operations.backup.sealed import new_backup_keys
from tests.benchmarks.stage import build, environment
from tests.drills.answering import Answering
from tests.drills.outcome import outcome_of, totals_of
from tests.support.running import answer, free_port, run, running

BYTES = 48 * 1024 * 1024
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    disk = tmp_path / "schijf"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={BYTES}", "tmpfs", str(disk))
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(("umount", "-l", str(disk)), check=True)


def fill(disk: Path) -> Path:
    """Fill a disk to the last byte; return the file that does."""
    filler = disk / "vol"
    with filler.open("wb", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return filler


def test_a_full_disk_refuses_answers_and_then_goes_on(disk: Path, tmp_path: Path) -> None:
    env = environment(tmp_path, f"sqlite:///{disk}/drill.db")
    env |= {"KOPKRAKERS_PORT": str(free_port()), "KOPKRAKERS_WORKERS": "1"}
    stage = build(tmp_path, env, 430)
    url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
    answering = Answering(stage, url)
    before = totals_of(env, stage)
    with running("serve", env=env, cwd=tmp_path):
        answer(f"{url}/gezond")
        filler = fill(disk)
        replies = {answering.send(person) for person in range(12)}
        # pages are still read
        assert "Kopkrakers" in answer(f"{url}/privacy")
        told = run("check", env=env, cwd=tmp_path)
        filler.unlink()
        after = [answering.send(person) for person in range(12)]
    assert replies == {"503"}
    assert told.returncode == 1
    assert "is bijna geen plaats meer" in told.stderr
    assert after == ["303"] * 12
    answering.acknowledged = list(range(12))
    assert outcome_of(env, answering, before).faults == []


def test_a_backup_to_a_full_disk_leaves_what_stood_there(disk: Path, tmp_path: Path) -> None:
    env = environment(tmp_path, f"sqlite:///{tmp_path}/drill.db")
    env |= {"KOPKRAKERS_BACKUP_KEY": new_backup_keys()[1]}
    assert run("migrate", env=env).returncode == 0
    earlier = disk / "kopkrakers-20200101-000000.backup"
    earlier.write_bytes(b"een eerdere")
    fill(disk)
    done = run("backup", str(disk), env=env)
    assert done.returncode == 2
    assert "is niet gelukt" in done.stderr
    # also the one whose time was over: it is the last that there is
    assert {path.name for path in disk.iterdir()} == {earlier.name, "vol"}
    assert not list(tmp_path.glob("*.kopie*"))
