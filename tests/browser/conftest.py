"""Debian's Chromium, one for each process; pages that tell on themselves; one site for all but the whole day."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from kopkrakers.accounts.visitor import Visitor
from tests.browser.parts.live import CLOSED, EARLIER, Live, live_site
from tests.browser.parts.watching import Watch
from tests.conftest import on_postgres

PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE = 30_000
"""Milliseconds a page gets on a busy machine."""
QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
)

Visit = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {
        "executable_path": os.environ.get("KOPKRAKERS_CHROMIUM") or chromium(),
        "args": [*QUIET_FLAGS, *as_root],
    }


def chromium() -> str:
    """The same engine without windows around the pages, a third of the work; else the whole browser."""
    return (
        shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
    )


@pytest.fixture(scope="session")
def live(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The site that tests share. Nothing is ever counted in it; Friday's dilemma has figures."""
    folder = tmp_path_factory.mktemp("live")
    with live_site(folder, on_sqlite(folder, sqlite_template), mail=True) as site:
        site.site(EARLIER).add_figures(str(site.world.zaanstad))
        site.site(EARLIER).add_reasons(w=(40, 25, 10, 0), r=(15, 30, 10, 0), b=(25, 10, 10, 0))
        site.site(CLOSED).add_figures()
        yield site


@pytest.fixture(scope="session")
def demo_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A site without mail, marked as a demo."""
    folder = tmp_path_factory.mktemp("demo")
    with live_site(folder, on_sqlite(folder, sqlite_template), mail=False, demo=True) as site:
        yield site


@pytest.fixture
def own_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Live]:
    """A site for one test alone, on the kind of database that the test names."""
    if request.param == "sqlite":
        url = on_sqlite(tmp_path, request.getfixturevalue("sqlite_template"))
        with live_site(tmp_path, url, mail=True) as site:
            yield site
        return
    server, template = (
        request.getfixturevalue("postgres_url"),
        request.getfixturevalue("postgres_template"),
    )
    name = f"browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
        with live_site(tmp_path, on_postgres(server, name), mail=True) as site:
            yield site
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def on_sqlite(folder: Path, template: Path) -> str:
    """The address of a fresh embedded database in a folder."""
    (folder / "db").mkdir()
    shutil.copy(template, folder / "db" / "kopkrakers.db")
    return f"sqlite:///{folder}/db/kopkrakers.db"


@pytest.fixture
def visit(browser: Browser, live: Live) -> Iterator[Visit]:
    """Opens a phone, with this person signed in on it or nobody. Each page is watched to the end of the test."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_phone(
        visitor: Visitor | None = None,
        *,
        site: Live = live,
        url: str = "",
        script: bool = True,
        viewport: ViewportSize = PHONE,
    ) -> Page:
        address = url or site.url
        context = browser.new_context(
            viewport=viewport,
            locale="nl-NL",
            reduced_motion="reduce",
            base_url=address,
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append((context, Watch(context, address)))
        if visitor is not None:
            context.add_cookies([site.cookie(visitor)])  # type: ignore[list-item]
        return context.new_page()

    expect.set_options(timeout=PATIENCE)
    yield open_phone
    for context, _watch in contexts:
        context.close()
    faults = [fault for _context, watch in contexts for fault in watch.faults]
    assert not faults, faults
