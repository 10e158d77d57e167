"""Rate limits, in memory of one server. Windows follow the clock, so nobody's moment is kept."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hashlib import blake2b
from math import ceil
from mmap import mmap
from secrets import token_bytes
from struct import Struct
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app, g, request

from kopkrakers.base.errors import TooMany
from kopkrakers.web.access import View
from kopkrakers.web.state import state

SENTENCE = "Dit ging te vaak achter elkaar."
_ROUND = {1: "een minuut", 15: "een kwartier", 30: "een half uur", 60: "een uur"}
MINUTES_OF_A_DAY = 24 * 60
LONG_WAIT = 2 * MINUTES_OF_A_DAY
"""Minutes above which a wait is told in days."""
AGAIN = "Probeer het {wait} weer."
SALT_BYTES = 32
SLOT = Struct("<16sII")
"""A key, hashed; the second at which its window ends; how often it came."""
SLOTS = 1 << 15
"""Keys that can be counted at a time: more than the people of a regio."""
NEAR = 16
"""Slots in which a key may stand. When all are taken, the one that came least makes room."""


# D-11
# D-74
class Limits:
    """Counts each key in the current window. Keys are hashed with a secret of the server.

    The memory belongs to no file on a disk. The processes of one server share it, so that a limit
    is the same however many there are; it is gone when they are.
    """

    def __init__(self, path: str | None = None) -> None:
        """Count in memory of our own, or in that of the server. `path`: where that is found."""
        self._threads = Lock()
        self._open(path)

    def share(self, path: str) -> None:
        """Count on in the memory of the server."""
        self._open(path)

    def _open(self, path: str | None) -> None:
        if path is None:
            file = os.memfd_create("limits")
        else:
            file = os.open(path, os.O_RDWR)
        self._file = os.fdopen(file, "r+b", buffering=0)
        with self._alone():
            if os.fstat(file).st_size == 0:
                os.ftruncate(file, SALT_BYTES + SLOTS * SLOT.size)
                os.pwrite(file, token_bytes(SALT_BYTES), 0)
        self._memory = mmap(file, 0)

    def times(self, name: str, key: str, *, minutes: int, now: float) -> int:
        """Count `key` under `name` and return its number in this window. `now` in seconds."""
        return self._add(1, name, key, minutes, int(now))

    def forgive(self, name: str, key: str, *, minutes: int, now: float) -> None:
        """Count `key` once less: what it did was right."""
        self._add(-1, name, key, minutes, int(now))

    def _add(self, number: int, name: str, key: str, minutes: int, now: int) -> int:
        window = now // (60 * minutes)
        text = f"{name}\0{minutes}\0{window}\0{key}".encode(errors="surrogatepass")
        hidden = blake2b(text, key=self._memory[:SALT_BYTES], digest_size=16).digest()
        with self._alone():
            place = self._place_of(hidden, now)
            found, _, before = SLOT.unpack_from(self._memory, place)
            # another key stood here, whose window is over or which came least
            if found != hidden:
                before = 0
            count: int = max(0, before + number)
            SLOT.pack_into(self._memory, place, hidden, (window + 1) * 60 * minutes, count)
            return count

    def _place_of(self, hidden: bytes, now: int) -> int:
        """Return where a key stands, or where it can: where the window is over, or came least."""
        first = int.from_bytes(hidden[:8], "little")
        least_used, fewest = 0, None
        for step in range(NEAR):
            place = SALT_BYTES + (first + step) % SLOTS * SLOT.size
            found, ends, count = SLOT.unpack_from(self._memory, place)
            if found == hidden:
                return place
            # where a window is over, less stands than where any counts
            if ends > now:
                came = count
            else:
                came = -1
            if fewest is None or came < fewest:
                least_used, fewest = place, came
        return least_used

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and processes out. One that is killed meanwhile keeps nobody out."""
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


# D-43
def slow_down(name: str, key: str, *, at_most: int, minutes: int, why: str = SENTENCE) -> int:
    """Count one try of `key` (a typed address, a user's id) at `name`. `why`: what is said first.

    Return which try of this window it was.
    Raises: TooMany after `at_most` tries in a window of `minutes`; it says when that is over.
    """
    now = state().now().timestamp()
    times = _limits().times(name, key, minutes=minutes, now=now)
    if times <= at_most:
        return times
    seconds = seconds_left(minutes=minutes, now=now)
    g.retry_after = seconds
    raise TooMany(f"{why} {AGAIN.format(wait=in_words(seconds))}")


def seconds_left(*, minutes: int, now: float) -> int:
    """Return how long a window of `minutes` still lasts, in whole seconds."""
    return 60 * minutes - int(now) % (60 * minutes)


def in_words(seconds: int) -> str:
    """Return a wait as people say it, never too short: "over 12 minuten"."""
    minutes = ceil(seconds / 60)
    if minutes > LONG_WAIT:
        return f"over {ceil(minutes / MINUTES_OF_A_DAY)} dagen"
    return f"over {_ROUND.get(minutes, f'{minutes} minuten')}"


def forgive(name: str, key: str, *, minutes: int) -> None:
    """Count one try less, for it was right: a whole gemeente may sign in from one address."""
    _limits().forgive(name, key, minutes=minutes, now=state().now().timestamp())


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


def _limits() -> Limits:
    return cast(Limits, current_app.extensions["kopkrakers_limits"])


def install(app: Flask) -> None:
    """Start with nothing counted."""
    app.extensions["kopkrakers_limits"] = Limits()
