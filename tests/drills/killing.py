"""`kill -9` of every process in turn while people answer: what was acknowledged is there, once."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL

from kopkrakers.operations.running.keeping import own_command
from tests.benchmarks.processes import tree_of
from tests.benchmarks.stage import ANSWERED, build, environment
from tests.drills.answering import Answering
from tests.drills.outcome import outcome_of, totals_of
from tests.support.running import free_port, processes_with, until

ROOT = Path(__file__).parents[2]
CLIENTS = 6
BETWEEN = (0.2, 1.0)
"""Seconds that people answer before the next kill, drawn anew each time."""
PEOPLE_PER_KILL = 16
"""More than can answer between two kills."""


COMMANDS = {
    "web": own_command("serve"),
    "courier": own_command("remind", "--serve"),
    "hurried counter": [sys.executable, "-m", "tests.drills.hurried"],
}


@dataclass
class Services:
    """Website with its counter, the courier, and a counter that is always counting.

    Each is started again when it ends, as systemd does.
    """

    folder: Path
    env: dict[str, str]
    running: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start_what_ended(self) -> None:
        """Start what does not run, for the first time or again."""
        for name, command in COMMANDS.items():
            process = self.running.get(name)
            # a server that finds its port still taken ends, and is started again
            if process is None or process.poll() is not None:
                self.running[name] = self._start(command)

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with (self.folder / "said").open("a") as said:
            return subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=said, stderr=said)

    def targets(self) -> dict[str, list[int]]:
        """Return the processes that can be killed now, by name."""
        found: dict[str, list[int]] = {"worker": [], "counter": []}
        master = self.running["web"].pid
        # by where they come from: the title that a worker gives itself covers its environment
        for pid in tree_of(master) - {master}:
            words = words_of(pid)
            if words and "resource_tracker" not in words:
                found["counter" if "count" in words.split() else "worker"].append(pid)
        return found | {name: [process.pid] for name, process in self.running.items()}

    def end(self) -> None:
        """End all, and wait until nothing of them is left."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(60)


def wait_for_end(pid: int) -> None:
    """Wait until a process that was killed is gone."""
    until(lambda: words_of(pid) == "", "killed, and still there")


def words_of(pid: int) -> str:
    """The command of a process; nothing of one that just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@dataclass(frozen=True)
class Killed:
    """The outcome of a drill. Each of `faults` is one thing that must not be."""

    kills: Counter[str]
    acknowledged: int
    counted: int
    replies: Counter[str]
    faults: list[str]


def drill(
    folder: Path, url: str, kills: int, backends: Callable[[], list[int]], seed: int
) -> Killed:
    """Kill so often while people answer and the boxes are counted; then look what is there."""
    env = environment(folder, url) | {"KOPKRAKERS_PORT": str(free_port())}
    stage = build(folder, env, ANSWERED + 200 + PEOPLE_PER_KILL * kills)
    answering = Answering(stage, f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}")
    answering.waiting = list(range(len(stage.tickets)))
    before = totals_of(env, stage)
    done: Counter[str] = Counter()
    dice = random.Random(seed)
    with serving(folder, env) as services, people(answering):
        while done.total() < kills:
            # nobody answers while it starts, and then a kill would prove nothing
            until_answered(services, answering)
            time.sleep(dice.uniform(*BETWEEN))
            targets = services.targets() | {"database": backends()}
            name = dice.choice([name for name, pids in targets.items() if pids])
            pid = dice.choice(targets[name])
            try:
                os.kill(pid, SIGKILL)
            except ProcessLookupError:
                continue
            done[name] += 1
            wait_for_end(pid)
        until_answered(services, answering)
    until(lambda: own_processes(folder) == [], "something outlived the services")
    found = outcome_of(env, answering, before)
    # of Rust under a worker, which aborts it; Python never says so
    panics = (folder / "said").read_text().count("panicked at")
    faults = found.faults + [f"{panics} panics in the log"] * (panics > 0)
    return Killed(done, len(answering.acknowledged), found.counted, answering.replies, faults)


def until_answered(services: Services, answering: Answering) -> None:
    """Start what ended, again and again, until somebody's answer is acknowledged."""
    before = len(answering.acknowledged)

    def acknowledged() -> bool:
        services.start_what_ended()
        return len(answering.acknowledged) > before

    until(acknowledged, "nobody could answer any more")


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[Services]:
    """Keep the services running."""
    services = Services(folder, env)
    services.start_what_ended()
    try:
        yield services
    finally:
        services.end()


@contextmanager
def people(answering: Answering) -> Iterator[None]:
    """Let people answer meanwhile."""
    threads = [threading.Thread(target=answering.one_after_the_other) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        answering.stop.set()
        for thread in threads:
            thread.join()


def own_processes(folder: Path) -> list[int]:
    """Return the processes of this drill that still run, but for the drill itself."""
    return [pid for pid in processes_with(str(folder)) if pid != os.getpid()]
