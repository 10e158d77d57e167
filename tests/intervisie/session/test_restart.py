"""The server dies in the middle of a vote and comes back: none is lost or doubled."""

import os
import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.intervisie.session import planning, rounds
from kopkrakers.intervisie.session.states import RoundState
from kopkrakers.intervisie.session.store import SESSION_TALLY
from tests.benchmarks.processes import tree_of
from tests.support.clock import StoppedClock
from tests.support.running import answer, environment, free_port, running, until
from tests.support.sessions.scene import OWN, SessionScene
from tests.support.world import World

pytestmark = pytest.mark.slow
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PHONES = "aaaaabbbbxx"


class Phone:
    """A browser with cookies and nothing else."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def page(self) -> str:
        with self.browser.open(self.address, timeout=10) as response:
            return str(response.read().decode())

    def send(self, what: str, **fields: str) -> str:
        token = TOKEN.search(self.page())
        assert token is not None
        sent = urlencode({"csrf_token": token[1], **fields}).encode()
        with self.browser.open(self.address + what, sent, timeout=10) as response:
            return str(response.read().decode())

    def vote(self, option: str) -> bool:
        """Whether the phone was told that its vote is in; a dead server tells nothing."""
        try:
            if "data-vorm" in self.page():
                self.send("/stem", stemming="1", optie=option)
            return "Je stem is binnen" in self.page()
        except (OSError, HTTPException):
            return False


class Product:
    """`serve` on a scene's database, on the real clock; it can be killed as a power cut would."""

    server: int

    def __init__(self, scene: SessionScene, folder: Path) -> None:
        self.scene, self.folder = scene, folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.env = environment(
            folder,
            KOPKRAKERS_PORT=self.url.rsplit(":", 1)[1],
            KOPKRAKERS_DATABASE_URL=scene.settings.database_url,
            KOPKRAKERS_CARDS_DIR=str(scene.settings.cards_dir),
            KOPKRAKERS_WORKERS="2",
        )

    @contextmanager
    def up(self) -> Iterator[None]:
        with running("serve", env=self.env, cwd=self.folder) as server:
            self.server = server.pid
            answer(f"{self.url}/gezond")
            yield

    def kill(self) -> None:
        """Pages and counter at once, with no time to end anything."""
        # what starts others goes first, or it puts another in the place of one that is gone
        for process in sorted(tree_of(self.server)):
            os.kill(process, signal.SIGKILL)

    def phones(self) -> list[Phone]:
        found = [Phone(f"{self.url}/m/{self.scene.code}") for _ in PHONES]
        for phone in found:
            phone.send("/doe-mee")
        return found


@pytest.fixture
def product(settings: Settings, database: Database, world: World, tmp_path: Path) -> Product:
    """A planned session on an eigen casus, whose lobby is open."""
    library = Library(settings.cards_dir)
    counter = make_counter(settings, database, library)
    scene = SessionScene(
        settings, database, world, StoppedClock(datetime.now(UTC)), library, counter, ""
    )
    scene.plan(OWN)
    scene.lead(planning.open_lobby, now=scene.now)
    return Product(scene, tmp_path)


def state_of(scene: SessionScene) -> RoundState:
    vote = scene.regie().now.round(1)
    assert vote is not None
    return vote.state


def test_killed_while_votes_come_in_and_while_they_are_counted(product: Product) -> None:
    scene = product.scene
    with product.up(), ThreadPoolExecutor(len(PHONES)) as at_once:
        until(lambda: scene.regie().box_ready, "no box")
        phones = product.phones()
        scene.open_round()
        acknowledged = [
            at_once.submit(partial(phone.vote, option))
            for phone, option in zip(phones, PHONES, strict=True)
        ]
        until(lambda: scene.regie().now.rounds[0].votes_in, "no vote came in")
        product.kill()
        told = [vote.result() for vote in acknowledged]
    with product.up():
        votes_in = scene.regie().now.rounds[0].votes_in
        assert votes_in is not None and votes_in >= sum(told)
        assert all(phone.vote(option) for phone, option in zip(phones, PHONES, strict=True))
        assert scene.regie().now.rounds[0].votes_in == len(PHONES)
        product.kill()
    scene.lead(rounds.close_round, number=1)
    with product.up():
        until(lambda: state_of(scene) == RoundState.CLOSED, "not counted")
        assert {row.option: row.n for row in scene.rows(SESSION_TALLY)} == {"a": 5, "b": 4, "x": 2}
        assert "De stemming is dicht" in phones[0].page()
