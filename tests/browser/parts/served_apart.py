"""The same site in a process of its own, which a test can kill:
`python -m tests.browser.parts.served_apart <database> <folder>` prints its port.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from werkzeug.serving import make_server

from kopkrakers.app import create_app
from tests.browser.parts.live_site import Quiet, settings_in
from tests.support.clock import MONDAY_MORNING, StoppedClock


class ServedApart:
    """A server that is there again after every kill."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._command = [sys.executable, "-m", __name__, database_url, str(folder)]
        self.start()

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        """End it as a fault of the machine would, in the middle of whatever it does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextmanager
def served_apart(database_url: str, folder: Path) -> Iterator[ServedApart]:
    """A server on this database until the end of the test."""
    server = ServedApart(database_url, folder)
    try:
        yield server
    finally:
        server.kill()


def _serve(database_url: str, folder: str) -> None:
    app = create_app(settings_in(Path(folder), database_url), clock=StoppedClock(MONDAY_MORNING))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    os.write(1, f"{server.server_port}\n".encode())
    thread.join()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
