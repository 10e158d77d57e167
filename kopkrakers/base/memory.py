"""Values remembered for a moment, so that hundreds who ask at once cost one look."""

from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Values by key, each kept for `seconds`, `most` of them at a time. Threads may share it."""

    def __init__(
        self, *, seconds: float, most: int, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._values: dict[Key, tuple[float, Value]] = {}  # in order of age, the oldest first

    def get(self, key: Key) -> Value | None:
        """Return what is remembered of a key; None for nothing, and for what is too old."""
        # without the lock: one look-up in a dictionary is whole by itself
        remembered = self._values.get(key)
        if remembered is None or self._is_too_old(remembered[0]):
            return None
        return remembered[1]

    def put(self, key: Key, value: Value) -> None:
        """Remember a value from now on. Drop what is too old, and the oldest when it is full."""
        with self._lock:
            # taken out first: a dictionary keeps the place of a key, and this one is the newest now
            self._values.pop(key, None)
            while self._values and self._has_to_go(next(iter(self._values))):
                del self._values[next(iter(self._values))]
            self._values[key] = (self._clock(), value)

    def forget(self, key: Key) -> None:
        """Drop what is remembered of a key, if anything is."""
        with self._lock:
            self._values.pop(key, None)

    def forget_where(self, is_gone: Callable[[Value], bool]) -> None:
        """Drop every value that meets a condition."""
        with self._lock:
            for key, (_, value) in list(self._values.items()):
                if is_gone(value):
                    del self._values[key]

    def _has_to_go(self, oldest: Key) -> bool:
        return len(self._values) >= self._most or self._is_too_old(self._values[oldest][0])

    def _is_too_old(self, since: float) -> bool:
        return self._clock() - since >= self._seconds
