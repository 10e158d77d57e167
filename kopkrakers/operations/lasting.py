"""A server that never gives up: a worker that dies is started again, later while it keeps dying."""

import math
import time
from collections.abc import Callable
from typing import Any

import structlog
from granian.server import MPServer

SOON = 10.0
"""Seconds within which a worker that ends counts as one that cannot live."""
SECOND = 1.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Seconds between two starts of a worker that keeps dying, at most."""


class LastingServer(MPServer):
    """Granian ends all when one worker dies twice within seconds; here only that one waits."""

    def __init__(
        self, *args: Any, goes_on: Callable[[], bool] = lambda: True, **kwargs: Any
    ) -> None:
        """`goes_on`: asked every second; the server ends when it says no."""
        super().__init__(*args, **kwargs)
        self._goes_on = goes_on
        self._pauses: dict[int, float] = {}
        self._due: dict[int, float] = {}

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Wait for signals and for workers that die, until told to stop."""
        while True:
            self.main_loop_interrupt.wait(self._seconds_to_next())
            self.main_loop_interrupt.clear()
            if self.interrupt_signal or not self._goes_on():
                return
            while self.interrupt_children:
                self._plan(self.interrupt_children.pop())
            if self.reload_signal:
                self._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            for idx, due in list(self._due.items()):
                if due <= time.monotonic():
                    self._start_again(idx, spawn_target, target_loader)

    def _seconds_to_next(self) -> float:
        first = min(self._due.values(), default=math.inf)
        return max(0.0, min(SECOND, first - time.monotonic()))

    def _plan(self, idx: int) -> None:
        """Follow a worker that lived for a while at once, another after a growing pause."""
        if time.monotonic() - self.wrks[idx].birth > SOON:
            self._pauses.pop(idx, None)
        pause = self._pauses.get(idx, 0.0)
        self._pauses[idx] = min(2 * pause or FIRST_PAUSE, LONGEST_PAUSE)
        self._due[idx] = time.monotonic() + pause
        structlog.get_logger().error("worker ended", worker=idx + 1, again_in=pause)

    def _start_again(self, idx: int, spawn_target: Any, target_loader: Any) -> None:
        worker = self._spawn_worker(idx=idx, target=spawn_target, callback_loader=target_loader)
        try:
            worker.start()  # type: ignore[no-untyped-call]
        except OSError:  # no memory or no process to be had: later, perhaps
            self._due[idx] = time.monotonic() + LONGEST_PAUSE
            return
        del self._due[idx]
        self.wrks[idx] = worker
