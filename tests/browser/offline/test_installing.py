"""It can stand on a home screen, by the browser's own criteria, and never asks for that."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import PHONE, Visit

INSTALLABLE: list[Any] = []


@pytest.fixture
def whole_browser(playwright: Playwright, tmp_path: Path) -> Iterator[Page]:
    """A page of the browser with windows, not private: without those nothing can be installed."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("only the engine without windows is here")
    arguments = ["--headless=new", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=executable,
        args=arguments,
        ignore_default_args=["--headless"],
        viewport=PHONE,
    )
    yield context.pages[0]
    context.close()


def errors_of(page: Page) -> list[Any]:
    """Return the reasons that keep the browser from installing this page."""
    line = page.context.new_cdp_session(page)
    found: list[Any] = line.send("Page.getInstallabilityErrors")["installabilityErrors"]
    return found


def test_the_browser_can_install_it(live: LiveSite, whole_browser: Page) -> None:
    name, value = live.cookie(live.person())
    whole_browser.context.add_cookies([{"name": name, "value": value, "url": live.url}])
    whole_browser.goto(live.url)
    manifest = whole_browser.context.new_cdp_session(whole_browser).send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert errors_of(whole_browser) == INSTALLABLE
    whole_browser.goto(f"{live.url}/gezond")
    assert errors_of(whole_browser) != INSTALLABLE  # of a page that names no manifest


def test_nothing_ever_asks_for_it(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    asked = "new Event('beforeinstallprompt', { cancelable: true })"
    assert page.evaluate(f"dispatchEvent({asked})") is False


def test_the_account_page_says_how(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/account")
    for platform, step in (("Android", "App installeren"), ("iPhone en iPad", "Safari")):
        page.locator("summary").filter(has_text=platform).click()
        expect(page.get_by_text(step)).to_be_visible()
