"""Serving: granian with some threads per worker, and the counter as a child process."""

import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import structlog
from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels

from kopkrakers.app import create_app
from kopkrakers.base import logs
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.operations.check import address_without_tls
from kopkrakers.operations.gateway import Gateway
from kopkrakers.operations.lasting import LastingServer
from kopkrakers.operations.metrics.counting import count_in_worker, tell_metrics

LONGEST_PAUSE = 60
"""Seconds between two starts of a counter that keeps dying, at most."""
GRACE = 20
"""Seconds that requests and a running count get to end."""
PORT_PATIENCE = 3.0
"""Seconds that workers of a server that was killed get to let go of the port."""
OPEN_FILES = 65_536
"""Files and connections a process may have open, where the system allows it."""
KEY_DIR = "KOPKRAKERS_KEY_DIR"
LIMITS = "_KOPKRAKERS_LIMITS"
"""Variable with the path of the memory in which the workers count together."""
METRICS = "_KOPKRAKERS_METRICS"
"""The same for the numbers that leave by the port for metrics."""
PARENT = "_KOPKRAKERS_SERVER"
"""Variable with the id of the server: a worker that asks the system may ask after its end."""


def own_command(*arguments: str) -> list[str]:
    """This program again, with other arguments."""
    return [sys.executable, "-m", "kopkrakers", *arguments]


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
            code = child.wait()
            if not self._stopping.is_set():
                # after the interpreter, "-m" and "kopkrakers": `count`
                name = self._command[3]
                structlog.get_logger().error("child ended", command=name, code=code, again_in=pause)
            self._stopping.wait(pause)
            # ever longer, so that a counter that cannot start does not fill the disk with log lines
            pause = min(2 * pause, LONGEST_PAUSE)

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


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()


WORKER_APP = "kopkrakers.operations.serving:worker_app"
"""Import path of the application of a worker."""


def worker_app() -> Gateway:
    """The application in a worker process."""
    return in_worker(create_app())


def in_worker(app: Flask) -> Gateway:
    """Let an application end with the server, and start on a request once it is there whole."""
    end_with_parent()
    settings: Settings = app.extensions["kopkrakers"].settings
    _count_together(app)
    count_in_worker(app, os.environ.get(METRICS))
    return Gateway(
        app.wsgi_app,
        at_once=settings.threads,
        longest=app.config["MAX_CONTENT_LENGTH"],
        patience=settings.body_seconds,
    )


def _count_together(app: Flask) -> None:
    """Let this worker count tries together with the others of its server."""
    path = os.environ.get(LIMITS)
    if path is None:
        return
    try:
        app.extensions["kopkrakers_limits"].share(path)
    except OSError as error:  # a system that hides processes from each other
        structlog.get_logger().warning("limits hold per worker", kind=type(error).__name__)


def end_with_parent() -> None:
    """End this process within a second after the server that started it is gone."""
    parent = int(os.environ.get(PARENT, os.getppid()))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # a process whose parent is gone gets another one
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def claim_port(host: str, port: int) -> None:
    """Refuse a port that is in use: granian would share it with an older server silently.

    Raises: ConfigurationError that says what to do.
    """
    until = time.monotonic() + PORT_PATIENCE
    while (reason := _refused(host, port)) is not None:
        if time.monotonic() >= until:
            raise ConfigurationError(
                f"Luisteren op {host}, poort {port}, lukt niet: {reason}. Stop wat daar luistert, "
                "of kies een andere met KOPKRAKERS_PORT en KOPKRAKERS_HOST."
            )
        time.sleep(0.2)


def _refused(host: str, port: int) -> str | None:
    """Return why the system does not let us listen there; None when it does."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # as a server does: connections of one that just stopped do not count as in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return (error.strerror or type(error).__name__).lower()
    return None


def _allow_connections() -> None:
    """Raise the number of open files of this process and its workers to what the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = OPEN_FILES
    # "no limit" is a negative number, so it cannot be compared
    if hard != resource.RLIM_INFINITY:
        wished = min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wished:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


def serve_web(settings: Settings, *, app: str = WORKER_APP) -> None:
    """Serve pages until SIGTERM or SIGINT, and finish running requests. `app`: `module:function`.

    Workers are not told the key folder, and are spawned: a fork would share the memory of this one.
    """
    os.environ.pop(KEY_DIR, None)
    os.environ[PARENT] = str(os.getpid())
    # open as long as this process lives; a worker finds it through the system
    os.environ[LIMITS] = f"/proc/{os.getpid()}/fd/{os.memfd_create('limits')}"
    _allow_connections()
    # D-15
    multiprocessing.set_start_method("spawn", force=True)
    LastingServer(
        app,
        factory=True,
        interface=Interfaces.RSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        backlog=settings.backlog,
        backpressure=settings.connections,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        websockets=False,
        log_level=LogLevels(settings.log_level),
        log_dictconfig=logs.libraries(settings.log_level),
    ).serve()


def serve(settings: Settings) -> None:
    """Serve pages, with the counter beside them where this machine holds the keys.

    Raises: ConfigurationError when something else listens on the port, and for an address of the
    site that others than this machine would reach without encryption.
    """
    for sentence in address_without_tls(settings):
        raise ConfigurationError(sentence)
    claim_port(settings.host, settings.port)
    tally = tell_metrics(settings)
    if tally is not None:
        # open as long as this process lives; a worker finds it through the system
        os.environ[METRICS] = tally.path
    # where this machine has no keys, a counter runs elsewhere
    if settings.key_dir is None:
        serve_web(settings)
        return
    with ChildKeeper(own_command("count", "--serve", "--child"), os.environ):
        serve_web(settings)


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
