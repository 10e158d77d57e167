"""Ask a server of others for JSON, within seconds, and never with all threads of a process."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from http.client import HTTPResponse
from threading import BoundedSemaphore
from typing import Any, TypeVar
from urllib.parse import urlencode

from kopkrakers.base.memory import Memory
from kopkrakers.base.wire import Forbidden, NobodyKnows, NotSent, Wire, exchange

Work = TypeVar("Work")

SECONDS = 6.0
"""Seconds that a visitor waits for a server of others, all its answers together."""
REST_SECONDS = 15.0
"""Seconds that a silent server is left alone: else each visitor would wait for it."""
LONGEST_ANSWER = 256 * 1024
"""Bytes of an answer."""
MOST_RESTING = 1000


class Unreachable(Exception):
    """The server did not answer in time, cannot be reached, or may not be."""


@dataclass(frozen=True)
class JsonAnswer:
    """The answer of a server. `content` is empty when that was no object of JSON."""

    status: int
    content: Mapping[str, Any]


def ask_json(
    wire: Wire, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
) -> JsonAnswer:
    """Post a form, or get what is there for None, and return the JSON of the answer.

    Raises: Unreachable.
    """
    sent = {"Accept": "application/json", **headers}
    body = None
    if form is not None:
        body = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        return exchange(wire, url, body, sent, _read)
    except (Forbidden, NotSent, NobodyKnows):
        raise Unreachable from None


def _read(answer: HTTPResponse) -> JsonAnswer:
    text = answer.read(LONGEST_ANSWER + 1)
    try:
        if len(text) <= LONGEST_ANSWER:
            content = json.loads(text)
        else:
            content = None
    # deeper than the parser goes, or no text at all
    except (ValueError, RecursionError):
        content = None
    return JsonAnswer(answer.status, content if isinstance(content, dict) else {})


# D-94
class Patience:
    """Waits for servers of others, `at_once` threads of a process at most, `seconds` each.

    The work itself is done beside the thread that waits, so that nothing, a look-up of a name
    included, holds it longer.
    """

    def __init__(self, *, at_once: int, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._waiting = BoundedSemaphore(at_once)
        self._aside = ThreadPoolExecutor(max_workers=2 * at_once, thread_name_prefix="asking")
        self._resting = Memory[str, bool](seconds=REST_SECONDS, most=MOST_RESTING)

    def wait_for(self, server: str, work: Callable[[], Work]) -> Work:
        """Return what the work makes of the answers of a server.

        Raises: Unreachable, also when too many wait already or the server did not answer just now.
        """
        if self._resting.get(server) or not self._waiting.acquire(blocking=False):
            raise Unreachable
        try:
            return self._aside.submit(work).result(self._seconds)
        except (TooSlow, Unreachable):
            self._resting.put(server, True)
            raise Unreachable from None
        finally:
            self._waiting.release()
