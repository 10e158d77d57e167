"""Log lines of requests and their faults, with nothing in them that leads to a person or a choice.

A line names the route, never the address asked (invitations carry their secret in it), and no
network address, user, query, header or size.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from kopkrakers.base.logs import describe

NOTHING_NEW = (204, 304)
"""Statuses without a line: every phone in a session asks each second whether something is new."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def log_fault(error: BaseException, *, number: str | None) -> None:
    """Log a fault of ours. `number` stands on the page that the user saw."""
    structlog.get_logger().error("fault", number=number, route=_route(), **describe(error))


def log_last_resort(error: BaseException, *, number: str) -> None:
    """Log a fault for which even the error page failed; outside a request, so without a route."""
    structlog.get_logger().error("last resort", number=number, **describe(error))


def install(app: Flask) -> None:
    """Write a line after each request that brought something."""
    if not structlog.get_logger().is_enabled_for(logging.INFO):
        return

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        if response.status_code in NOTHING_NEW:
            return response
        took = round((perf_counter() - g.began) * 1000)
        sys.stderr.write(
            _line(request.method, _route(), response.status_code)
            % (took, datetime.now(UTC).isoformat())
        )
        return response


@lru_cache(maxsize=1024)
def _line(method: str, route: str | None, status: int) -> str:
    """Return a line without milliseconds and moment: the same for many requests, so remembered."""
    known = {
        "event": "request",
        "method": method if method in METHODS else "other",
        "route": route,
        "status": status,
    }
    head = json.dumps(known, ensure_ascii=False).replace("%", "%%").removesuffix("}")
    return head + ', "level": "info", "ms": %d, "timestamp": "%s"}\n'


def _route() -> str | None:
    if request.url_rule:
        return request.url_rule.rule
    return None
