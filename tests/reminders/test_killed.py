"""`kill -9` of the real process, again and again: nobody gets a second message."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from kopkrakers.accounts.models import USER
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.processes.last_look import Process, last_look
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.editions import renew_editions
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.push.server_key import new_key, public_key
from kopkrakers.reminders.push.subscription import sealed_subscription
from kopkrakers.reminders.sending.push import AT_ONCE
from kopkrakers.reminders.service import Wish, ask_for
from tests.base.https_server import https_server
from tests.reminders.push.device import Device
from tests.reminders.wishes import NINE, SUNDAY, THIS_MONDAY, after, sent_on, wants_mail
from tests.support.running import PATIENCE, environment, free_port
from tests.support.world import World, add_people

pytestmark = pytest.mark.slow
PEOPLE = 60
KILLS = 6
SEED = 20261128


class Slow:
    """A mail server that takes a moment for each mail, so that a kill falls in the middle."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.port = free_port()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        self.taken.update(envelope.rcpt_tos)
        await asyncio.sleep(0.02)
        return "250 Taken"


def start(env: dict[str, str], moment: datetime) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.reminders.courier_process", moment.isoformat()]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, env=env, cwd=root, stderr=subprocess.DEVNULL)


def wait_until_looked(database: Database) -> None:
    deadline = time.monotonic() + PATIENCE
    while last_look(database, Process.COURIER) is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def people(settings: Settings, database: Database, world: World) -> list[int]:
    """Sixty people with an address, on a day with a dilemma."""
    with database.transaction() as session:
        library = Library(settings.cards_dir)
        plan_calendar(session, library, THIS_MONDAY)
        renew_editions(session, library, THIS_MONDAY)
        ids = add_people(session, world.zaanstad, PEOPLE)
        for id_ in ids:
            statement = USER.update().where(USER.c.id == id_)
            session.execute(statement.values(email=f"mens{id_}@voorbeeld.nl"))
    return ids


@pytest.fixture
def slow() -> Iterator[Slow]:
    """A mail server that runs."""
    slow = Slow()
    server = Controller(slow, hostname="127.0.0.1", port=slow.port)
    server.start()
    yield slow
    server.stop()


@pytest.fixture
def env(settings: Settings, tmp_path: Path, slow: Slow) -> dict[str, str]:
    """The settings of the process."""
    return environment(
        tmp_path,
        KOPKRAKERS_DATABASE_URL=settings.database_url,
        KOPKRAKERS_CARDS_DIR=str(settings.cards_dir),
        KOPKRAKERS_SMTP_HOST="127.0.0.1",
        KOPKRAKERS_SMTP_PORT=str(slow.port),
        KOPKRAKERS_SMTP_STARTTLS="false",
    )


def kill_in_the_middle(
    process: "subprocess.Popen[bytes]", sent: Callable[[], int], pause: float
) -> None:
    """Kill the process soon after its first message."""
    before, deadline = sent(), time.monotonic() + PATIENCE
    while sent() == before and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)


def kill_again_and_again(env: dict[str, str], database: Database, sent: Callable[[], int]) -> int:
    """Start and kill the process, then let the last one finish. Return how often it was killed."""
    chance, kills = random.Random(SEED), 0
    while sent() < PEOPLE / 2 and kills < KILLS:
        kill_in_the_middle(start(env, after(THIS_MONDAY)), sent, chance.random() * 0.1)
        kills += 1
    last = start(env, after(THIS_MONDAY))
    wait_until_looked(database)
    last.terminate()
    assert last.wait(PATIENCE) == 0, "it ends by itself when told to"
    assert kills > 1 and sent_on(database) == [THIS_MONDAY] * PEOPLE
    return kills


def test_killed_and_started_again_it_mails_nobody_twice(
    people: list[int], database: Database, slow: Slow, env: dict[str, str]
) -> None:
    wants_mail(database, *people)
    kills = kill_again_and_again(env, database, slow.taken.total)
    assert max(slow.taken.values()) == 1
    # at most the one in hand at each kill is lost
    assert PEOPLE - kills <= len(slow.taken) <= PEOPLE


def test_killed_and_started_again_it_pushes_to_nobody_twice(
    people: list[int],
    settings: Settings,
    database: Database,
    env: dict[str, str],
    tmp_path: Path,
) -> None:
    with_key = settings.model_copy(update={"push_key": SecretStr(new_key())})
    own_key, keys = public_key(with_key), keys_for(Use.REMINDERS, settings)
    assert own_key is not None and with_key.push_key is not None
    with https_server(tmp_path) as (server, _wire):
        server.pause = 0.05
        with database.transaction() as session:
            for id_ in people:
                phone = Device().subscription(server.url(f"/{id_}"), own_key)
                wish = Wish(NINE, sealed=sealed_subscription(keys, phone))
                ask_for(session, id_, Kind.PUSH, wish, SUNDAY)
        env |= {
            "KOPKRAKERS_PUSH_KEY": with_key.push_key.get_secret_value(),
            "TEST_CERTIFICATE": str(tmp_path / "localhost.pem"),
        }
        kills = kill_again_and_again(env, database, lambda: len(server.requests))
        taken = Counter(request.path for request in server.requests)
    assert max(taken.values()) == 1
    assert PEOPLE - kills * AT_ONCE <= len(taken) <= PEOPLE
