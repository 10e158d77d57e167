"""Logs: one JSON line per request and per fault, with nothing in it that leads to a person or a choice.

A line names the route, never the address asked (invitations carry their secret in it), and no network
address, user, query, header or size. A fault names its kind and where it arose, never its words: those
of a database driver repeat what was being written.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter
from traceback import extract_tb
from typing import Any

import structlog
from flask import Flask, Response, g, request

NOTHING_NEW = (204, 304)
"""Statuses without a line: a room full of phones asks every second whether there is something new."""
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
FRAMES = 12
"""How many places of a fault are named, the innermost ones."""


class _StandardError:
    """Writes lines to standard error as it is at that moment; standard output is for what a command prints."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


class JsonFormatter(logging.Formatter):
    """Lines of libraries in the same form: their words, but of an exception only its kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON line."""
        line: dict[str, Any] = {
            "logger": record.name,
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1]:
            line |= describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure(level: str) -> None:
    """Write our own lines to standard error as JSON, from `level` up."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=lambda *_names: _StandardError(),
    )


def libraries(level: str) -> dict[str, Any]:
    """The configuration (for `logging.config.dictConfig`) that gives lines of libraries the same form."""
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level.upper()},
        "loggers": {"granian.access": quiet, "_granian": {}, "flask_wtf": quiet, "alembic": quiet},
    }


# D-13
def describe(error: BaseException) -> dict[str, Any]:
    """The kind and the places of a fault; not its words and not its values."""
    frames = extract_tb(error.__traceback__)[-FRAMES:]
    cause = error.__cause__ or error.__context__
    return {
        "fault": type(error).__qualname__,
        "cause": type(cause).__qualname__ if cause else None,
        "where": [
            f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }


def log_fault(error: BaseException, *, number: str | None) -> None:
    """A line about something that went wrong on our side. `number` stands on the page the user saw."""
    structlog.get_logger().error("fault", number=number, route=_route(), **describe(error))


def log_last_resort(error: BaseException, *, number: str) -> None:
    """A line about a fault that no page could be made of; outside any request, so without its route."""
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
    """A line in which only the milliseconds and the moment are missing; written for every request, so made once."""
    known = {
        "event": "request",
        "method": method if method in METHODS else "other",
        "route": route,
        "status": status,
    }
    head = json.dumps(known, ensure_ascii=False).replace("%", "%%").removesuffix("}")
    return head + ', "level": "info", "ms": %d, "timestamp": "%s"}\n'


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None
