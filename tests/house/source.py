"""The files that the rules of the house are about, and their Python read as trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "kopkrakers", "static", "templates", "tests")
# made by a program or copied: what builds, caches and vendors
NOT_OURS = {"__pycache__", "_assets", "vendor", "versions"}

Node = TypeVar("Node", bound=ast.AST)


@cache
def our_files() -> tuple[str, ...]:
    """Return every file that is written by hand, by its path from the root of the repository."""
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    ours = (path.relative_to(ROOT) for path in paths if path.is_file())
    return tuple(sorted(str(path) for path in ours if not NOT_OURS & set(path.parts)))


def files_of(suffix: str, *folders: str) -> list[str]:
    """Return the files with this suffix, in these folders or in all."""
    wanted = folders or FOLDERS
    return [name for name in our_files() if name.endswith(suffix) and name.split("/")[0] in wanted]


@cache
def text_of(name: str) -> str:
    """Return what stands in a file."""
    return (ROOT / name).read_text()


@cache
def tree_of(name: str) -> ast.Module:
    """Return a Python file as a syntax tree."""
    return ast.parse(text_of(name))


@cache
def all_nodes_of(name: str) -> tuple[ast.AST, ...]:
    """Return every node of a Python file."""
    return tuple(ast.walk(tree_of(name)))


def nodes_of(name: str, kinds: type[Node] | tuple[type[Node], ...]) -> Iterator[Node]:
    """Yield the nodes of these kinds in a Python file."""
    for node in all_nodes_of(name):
        if isinstance(node, kinds):
            yield node
