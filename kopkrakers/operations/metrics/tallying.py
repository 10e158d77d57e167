"""Count the requests of all workers of one server together: in memory that belongs to no file.

A slot has the name of a part of the site and two numbers. It says nothing of a method, a status, an
address or a person; which part is told, see `web.logs`.
"""

import fcntl
import os
from mmap import mmap
from struct import Struct
from threading import Lock

SLOT = Struct("<56sQ")
"""A name, and how many requests."""
SLOTS = 128
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000)
"""Milliseconds up to which a request is counted as that fast; the last has the slower ones too."""
_TIME = Struct("<Q")
_FAULTS = SLOTS * SLOT.size
_TIMES = _FAULTS + _TIME.size
SIZE = _TIMES + len(BUCKETS) * _TIME.size


class RequestTally:
    """Counts requests by part of the site, how long they took, and faults of ours."""

    def __init__(self, path: str | None = None) -> None:
        """Count in memory of our own, or in that of the server. `path`: where that is found."""
        self._threads = Lock()
        file = os.memfd_create("metrics") if path is None else os.open(path, os.O_RDWR)
        self._file = os.fdopen(file, "r+b", buffering=0)
        if os.fstat(file).st_size < SIZE:
            os.ftruncate(file, SIZE)
        self._memory = mmap(file, SIZE)

    @property
    def path(self) -> str:
        """Return where other processes find this memory, as long as this one lives."""
        return f"/proc/{os.getpid()}/fd/{self._file.fileno()}"

    def count(self, part: str, *, milliseconds: float, is_fault: bool) -> None:
        """Count one request."""
        name = part.encode()[: SLOT.size - 8]
        bucket = sum(milliseconds > limit for limit in BUCKETS[:-1])
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                self._add_to_slot(name)
                self._add(_TIMES + bucket * _TIME.size, 1)
                self._add(_FAULTS, int(is_fault))
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def requests(self) -> dict[str, int]:
        """Return how many requests each part had."""
        numbers = {}
        for place in range(0, _FAULTS, SLOT.size):
            name, number = SLOT.unpack_from(self._memory, place)
            if number:
                numbers[name.rstrip(b"\0").decode()] = number
        return numbers

    def times(self) -> list[int]:
        """Return how many requests were as fast as each of `BUCKETS`."""
        return [self._read(_TIMES + place * _TIME.size) for place in range(len(BUCKETS))]

    def faults(self) -> int:
        """Return how many requests ended in a fault of ours."""
        return self._read(_FAULTS)

    def _add_to_slot(self, name: bytes) -> None:
        padded = name.ljust(SLOT.size - 8, b"\0")
        for place in range(0, _FAULTS, SLOT.size):
            found, number = SLOT.unpack_from(self._memory, place)
            if found == padded or number == 0:
                SLOT.pack_into(self._memory, place, padded, number + 1)
                return

    def _add(self, place: int, number: int) -> None:
        _TIME.pack_into(self._memory, place, self._read(place) + number)

    def _read(self, place: int) -> int:
        return int(_TIME.unpack_from(self._memory, place)[0])
