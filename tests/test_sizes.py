"""No god file, no god function: the sizes of everything, held."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(
    path
    for path in (ROOT / "kopkrakers").rglob("*.py")
    if "versions" not in path.parts and "_assets" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ROUTE_VERBS = {"get", "post", "route"}


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(paths: list[Path]) -> Iterator[tuple[str, int, bool]]:
    """Name, lines and whether it is a route, of every function."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                name = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield name, node.end_lineno - node.lineno + 1, is_route(node)


def is_route(node: ast.FunctionDef) -> bool:
    calls = [mark.func for mark in node.decorator_list if isinstance(mark, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in ROUTE_VERBS for call in calls)


def too_long(found: list[tuple[str, int]], limit: int) -> list[str]:
    return [f"{name}: {size} lines, at most {limit}" for name, size in found if size > limit]


def test_functions_are_short() -> None:
    found = [(name, size) for name, size, _ in functions(CODE)]
    assert too_long(found, 40) == []
    assert median(size for _, size in found) <= 8


def test_routes_are_short() -> None:
    found = [(name, size) for name, size, route in functions(CODE) if route]
    assert too_long(found, 25) == []
    assert median(size for _, size in found) <= 12


def test_files_are_short() -> None:
    found = [(str(path.relative_to(ROOT)), lines(path)) for path in [*CODE, *TESTS]]
    assert too_long(found, 300) == []


def test_most_files_are_seen_at_a_glance() -> None:
    """The aim is 80 lines."""
    assert median(lines(path) for path in CODE) <= 90


def test_pages_and_fragments_are_short() -> None:
    sizes = [(str(path.relative_to(ROOT)), lines(path)) for path in TEMPLATES]
    fragments = [(name, size) for name, size in sizes if Path(name).name.startswith("_")]
    pages = [(name, size) for name, size in sizes if (name, size) not in fragments]
    assert too_long(pages, 150) == []
    assert too_long(fragments, 60) == []
    assert median(size for _, size in pages) <= 60
    assert median(size for _, size in fragments) <= 25


def test_tests_are_short() -> None:
    found = [
        (name, size) for name, size, _ in functions(TESTS) if name.split()[1].startswith("test_")
    ]
    assert too_long(found, 30) == []
    assert median(size for _, size in found) <= 8


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_and_public_function_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    silent = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not is_inner(node, tree)
    ]
    assert silent == []
    assert ast.get_docstring(tree) or not path.read_text().strip()


def is_inner(node: ast.FunctionDef | ast.ClassDef, tree: ast.Module) -> bool:
    """Whether it stands inside another function."""
    around = [
        other
        for other in ast.walk(tree)
        if isinstance(other, ast.FunctionDef) and other is not node
    ]
    return any(node in ast.walk(other) for other in around)
