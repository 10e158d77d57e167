"""The end of a worker, in which what was begun is done, and of a child that is started again."""

import subprocess
import sys

from kopkrakers.operations.running.keeping import pause_after

ENDING = """
import atexit, os, time
from kopkrakers.operations.gateway import Gateway

def slowly(environ, start):
    time.sleep(0.5)
    os.write(1, f"done {environ['PATH_INFO']}\\n".encode())
    return []

def answering(environ, start):
    start("200 OK", [])
    return slowly(environ, start)

atexit.register(print, "taken apart")
gateway = Gateway(answering, at_once=2, longest=1, patience=1)
for path in ("/a", "/b", "/c"):
    gateway._threads.submit(gateway._answer, {"PATH_INFO": path})
gateway.__rsgi_del__(None)
"""


def test_a_worker_ends_what_it_began_and_takes_nothing_apart() -> None:
    """A thread of granian that reaches for a Python that is being taken apart aborts it."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDING], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted(ended.stdout.split("\n")) == ["", "done /a", "done /b", "done /c"]


def test_a_child_that_cannot_start_is_tried_ever_more_slowly() -> None:
    pause, pauses = 1, []
    for _ in range(9):
        pause = pause_after(0.1, pause)
        pauses.append(pause)
        pause = 2 * pause
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_child_that_ran_for_a_while_is_started_again_at_once() -> None:
    assert pause_after(61, 60) == 1
