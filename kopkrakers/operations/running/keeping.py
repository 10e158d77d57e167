"""Keep programs running beside each other: this one does nothing else, so it imports little.

`python -m kopkrakers.operations.running.keeping`: the website, with the counter beside it.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

LONGEST_PAUSE = 60
"""Seconds between two starts of a counter that keeps dying, at most."""
GRACE = 20
"""Seconds that requests and a running count get to end."""
KEY_DIR = "KOPKRAKERS_KEY_DIR"
PARENT = "_KOPKRAKERS_SERVER"
"""Variable with the id of the process that started this one: who asks the system may ask after its
end.
"""
KEEPING = [sys.executable, "-m", "kopkrakers.operations.running.keeping"]
"""The program of this module."""
APP = "kopkrakers.app:create_app"
"""Import path of what makes the application."""


def own_command(*arguments: str) -> list[str]:
    """This program again, with other arguments."""
    return [sys.executable, "-m", "kopkrakers", *arguments]


def website_command(app: str = APP) -> list[str]:
    """The program that serves pages. `app`: `module:function` of what makes the application."""
    return [sys.executable, "-m", "kopkrakers.operations.running.website", app]


def pause_after(lived: float, pause: int) -> int:
    """Return the seconds to wait after a child that lived so many seconds; `pause` is its turn.

    Ever longer, so that a counter that cannot start does not fill the disk with log lines; but one
    that ran for a while is started again at once, however often that happened in a year.
    """
    if lived > LONGEST_PAUSE:
        return 1
    return min(pause, LONGEST_PAUSE)


# D-15
class ChildKeeper:
    """Keeps one child process running until told to stop; starts it again when it dies.

    The child's standard input is a pipe that closes when this process ends in whatever way, so the
    child notices and ends too.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = dict(environment)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="child-keeper", daemon=True)

    def __enter__(self) -> "ChildKeeper":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None:
            _end(child)
        self._thread.join(GRACE)

    def _keep(self) -> None:
        pause = 1
        while (child := self._start()) is not None:
            began = time.monotonic()
            code = child.wait()
            pause = pause_after(time.monotonic() - began, pause)
            if not self._stopping.is_set():
                # after the interpreter, "-m" and "kopkrakers": `count`
                _tell("child ended", command=self._command[3], code=code, again_in=pause)
            self._stopping.wait(pause)
            pause = 2 * pause

    def _start(self) -> "subprocess.Popen[bytes] | None":
        # under the lock, or a stop between the question and the start would leave a child behind
        with self._lock:
            if self._stopping.is_set():
                return None
            # a session of its own: Ctrl+C reaches this process alone, which then ends the child
            self._child = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.PIPE, start_new_session=True
            )
            return self._child


def _tell(event: str, **facts: object) -> None:
    """Write a line of the log that says what is wrong."""
    # here and not above: it takes 15 MB, and most processes that keep others never need it
    import structlog

    from kopkrakers.base import logs

    logs.configure("error")
    structlog.get_logger().error(event, **facts)


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


def serve_beside(beside: Sequence[str], website: Sequence[str]) -> int:
    """Serve pages until SIGTERM or SIGINT, with another program beside them. Return the exit code.

    `website` is not told the key folder. When it ends by itself, all ends.
    """
    with ChildKeeper(beside, os.environ):
        return _serve(website)


def _serve(website: Sequence[str]) -> int:
    told: list[int] = []
    server: subprocess.Popen[bytes] | None = None

    def stop(number: int, _frame: object) -> None:
        told.append(number)
        if server is not None:
            server.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    environment = dict(os.environ) | {PARENT: str(os.getpid())}
    environment.pop(KEY_DIR, None)
    # a session of its own, as every child here
    server = subprocess.Popen(
        website, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    # what told to stop while the server was being made
    if told:
        server.terminate()
    code = server.wait()
    # a negative one names the signal that ended it: nobody asked for that
    return code if code >= 0 else 1


@contextmanager
def until_told_to_stop(*, child: bool) -> Iterator[threading.Event]:
    """An event that is set by SIGTERM, SIGINT or, for a child, by the end of its parent."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if child:
        threading.Thread(target=_until_parent_ends, args=(stop,), daemon=True).start()
    yield stop


def _until_parent_ends(stop: threading.Event) -> None:
    # nothing is ever written to the pipe: it gives the end of the file once its other end is closed
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(serve_beside(own_command("count", "--serve", "--child"), website_command()))
