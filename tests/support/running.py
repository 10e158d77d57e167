"""Starting the real program in tests: its environment, a free port, waiting until it answers.

A command alone needs no process of its own: `Shell`.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from kopkrakers.base.config import Settings
from kopkrakers.cli import main
from tests.support.databases import making

PATIENCE = 240.0
"""Seconds a process gets on a busy machine."""
CARDS = Path(__file__).parents[1] / "cards"
OURS = Path(sys.executable)
"""The Python of the checkout; a release is tried with one of its own."""


class Shell:
    """Types commands.

    `first`: words with which each begins; `more`: settings besides those that every command needs.
    """

    def __init__(self, settings: Settings, *first: str, **more: str) -> None:
        self.first = first
        self.environment = {
            "KOPKRAKERS_DATABASE_URL": settings.database_url,
            "KOPKRAKERS_SECRET": settings.secret.get_secret_value(),
            "KOPKRAKERS_OPERATOR": "andere-partij",
            **more,
        }

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*self.first, *words], env=self.environment)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """The environment of an installation in a folder, with nothing of our own."""
    (folder / "db").mkdir(exist_ok=True)
    (folder / "sleutels").mkdir(mode=0o700, exist_ok=True)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KOPKRAKERS_")}
    return ours | {
        # where setproctitle is installed, a title leaves the environment of a process to be read
        "SPT_NOENV": "1",
        "KOPKRAKERS_DATABASE_URL": f"sqlite:///{folder}/db/kopkrakers.db",
        "KOPKRAKERS_SECRET": "s" * 40,
        "KOPKRAKERS_KEY_DIR": str(folder / "sleutels"),
        "KOPKRAKERS_OPERATOR": "andere-partij",
        "KOPKRAKERS_WORKERS": "1",
        **more,
    }


def installed(template: Path, folder: Path, **more: str) -> dict[str, str]:
    """The environment of an installation in an empty folder, with a copy of a database that
    has every table and with a few cards: `migrate`, and each program that reads all dilemmas of
    the product, would take as long as the program takes to start.
    """
    making.copy_sqlite(template, folder)
    return environment(folder, KOPKRAKERS_CARDS_DIR=str(CARDS), **more)


def run(
    *arguments: str, env: Mapping[str, str], cwd: Path | None = None, python: Path = OURS
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    command = [str(python), "-m", "kopkrakers", *arguments]
    return subprocess.run(
        command, env=env, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@contextmanager
def running(
    *arguments: str, env: Mapping[str, str], cwd: Path, python: Path = OURS
) -> Iterator["subprocess.Popen[str]"]:
    """A command that keeps running; ended at the end.

    What it says is in `out` and `err` in `cwd`.
    """
    with (cwd / "out").open("w") as out, (cwd / "err").open("w") as err:
        command = [str(python), "-m", "kopkrakers", *arguments]
        process = subprocess.Popen(command, env=env, cwd=cwd, stdout=out, stderr=err, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(url: str) -> str:
    """Return the answer of an address, once it gives one."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return str(response.read().decode())
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def until(condition: "object", message: str) -> None:
    """Wait until a function says true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, message
        time.sleep(0.05)


def processes_with(word: str) -> list[int]:
    """The ids of processes whose environment holds a word: all that one installation started."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and word.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def told(pid: int, what: str) -> bytes:
    """Return the system's facts about a process; nothing of one that just ended."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def children_of(parent: int) -> list[int]:
    """The processes that this one started and that still run."""
    wanted = f"PPid:\t{parent}\n".encode()
    numbers = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [pid for pid in numbers if wanted in told(pid, "status")]


def website_of(server: int) -> list[int]:
    """The website of a server, beside its counter: one process, or none yet."""
    return [pid for pid in children_of(server) if b"--serve" not in told(pid, "cmdline")]


def workers_of(server: int) -> list[int]:
    """The workers of a server: what its website forked."""
    return [worker for website in website_of(server) for worker in children_of(website)]
