"""The quick tests: those that `pytest --quick` keeps, with little installed and on SQLite alone."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SLOW_PLACES = {
    "browser",
    "counter",
    "demo",
    "editions",
    "leading",
    "migrations",
    "operations",
    "pages",
    "regie",
    "research",
    "session",
    "test_cli.py",
    "test_errors.py",
    "test_guessing.py",
    "test_later_version.py",
}
"""Folders and files where a test walks through pages, counts for days, runs a server or command,
makes a release, brings an older database up, or guesses some hundreds of times.
"""
SLOW_FIXTURES = {"mailbox"}
"""What starts a server of its own, from a package that is not installed."""
NOT_INSTALLED = {"aiosmtpd", "kubernetes_validate", "playwright", "polars", "schemathesis", "scipy"}
"""What `make setup-test` installs and `make quick` does not."""


def is_left_out(path: Path) -> bool:
    """Whether a folder or file of tests takes too long or needs more than is installed."""
    if SLOW_PLACES & set(path.relative_to(TESTS).parts):
        return True
    return path.name.startswith("test_") and bool(imported_by(path) & NOT_INSTALLED)


def imported_by(path: Path) -> set[str]:
    """Return the packages that a file imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    modules = [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
    for node in nodes:
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
    return {module.split(".")[0] for module in modules if module}


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is marked slow, runs on PostgreSQL or starts a server."""
    if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    callspec = getattr(item, "callspec", None)
    values = callspec.params.values() if callspec is not None else ()
    return item.get_closest_marker("slow") is not None or "postgresql" in values
