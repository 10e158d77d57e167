"""The memory of a process that holds keys is closed to others of the same user."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kopkrakers.base.processes import closed

NOBODY = 65534
MODULE = Path(closed.__file__)
PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
"""A Python that other users can start, for ours may lie in a closed folder."""
WAITS = "print('ready', flush=True)\ninput()\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")


@contextmanager
def running(program: str) -> Iterator[int]:
    """The id of a process of an ordinary user that runs this and then waits."""
    user = NOBODY if os.geteuid() == 0 else None
    command = [PYTHON, "-c", program + WAITS]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, user=user, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout.readline() == "ready\n"
        yield process.pid
        process.communicate("\n")


def read_by_another(pid: int) -> "subprocess.CompletedProcess[str]":
    """Let another process of the same user read what this one was started with."""
    user = NOBODY if os.geteuid() == 0 else None
    reading = ["/bin/cat", f"/proc/{pid}/environ"]
    english = {"LC_ALL": "C"}
    return subprocess.run(
        reading, user=user, env=english, capture_output=True, text=True, check=False
    )


def test_another_process_of_the_same_user_reads_nothing() -> None:
    program = f"{MODULE.read_text()}\nclose_memory()\n"
    with running(program) as pid:
        said = read_by_another(pid)
    assert said.returncode != 0 and "denied" in said.stderr


def test_of_a_process_that_is_open_it_does() -> None:
    with running("") as pid:
        said = read_by_another(pid)
    assert said.returncode == 0 and "PATH=" in said.stdout


def test_a_crash_of_it_writes_no_memory() -> None:
    """The kernel dumps no process that is not dumpable, whatever its limits are."""
    program = f"{MODULE.read_text()}\nclose_memory()\n"
    asks = "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    said = subprocess.run(
        [PYTHON, "-c", program + asks], capture_output=True, text=True, check=True
    )
    assert said.stdout == "0\n"
