"""Phones on which a test signs people in; each page is watched as long as it is open."""

from typing import Protocol

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from kopkrakers.accounts.visitor import Visitor
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.watching import Watch

PHONE: ViewportSize = {"width": 360, "height": 740}
PATIENCE = 30_000
"""Milliseconds a page gets on a busy machine."""


class Visit(Protocol):
    """Opens a page on a new phone."""

    def __call__(
        self,
        visitor: Visitor | None = None,
        *,
        site: LiveSite | None = None,
        url: str = "",
        script: bool = True,
        worker: bool = False,
        expected: tuple[str, ...] = (),
        viewport: ViewportSize = PHONE,
    ) -> Page: ...


class Phones:
    """The phones of one test, on a site that is used unless another is named."""

    def __init__(self, browser: Browser, live: LiveSite) -> None:
        self._browser = browser
        self._live = live
        self._open: list[tuple[BrowserContext, Watch]] = []

    def visit(
        self,
        visitor: Visitor | None = None,
        *,
        site: LiveSite | None = None,
        url: str = "",
        script: bool = True,
        worker: bool = False,
        expected: tuple[str, ...] = (),
        viewport: ViewportSize = PHONE,
    ) -> Page:
        """Open a page on a new phone, with this person signed in on it or nobody.

        `worker`: its browser has service workers. Most tests do without, so that all works there.
        `expected`: how lines begin that the console may show here, besides those of any test.
        """
        site = site or self._live
        address = url or site.url
        context = self._browser.new_context(
            viewport=viewport,
            locale="nl-NL",
            reduced_motion="reduce",
            base_url=address,
            java_script_enabled=script,
            service_workers="allow" if worker else "block",
        )
        context.set_default_timeout(PATIENCE)
        self._open.append((context, Watch(context, address, expected)))
        if visitor is not None:
            name, value = site.cookie(visitor)
            context.add_cookies([{"name": name, "value": value, "url": site.url}])
        return context.new_page()

    def close(self) -> None:
        """Close every phone."""
        for context, _watch in self._open:
            context.close()

    @property
    def faults(self) -> list[str]:
        """Return what any page did that no page may do."""
        return [fault for _context, watch in self._open for fault in watch.faults]
