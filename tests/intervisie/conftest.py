"""The product with today's dilemma open; a live session with its counter."""

import pytest
from flask import Flask

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.intervisie.pages import memory
from tests.support.clock import StoppedClock
from tests.support.sessions.pages import SessionPages, make_session_pages
from tests.support.sessions.scene import SessionScene, make_scene
from tests.support.world import World


@pytest.fixture(autouse=True)
def no_page_is_a_moment_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait for what is remembered; `pages/test_memory.py` tries that itself."""
    monkeypatch.setattr(memory, "VERSION_SECONDS", 0.0)


@pytest.fixture
def scene(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> SessionScene:
    return make_scene(settings, database, world, clock)


@pytest.fixture
def pages(app: Flask, scene: SessionScene, world: World) -> SessionPages:
    return make_session_pages(app, scene, world)
