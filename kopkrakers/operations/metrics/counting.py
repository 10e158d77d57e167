"""Count requests in a worker, and give the numbers out beside the server."""

from time import perf_counter

import structlog
from flask import Flask, Response, g
from prometheus_client import CollectorRegistry, start_http_server

from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.operations.metrics.tallying import RequestTally
from kopkrakers.operations.metrics.telling import Pictures, SiteCollector
from kopkrakers.web.logs import part_of_request


def count_requests(app: Flask, tally: RequestTally) -> None:
    """Count every request that this application answers."""

    @app.before_request
    def begin() -> None:
        g.metrics_began = perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        part = part_of_request()
        began = g.get("metrics_began", perf_counter())
        took = (perf_counter() - began) * 1000
        tally.count(part, milliseconds=took, is_fault=response.status_code == 500)
        return response


def count_in_worker(app: Flask, path: str | None) -> None:
    """Count in the memory of the server, where it gives numbers out. `path`: where that is."""
    if path is None:
        return
    try:
        count_requests(app, RequestTally(path))
    except OSError as error:  # a system that hides processes from each other
        structlog.get_logger().warning("metrics lack a worker", kind=type(error).__name__)


# D-157
def give_numbers(settings: Settings, tally: RequestTally) -> None:
    """Give the numbers out by the port for metrics, for as long as this process lives.

    Raises: OSError when the port is taken.
    """
    assert settings.metrics_port is not None
    registry = CollectorRegistry(auto_describe=False)
    pictures = Pictures(tally, utc_now)
    registry.register(SiteCollector(pictures, Database(settings.database_url), utc_now))
    _, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    thread.join()
