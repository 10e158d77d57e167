"""Debian's Chromium, one for each process; pages that tell on themselves;
one site for all but the whole day.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.engines.chromium import chromium
from tests.browser.parts.live_site import CLOSED, EARLIER, LiveSite, live_site
from tests.browser.parts.phone import PATIENCE, Phones, Visit
from tests.support.databases import making

QUIET_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {
        "executable_path": os.environ.get("KOPKRAKERS_CHROMIUM") or chromium(),
        "args": [*QUIET_FLAGS, *as_root],
    }


@pytest.fixture(scope="session")
def live(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The site that tests share. Nothing is ever counted in it; Friday's dilemma has figures."""
    folder = tmp_path_factory.mktemp("live")
    with live_site(folder, making.copy_sqlite(sqlite_template, folder), mail=True) as site:
        site.site(EARLIER).add_figures(str(site.world.zaanstad))
        site.site(EARLIER).add_reasons(w=(40, 25, 10, 0), r=(15, 30, 10, 0), b=(25, 10, 10, 0))
        site.site(CLOSED).add_figures()
        yield site


@pytest.fixture(scope="session")
def demo_site(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """A site without mail, marked as a demo."""
    folder = tmp_path_factory.mktemp("demo")
    with live_site(
        folder, making.copy_sqlite(sqlite_template, folder), mail=False, demo=True
    ) as site:
        yield site


@pytest.fixture
def own_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveSite]:
    """A site for one test alone, on the kind of database that the test names."""
    if request.param == "sqlite":
        url = making.copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        with live_site(tmp_path, url, mail=True) as site:
            yield site
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template")
    with (
        making.copied_on_postgres(server, template) as url,
        live_site(tmp_path, url, mail=True) as site,
    ):
        yield site


@pytest.fixture
def visit(browser: Browser, live: LiveSite) -> Iterator[Visit]:
    """Opens a phone, with this person signed in or nobody; each page is watched to the end."""
    expect.set_options(timeout=PATIENCE)
    phones = Phones(browser, live)
    yield phones.visit
    phones.close()
    assert not phones.faults, phones.faults
