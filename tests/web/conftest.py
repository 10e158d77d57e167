"""An application with a few routes that go wrong on purpose."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from tests.support.clock import StoppedClock
from tests.support.refusals import CHOICE, REFUSALS

NO_DATABASE_IN_IT = {"test_headers", "test_limits", "test_pages", "test_static", "test_theme"}
"""Modules about what no database has a part in: once is enough."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    again = [
        item
        for item in items
        if item.path.stem in NO_DATABASE_IN_IT
        and "postgresql" in item.name
        and item.path.parent.name == "web"
    ]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in again]


@pytest.fixture
def faulty(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)

    @app.get("/fout/<int:status>")
    @access.public
    def refuse(status: int) -> str:
        raise REFUSALS[status]

    @app.get("/stuk")
    @access.public
    def broken() -> str:
        raise ValueError(CHOICE)

    @app.post("/post")
    @access.public
    def post() -> str:
        return f"gekregen {request.form.get('optie')}"

    @app.post("/formulier")
    @access.public
    @asks_again
    def form() -> str:
        return "eigen controle"

    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def anyone(faulty: Flask) -> FlaskClient:
    """A browser that nobody has signed in on, on the application with faults."""
    return faulty.test_client()
