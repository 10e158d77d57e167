"""The website: one process that imports the application, and workers that are forked from it.

`python -m kopkrakers.operations.running.website MODULE:FUNCTION`, which makes the application.
"""

import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from flask import Flask
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy.orm import configure_mappers

from kopkrakers.base import dutch, logs
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.catalogue.editions.working_days import last_working_day
from kopkrakers.operations.gateway import Gateway
from kopkrakers.operations.lasting import LastingServer
from kopkrakers.operations.metrics.counting import give_numbers
from kopkrakers.operations.metrics.tallying import RequestTally
from kopkrakers.operations.running.keeping import GRACE, PARENT
from kopkrakers.operations.running.worker import LIMITS, METRICS, end_with_parent, in_worker

OPEN_FILES = 65_536
"""Files and connections a process may have open, where the system allows it."""


def _allow_connections() -> None:
    """Raise the number of open files of this process and its workers to what the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = OPEN_FILES
    # "no limit" is a negative number, so it cannot be compared
    if hard != resource.RLIM_INFINITY:
        wished = min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wished:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


class MetricsProcess:
    """Keeps a process running that gives the numbers of this website out, where a port is set.

    A thread would do, but while there is one nothing can be forked safely.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: BaseProcess | None = None
        if settings.metrics_port is not None:
            self._tally = RequestTally()
            # open as long as this process lives; a worker finds it through the system
            os.environ[METRICS] = self._tally.path

    def keep(self) -> None:
        """Start it where it does not run, and should."""
        if self._settings.metrics_port is None:
            return
        if self._process is None or not self._process.is_alive():
            # a daemon, which ends with this process
            self._process = multiprocessing.Process(target=self._run, daemon=True)
            self._process.start()

    def _run(self) -> None:
        _begin()
        end_with_parent()
        give_numbers(self._settings, self._tally)


# D-158
def serve_web(settings: Settings, app: Flask) -> None:
    """Serve pages until SIGTERM or SIGINT, and finish running requests.

    Workers are forked: what is imported and made by now, they share.
    """
    parent = os.environ.get(PARENT)
    os.environ[PARENT] = str(os.getpid())
    os.environ[LIMITS] = f"/proc/{os.getpid()}/fd/{os.memfd_create('limits')}"
    multiprocessing.set_start_method("fork", force=True)
    metrics = MetricsProcess(settings)
    metrics.keep()

    def goes_on() -> bool:
        metrics.keep()
        return parent is None or os.getppid() == int(parent)

    def load() -> Gateway:
        _begin()
        return in_worker(app)

    _allow_connections()
    LastingServer(
        # granian asks for a name, but gets the application as it stands
        "kopkrakers",
        goes_on=goes_on,
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
    ).serve(target_loader=load, wrap_loader=False)  # type: ignore[arg-type]  # a Gateway is one of RSGI


def _begin() -> None:
    """Begin as a forked process: what a signal does here is not what it does in the one before."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    gc.enable()


# D-170
def _warm(app: Flask) -> None:
    """Do what each worker would do at its first request, so that they share what comes of it.

    Nothing here opens the database: a connection cannot be shared. Nor asks for a page: an
    application takes nothing more on after its first one, and a worker adds its own counting.
    """
    configure_mappers()
    today = amsterdam_day(utc_now())
    # the nearest one: whether a Sunday is a working day is answered without its holidays
    last_working_day(today)
    # what Dutch is called in takes 3 MB
    dutch.day(today)
    dutch.number(today.year)
    for name in app.jinja_env.list_templates(filter_func=_is_of_the_day):
        app.jinja_env.get_template(name)
    app.url_map.update()
    # what is here stays: the collector leaves it alone, for looking at it would copy it
    gc.freeze()


def _is_of_the_day(template: str) -> bool:
    """Whether a template is of the pages that every worker shows each day."""
    return template.startswith(("answers/", "base", "shell/"))


def main(path: str) -> None:
    """Serve an application. `path`: `module:function` of what makes it.

    Ends with code 2, as commands do, where a setting is wrong.
    """
    # no collecting: it leaves holes in memory, and a worker that fills them copies what is around
    gc.disable()
    module, _, function = path.partition(":")
    make_app: Callable[[], Flask] = getattr(importlib.import_module(module), function)
    try:
        app = make_app()
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    _warm(app)
    serve_web(app.extensions["kopkrakers"].settings, app)


if __name__ == "__main__":
    main(sys.argv[1])
