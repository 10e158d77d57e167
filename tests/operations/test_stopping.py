"""The end of a worker: what was begun is done, and then it is gone at once."""

import subprocess
import sys

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
