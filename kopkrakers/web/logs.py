"""Log lines of requests and their faults, with nothing in them that leads to a person or a choice.

A line names the route, never the address asked (invitations carry their secret in it), and no
network address, user, query, header or size. Where somebody takes part there is no line at all:
whatever keeps the lines writes a moment beside each, and the order of lines is one too.
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
TAKING_PART = "meedoen"
"""All of the site where somebody answers, reads a result, talks in a team or is in a session."""
OTHERS = "overig"
TOLD_APART = frozenset({"pages", "research", "research_about", "api"})
"""Blueprints whose routes are told one by one: nobody answers, signs in or is managed there."""
PROBES = frozenset({"alive", "ready", "security_txt", "static"})


def part_of(blueprint: str | None, endpoint: str | None, rule: str | None) -> str:
    """Return under which name a request is told: its route pattern, or that of a whole part."""
    if rule is None or endpoint is None:
        return OTHERS
    is_probe = blueprint is None and endpoint in PROBES
    if is_probe or blueprint in TOLD_APART:
        return rule
    return TAKING_PART


def part_of_request() -> str:
    """Return under which name the request at hand is told."""
    return part_of(request.blueprint, request.endpoint, _route())


def log_fault(error: BaseException, *, number: str | None) -> None:
    """Log a fault of ours. `number` stands on the page that the user saw."""
    structlog.get_logger().error("fault", number=number, route=part_of_request(), **describe(error))


def log_last_resort(error: BaseException, *, number: str) -> None:
    """Log a fault for which even the error page failed; outside a request, so without a route."""
    structlog.get_logger().error("last resort", number=number, **describe(error))


def install(app: Flask) -> None:
    """Write a line after each request that brought something and in which nobody takes part."""
    if not structlog.get_logger().is_enabled_for(logging.INFO):
        return

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    # D-109
    @app.after_request
    def write(response: Response) -> Response:
        # a file is fetched by a page, and the first time by whoever opened it
        is_file = request.endpoint == "static"
        if is_file or response.status_code in NOTHING_NEW or part_of_request() == TAKING_PART:
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
