"""Rate limits, in memory of one process. Windows follow the clock, so nobody's moment is kept."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from typing import Any, TypeVar, cast

from flask import Flask, current_app, request

from kopkrakers.base.errors import TooMany
from kopkrakers.web.state import state

View = TypeVar("View", bound=Callable[..., Any])

SENTENCE = "Dit ging te vaak achter elkaar. Wacht een paar minuten en probeer het dan opnieuw."


# D-11
class Limits:
    """Counts each key in the current window. Keys are hashed with a secret of this process."""

    def __init__(self) -> None:
        self._salt = token_bytes(32)
        self._lock = Lock()
        self._windows: dict[tuple[str, int], tuple[int, Counter[bytes]]] = {}

    def times(self, name: str, key: str, *, minutes: int, now: float) -> int:
        """Count `key` under `name` and return its number in this window. `now` in seconds."""
        window = int(now // (60 * minutes))
        hidden = blake2b(key.encode(), key=self._salt, digest_size=16).digest()
        with self._lock:
            running, counts = self._windows.get((name, minutes), (window, Counter[bytes]()))
            if running != window:
                counts = Counter()
            counts[hidden] += 1
            self._windows[(name, minutes)] = (window, counts)
            return counts[hidden]


# D-43
def slow_down(name: str, key: str, *, at_most: int, minutes: int) -> None:
    """Count one try of `key` (a typed address, a user's id) at `name`.

    Raises: TooMany after `at_most` tries in a window of `minutes`.
    """
    limits = cast(Limits, current_app.extensions["kopkrakers_limits"])
    if limits.times(name, key, minutes=minutes, now=state().now().timestamp()) > at_most:
        raise TooMany(SENTENCE)


def slow_down_here(name: str, *, at_most: int, minutes: int) -> None:
    """Count one try from this network address. All of a gemeente often share one: be generous.

    Raises: TooMany after `at_most` tries in a window of `minutes`.
    """
    slow_down(name, request.remote_addr or "", at_most=at_most, minutes=minutes)


def limited(at_most: int, *, minutes: int) -> Callable[[View], View]:
    """Refuse a view with 429 after `at_most` calls from one network address in `minutes`.

    For pages without a form. A view with a form calls `slow_down` itself and keeps what was typed.
    """

    def around(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **kwargs: Any) -> Any:
            slow_down_here(view.__qualname__, at_most=at_most, minutes=minutes)
            return view(*args, **kwargs)

        return cast(View, counted)

    return around


def install(app: Flask) -> None:
    """Start with nothing counted."""
    app.extensions["kopkrakers_limits"] = Limits()
