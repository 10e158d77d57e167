"""What no page may do, wherever a test goes:
complain in the console, or fetch anything from elsewhere.
"""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

REFUSED_ON_PURPOSE = "Failed to load resource: the server responded with a status of"
"""Chromium's own line for every 4xx and 5xx; files that fail are looked at by their response."""
NO_NETWORK = (
    *(
        f"Failed to load resource: net::ERR_{what}"
        for what in (
            "FAILED",
            "INTERNET_DISCONNECTED",
            "CONNECTION_RESET",
            "CONNECTION_CLOSED",
            "CONNECTION_REFUSED",
            "SOCKET_NOT_CONNECTED",
            "EMPTY_RESPONSE",
            "CONTENT_LENGTH_MISMATCH",
        )
    ),
    "htmx: htmx:error: Failed to fetch",
)
"""The same, and htmx's, for a test that pulls the plug."""
NO_WORKER = "Service Worker registration blocked by Playwright"
"""Playwright's own line where a test does without service workers."""
EXPECTED = (REFUSED_ON_PURPOSE, *NO_NETWORK, NO_WORKER)
FILES = {"script", "stylesheet", "font", "image", "manifest"}


class Watch:
    """Remembers the faults of every page in a browser context."""

    def __init__(
        self, context: BrowserContext, origin: str, expected: tuple[str, ...] = ()
    ) -> None:
        self.faults: list[str] = []
        self._expected = (*EXPECTED, *expected)
        self._origin = origin
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(self._expected):
            self.faults.append(f"console: {message.text}")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._origin + "/", "data:", "blob:")):
            self.faults.append(f"elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.resource_type in FILES and response.status >= 400:
            self.faults.append(f"missing: {response.url}")
