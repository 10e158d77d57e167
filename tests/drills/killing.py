"""`kill -9` of every process in turn while people answer: what was acknowledged is there, once."""

import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from urllib.parse import urlencode

from sqlalchemy import func, select

from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.app import create_app
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.tallies.models import Tally
from kopkrakers.web.state import AppState
from tests.benchmarks.stage import ANSWERED, Stage, build, environment
from tests.intervisie.session.test_restart import children_of
from tests.support.running import free_port, processes_with, until

CLIENTS = 6
BETWEEN = (0.8, 2.2)
"""Seconds that people answer before the next kill, drawn anew each time."""
ACKNOWLEDGED = 303
PARTICIPATION, TALLY = table(Participation), table(Tally)


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect is what acknowledges an answer."""

    def redirect_request(self, *_: object) -> None:
        """Return no request."""


OPENER = urllib.request.build_opener(Staying)


@dataclass
class Answering:
    """People who answer until they are told that it arrived, or until everybody did."""

    stage: Stage
    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[int] = field(default_factory=list)
    replies: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[int] = field(default_factory=list)

    def one_after_the_other(self) -> None:
        """Answer for whoever is next; somebody else after a breath."""
        while not self.stop.is_set():
            with self.lock:
                if not self.waiting:
                    return
                person = self.waiting.pop()
            self._until_acknowledged(person)
            time.sleep(0.3)

    def _until_acknowledged(self, person: int) -> None:
        while not self.stop.is_set():
            reply = self.send(person)
            with self.lock:
                self.replies[reply] += 1
                if reply == str(ACKNOWLEDGED):
                    self.acknowledged.append(person)
            # 409: it had arrived, and the acknowledgement was lost on the way
            if reply in (str(ACKNOWLEDGED), "409"):
                return
            time.sleep(0.3)

    def send(self, person: int) -> str:
        cookie, token = self.stage.tickets[person]
        fields = {"optie": "aab"[person % 3], "doorslag": "w"}
        skipped = {"zeker": "-", "verwacht": "-", "ervaring": "-"}
        body = urlencode({"csrf_token": token, **fields, **skipped}).encode()
        request = urllib.request.Request(self.url + self.stage.answer, body, {"Cookie": cookie})
        try:
            with OPENER.open(request, timeout=15) as response:
                return str(response.status)
        except urllib.error.HTTPError as error:
            if error.code == ACKNOWLEDGED and "inloggen" in str(error.headers["Location"]):
                return "signed out"
            return str(error.code)
        except OSError as error:
            return type(error).__name__


@dataclass
class Services:
    """Website with its counter, and the courier; started again when they end, as systemd does."""

    folder: Path
    env: dict[str, str]
    web: "subprocess.Popen[bytes]" = field(init=False)
    courier: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.web = self._start("serve")
        self.courier = self._start("remind", "--serve")

    def _start(self, *command: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "said").open("a") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "kopkrakers", *command],
                env=self.env,
                cwd=self.folder,
                stdout=said,
                stderr=said,
            )

    def start_what_ended(self) -> None:
        """Start website and courier again where they are gone."""
        if self.web.poll() is not None:
            self.web = self._start("serve")
        if self.courier.poll() is not None:
            self.courier = self._start("remind", "--serve")

    def until_answering(self, url: str) -> None:
        """Start what ended, again and again, until the website answers."""

        def answers() -> bool:
            # a server that finds its port still taken ends, and is started again
            self.start_what_ended()
            try:
                with urllib.request.urlopen(f"{url}/gezond", timeout=5):
                    return True
            except OSError:
                return False

        until(answers, "the website stayed away")

    def targets(self) -> dict[str, list[int]]:
        """Return the processes that can be killed now, by name."""
        found: dict[str, list[int]] = {"worker": [], "counter": []}
        # by their parent: the title that a worker gives itself covers its environment
        for pid in children_of(self.web.pid):
            words = words_of(pid)
            if words and "resource_tracker" not in words:
                found["counter" if "count" in words.split() else "worker"].append(pid)
        return found | {"master": [self.web.pid], "courier": [self.courier.pid]}

    def end(self) -> None:
        """End both, and wait until nothing of them is left."""
        for process in (self.web, self.courier):
            process.terminate()
            process.wait(60)


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
    replies: Counter[str]
    faults: list[str]


def drill(
    folder: Path, url: str, kills: int, backends: Callable[[], list[int]], seed: int
) -> Killed:
    """Kill so often while people answer; then count what is there."""
    env = environment(folder, url) | {"KOPKRAKERS_PORT": str(free_port())}
    stage = build(folder, env, ANSWERED + 100 + 6 * kills)
    answering = Answering(stage, f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}")
    answering.waiting = list(range(len(stage.tickets)))
    done: Counter[str] = Counter()
    dice = random.Random(seed)
    with serving(folder, env) as services, people(answering):
        while done.total() < kills:
            # nobody answers while it starts, and then a kill would prove nothing
            services.until_answering(answering.url)
            time.sleep(dice.uniform(*BETWEEN))
            targets = services.targets() | {"database": backends()}
            name = dice.choice([name for name, pids in targets.items() if pids])
            try:
                os.kill(dice.choice(targets[name]), SIGKILL)
            except ProcessLookupError:
                continue
            done[name] += 1
            # what was killed is gone a moment later
            time.sleep(0.5)
        services.until_answering(answering.url)
        time.sleep(3)
    until(lambda: own_processes(folder) == [], "something outlived the services")
    return Killed(done, len(answering.acknowledged), answering.replies, faults(env, answering))


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[Services]:
    """Keep the services running."""
    services = Services(folder, env)
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


def faults(env: dict[str, str], answering: Answering) -> list[str]:
    """Return the faults: an answer lost, twice, or in neither a box nor the totals."""
    os.environ.update(env)
    app = create_app()
    kept: AppState = app.extensions["kopkrakers"]
    _, _, slug, edition, _ = answering.stage.answer.split("/")
    here = (
        (PARTICIPATION.c.dilemma == slug)
        & (PARTICIPATION.c.edition == int(edition))
        & (PARTICIPATION.c.state == "in_box")
    )
    waits = (ENVELOPE.c.subject == slug) & (ENVELOPE.c.edition == int(edition))
    nationally = (TALLY.c.dilemma == slug) & (TALLY.c.edition == int(edition))
    with kept.database.reading() as session:
        turns = session.execute(select(PARTICIPATION.c.pseudonym).where(here)).scalars().all()
        voters = session.execute(select(ENVELOPE.c.voter).where(waits)).scalars().all()
        counted = session.execute(
            select(func.sum(TALLY.c.n)).where(nationally, TALLY.c.scope == "NL")
        ).scalar_one()
    kept.database.dispose()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    lost = 0
    for person in answering.acknowledged:
        cookie = answering.stage.tickets[person][0].split("=", 1)[1]
        who = signer.loads(cookie, 10**9)["person"]
        lost += Voter(who, kept.turn_keys).on(slug, int(edition)) not in turns
    astray = len(turns) - len(voters) - int(counted or 0)
    found = {
        "acknowledged answers lost": lost,
        "acknowledged twice": len(answering.acknowledged) - len(set(answering.acknowledged)),
        "envelopes twice": len(voters) - len(set(voters)),
        "turns in neither a box nor the totals": astray,
        "people signed out": answering.replies["signed out"],
    }
    return [f"{number} {what}" for what, number in found.items() if number]
