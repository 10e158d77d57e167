"""`kill -9` of the real process, again and again: nobody gets a second message."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from kopkrakers.accounts.models import USER
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.last_look import Process, last_look
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.library import Library
from tests.reminders.wishes import THIS_MONDAY, after, sent_on, wants_mail
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
    """Sixty people who are to get a mail today."""
    with database.transaction() as session:
        plan_calendar(session, Library(settings.cards_dir), THIS_MONDAY)
        ids = add_people(session, world.zaanstad, PEOPLE)
        for id_ in ids:
            statement = USER.update().where(USER.c.id == id_)
            session.execute(statement.values(email=f"mens{id_}@voorbeeld.nl"))
    wants_mail(database, *ids)
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


def kill_in_the_middle(process: "subprocess.Popen[bytes]", slow: Slow, pause: float) -> None:
    """Kill the process soon after its first mail."""
    before, deadline = slow.taken.total(), time.monotonic() + PATIENCE
    while slow.taken.total() == before and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)


def test_killed_and_started_again_it_mails_nobody_twice(
    people: list[int], database: Database, slow: Slow, env: dict[str, str]
) -> None:
    chance, kills = random.Random(SEED), 0
    while len(slow.taken) < PEOPLE / 2 and kills < KILLS:
        kill_in_the_middle(start(env, after(THIS_MONDAY)), slow, chance.random() * 0.1)
        kills += 1
    last = start(env, after(THIS_MONDAY))
    wait_until_looked(database)
    last.terminate()
    assert last.wait(PATIENCE) == 0, "it ends by itself when told to"
    assert kills > 1 and max(slow.taken.values()) == 1
    assert sent_on(database) == [THIS_MONDAY] * PEOPLE
    # at most the one in hand at each kill is lost
    assert PEOPLE - kills <= len(slow.taken) <= PEOPLE
