"""The form of log lines, ours and those of libraries: JSON with nothing of a person or a choice.

A fault names its kind and where it arose, never its message: that of a database driver repeats what
was being written.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from importlib import import_module
from traceback import extract_tb
from typing import Any


# D-170
def _leave_colours_out() -> None:
    """Let structlog be imported without rich, in which it would colour lines for a terminal.

    Ours are JSON, and that took 4 MB of each process. Who draws a progress bar imports rich itself.
    """
    if "rich" in sys.modules:
        return
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python is told that it is not there
    try:
        import_module("structlog")
    finally:
        del sys.modules["rich"]


_leave_colours_out()

import structlog  # noqa: E402  (after what it is imported without)

FRAMES = 12
"""Places of a fault that are named, the innermost ones."""


class _StandardError:
    """Writes to standard error as it is at that moment; standard output is for commands."""

    def msg(self, line: str) -> None:
        """Write one line."""
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


class JsonFormatter(logging.Formatter):
    """Lines of libraries in the same form: their message; of an exception only kind and place."""

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
    """Return the configuration for `logging.config.dictConfig` of lines of libraries."""
    # granian's line of a request names its path and network address, which `web.logs` leaves out
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
    """Return the kind and the places of a fault; not its message and not its values."""
    # of a place its file and line, never the text of the line nor the values of its names
    frames = extract_tb(error.__traceback__)[-FRAMES:]
    where = []
    for frame in frames:
        file = frame.filename.rpartition("/")[2]
        where.append(f"{file}:{frame.lineno} {frame.name}")
    cause = error.__cause__ or error.__context__
    kind = None
    if cause:
        kind = type(cause).__qualname__
    return {
        "fault": type(error).__qualname__,
        "cause": kind,
        "where": where,
    }
