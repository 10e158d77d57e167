"""The product with today's dilemma open; a live session with its counter."""

import pytest
from flask import Flask

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.intervisie.pages import memory
from tests.support.clock import StoppedClock
from tests.support.live_pages import Hall, make_hall
from tests.support.live_room import Room, make_room
from tests.support.world import World


@pytest.fixture(autouse=True)
def no_page_is_a_moment_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait for what is remembered; `pages/test_memory.py` tries that itself."""
    monkeypatch.setattr(memory, "VERSION_SECONDS", 0.0)


@pytest.fixture
def room(settings: Settings, database: Database, world: World, clock: StoppedClock) -> Room:
    return make_room(settings, database, world, clock)


@pytest.fixture
def hall(app: Flask, room: Room, world: World) -> Hall:
    return make_hall(app, room, world)
