"""How long a worker that dies waits for its next start."""

import time
from types import SimpleNamespace

from granian.constants import Interfaces

from kopkrakers.operations.lasting import LONGEST_PAUSE, SOON, LastingServer


def pauses(*lives: float) -> list[float]:
    """The pauses after a worker that lived so long, time after time."""
    server = LastingServer("no:app", interface=Interfaces.WSGI, workers=1)
    found = []
    for lived in lives:
        now = time.monotonic()
        server.wrks = [SimpleNamespace(birth=now - lived)]  # type: ignore[list-item]
        server._plan(0)
        found.append(round(max(0.0, server._due[0] - now), 1))
    return found


def test_a_worker_that_lived_is_followed_at_once() -> None:
    assert pauses(SOON + 1, SOON + 1, SOON + 1) == [0, 0, 0]


def test_a_worker_that_keeps_dying_waits_ever_longer_and_never_for_good() -> None:
    waits = pauses(*[1.0] * 12)
    assert waits[:4] == [0, 0.5, 1, 2]
    assert waits[-1] == LONGEST_PAUSE


def test_a_worker_that_lived_makes_an_end_to_its_pauses() -> None:
    assert pauses(1, 1, 1, SOON + 1, 1) == [0, 0.5, 1, 0, 0.5]
