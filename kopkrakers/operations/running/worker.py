"""A worker: the application in a process of its own, forked from that of the website."""

import os
import signal
import threading
import time

import structlog
from flask import Flask

from kopkrakers.base.config import Settings
from kopkrakers.operations.gateway import Gateway
from kopkrakers.operations.metrics.counting import count_in_worker
from kopkrakers.operations.running.keeping import GRACE, PARENT

LIMITS = "_KOPKRAKERS_LIMITS"
"""Variable with the path of the memory in which the workers count together."""
METRICS = "_KOPKRAKERS_METRICS"
"""The same for the numbers that leave by the port for metrics."""


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
