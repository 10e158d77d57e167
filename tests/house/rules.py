"""The rules that a file is held to, each a function from a file to its faults."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.house.source import files_of, nodes_of, text_of, tree_of
from tests.house.words import excluded_in

FUNCTION_LINES = 40
FILE_LINES = 400
TEMPLATE_LINES = 150
PYTHON_WIDTH = 100
TEMPLATE_WIDTH = 120

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Faults = Iterator[str]


def _too_wide(name: str, limit: int) -> Faults:
    for number, line in enumerate(text_of(name).splitlines(), start=1):
        if len(line) > limit:
            yield f"{name}:{number}: {len(line)} characters, at most {limit}"


def python_width(name: str) -> Faults:
    """Lines of at most 100 characters."""
    return _too_wide(name, PYTHON_WIDTH)


def template_width(name: str) -> Faults:
    """Lines of at most 120 characters."""
    return _too_wide(name, TEMPLATE_WIDTH)


def one_declaration_a_line(name: str) -> Faults:
    """Stylesheets in which a line holds one declaration, or opens or closes one rule."""
    for number, line in enumerate(text_of(name).splitlines(), start=1):
        crowded = line.count(";") > 1 or ("{" in line and (";" in line or "}" in line))
        if crowded:
            yield f"{name}:{number}: more than one declaration"


def file_length(name: str) -> Faults:
    """Files that can be read in one sitting."""
    limit = FILE_LINES if name.endswith(".py") else TEMPLATE_LINES
    size = len(text_of(name).splitlines())
    if size > limit:
        yield f"{name}: {size} lines, at most {limit}"


def function_length(name: str) -> Faults:
    """Functions of at most 40 lines."""
    for node in nodes_of(name, ast.FunctionDef):
        assert node.end_lineno is not None
        size = node.end_lineno - node.lineno + 1
        if size > FUNCTION_LINES:
            yield f"{name}:{node.lineno}: {node.name} has {size} lines, at most {FUNCTION_LINES}"


def nested_comprehension(name: str) -> Faults:
    """No comprehension inside another: a step with a name instead."""
    for outer in nodes_of(name, COMPREHENSIONS):
        inside = [node for node in ast.walk(outer) if node is not outer]
        if any(isinstance(node, COMPREHENSIONS) for node in inside):
            yield f"{name}:{outer.lineno}: a comprehension inside a comprehension"


def nested_condition(name: str) -> Faults:
    """No conditional expression inside another, and at most one in a comprehension."""
    for outer in nodes_of(name, (ast.IfExp, *COMPREHENSIONS)):
        conditions = [node for node in ast.walk(outer) if isinstance(node, ast.IfExp)]
        if len(conditions) > 1:
            yield f"{name}:{outer.lineno}: {len(conditions)} conditional expressions in one"


def docstrings(name: str) -> Faults:
    """Every module, public class and public function says what it is."""
    if text_of(name).strip() and not ast.get_docstring(tree_of(name)):
        yield f"{name}: the module has no docstring"
    for node in _public(tree_of(name)):
        if not ast.get_docstring(node):
            yield f"{name}:{node.lineno}: {node.name} has no docstring"


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the public functions and classes that do not stand inside a function."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _public(node)


def glossary(name: str) -> Faults:
    """One word for one thing, as docs/glossary.md has it."""
    return excluded_in(name)


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule, and the files that it is about."""

    faults: Callable[[str], Faults]
    files: list[str]

    @property
    def name(self) -> str:
        """Return the name that the list of exceptions has for it."""
        return self.faults.__name__.replace("_", "-")


PYTHON = files_of(".py")
TEMPLATES = files_of(".html", "templates")

RULES = [
    Rule(python_width, PYTHON),
    Rule(template_width, TEMPLATES),
    Rule(one_declaration_a_line, files_of(".css")),
    Rule(file_length, [*PYTHON, *TEMPLATES]),
    Rule(function_length, PYTHON),
    Rule(nested_comprehension, PYTHON),
    Rule(nested_condition, PYTHON),
    Rule(docstrings, files_of(".py", "kopkrakers")),
    Rule(glossary, PYTHON),
]
