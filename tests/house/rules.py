"""The rules of the house, each a function that finds what breaks it."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from tests.house.source import files_of, nodes_of, our_files, text_of, tree_of
from tests.house.templates import (
    borrowed_macro,
    class_without_rule,
    unknown_block,
    unused_class,
    unused_import,
    unused_macro,
)
from tests.house.words import excluded_in

FOLDER_FILES = 15
FUNCTION_LINES = 40
FILE_LINES = 400
TEMPLATE_LINES = 150
TEMPLATE_WIDTH = 120

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# where a function is named for what calls it: a page, a command
NAMED_FOR_THE_CALLER = {"pages", "commands.py", "cli.py"}
# the same job in every package: hang this package's parts on the application
THE_SAME_JOB = {"install"}

QUESTION_WORDS = {"How", "What", "When", "Where", "Which", "Who", "Whose"}

Faults = Iterator[str]
Broken = dict[str, list[str]]
"""What breaks a rule, with its faults: a file, a folder or a name."""


def template_width(name: str) -> Faults:
    """Lines of at most 120 characters; ruff holds those of Python to 100."""
    for number, line in enumerate(text_of(name).splitlines(), start=1):
        if len(line) > TEMPLATE_WIDTH:
            yield f"{name}:{number}: {len(line)} characters, at most {TEMPLATE_WIDTH}"


def one_declaration_a_line(name: str) -> Faults:
    """Stylesheets in which a line holds one declaration, or opens or closes one rule."""
    for number, line in enumerate(text_of(name).splitlines(), start=1):
        crowded = line.count(";") > 1 or ("{" in line and (";" in line or "}" in line))
        if crowded:
            yield f"{name}:{number}: more than one declaration"


ROW_THAT_OPENS = re.compile(r'<details class="kk-more".*?</summary>', re.DOTALL)
ROW_THAT_LEADS_ON = re.compile(r"<a\b[^>]*><span><strong>.*?</a>", re.DOTALL)


def unmarked_row(name: str) -> Faults:
    """Rows that open or lead on have a chevron: without one they are read as plain text."""
    text = text_of(name)
    for row in (*ROW_THAT_OPENS.finditer(text), *ROW_THAT_LEADS_ON.finditer(text)):
        if "icon(" not in row[0]:
            line = 1 + text.count("\n", 0, row.start())
            yield f"{name}:{line}: a row without a chevron"


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


def riddles(name: str) -> Faults:
    """No public function or class whose docstring begins with a question word.

    `What the page shows` leaves open whether that is returned, read or written.
    """
    named: list[ast.FunctionDef | ast.ClassDef] = [*nodes_of(name, ast.FunctionDef)]
    named += nodes_of(name, ast.ClassDef)
    for node in named:
        first = (ast.get_docstring(node) or "").partition(" ")[0]
        if is_ours_to_call(node.name) and first in QUESTION_WORDS:
            yield f"{name}:{node.lineno}: {node.name} says '{first} …', not what it returns or does"


# D-116
def hidden_lines(name: str) -> Faults:
    """No private function of one statement that its file calls in one place: its line goes there.

    Functions that are handed on, called while looping over something, or tried again are left out.
    """
    tree = tree_of(name)
    called = _called_once(tree)
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name not in called or node.decorator_list:
            continue
        steps = node.body[1:] if ast.get_docstring(node) else node.body
        if node.name.startswith("_") and len(steps) == 1 and _is_short(steps[0]):
            yield f"{name}:{node.lineno}: {node.name} hides one line of its only caller"


def _is_short(step: ast.stmt) -> bool:
    assert step.end_lineno is not None
    is_plain = isinstance(step, ast.Return | ast.Expr | ast.Assign)
    return is_plain and step.end_lineno - step.lineno <= 1


def _called_once(tree: ast.Module) -> set[str]:
    """Return the names that a file uses once, and there as a call that is always made."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    uses = Counter(node.id for node in names)
    apart = [
        node
        for outer in ast.walk(tree)
        if isinstance(outer, (*COMPREHENSIONS, ast.Lambda, ast.While))
        for node in ast.walk(outer)
    ]
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {id(call) for call in calls} - {id(node) for node in apart}
    return {node.id for node in names if uses[node.id] == 1 and id(node) in plain}


def is_ours_to_call(name: str) -> bool:
    """Whether other code may use this: tests and private names speak for themselves."""
    return not name.startswith(("_", "test_", "Test"))


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Yield the public functions and classes that do not stand inside a function."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _public(node)


def waiting_for_a_promise(name: str) -> Faults:
    """No `wait_for_function`: to it a promise is true, so it waits for nothing."""
    for node in nodes_of(name, ast.Attribute):
        if node.attr == "wait_for_function":
            yield f"{name}:{node.lineno}: wait_for_function; until_true waits for promises too"


def taken_from_a_test(name: str) -> Faults:
    """No import from a test or a conftest: what several tests need has a file of its own.

    Whoever imports from a test collects its fixtures, its marks and all that it imports as well.
    """
    for node in nodes_of(name, ast.ImportFrom):
        place = node.module or ""
        of_tests = place.startswith("tests.") and place.rpartition(".")[2]
        if of_tests and of_tests.startswith(("test_", "conftest")):
            yield f"{name}:{node.lineno}: from {place}"


def glossary(name: str) -> Faults:
    """One word for one thing, as docs/glossary.md has it."""
    return excluded_in(name)


PYTHON = files_of(".py")
TEMPLATES = files_of(".html", "templates")


def full_folders() -> Broken:
    """Return the folders of more than 15 files: too many to be read as a list."""
    folders = Counter(str(PurePath(name).parent) for name in our_files() if is_listed(name))
    return {
        folder: [f"{folder}: {size} files, at most {FOLDER_FILES}"]
        for folder, size in folders.items()
        if size > FOLDER_FILES
    }


def is_listed(name: str) -> bool:
    """Whether a file stands in a folder that people read as a list."""
    return name.startswith(("docs/", "kopkrakers/", "templates/", "tests/"))


def shared_classes() -> Broken:
    """Return the public classes that share a name."""
    return shared_names(ast.ClassDef, files_of(".py", "kopkrakers"))


def shared_services() -> Broken:
    """Return the public functions that share a name, apart from what pages and commands call."""
    services = [
        name
        for name in files_of(".py", "kopkrakers")
        if not NAMED_FOR_THE_CALLER & set(PurePath(name).parts)
    ]
    shared = shared_names(ast.FunctionDef, services)
    return {name: places for name, places in shared.items() if name not in THE_SAME_JOB}


def shared_names(kind: type[ast.FunctionDef | ast.ClassDef], files: list[str]) -> Broken:
    """Return the places of each public name at the top of more than one of these files."""
    places: Broken = {}
    for file in files:
        for node in tree_of(file).body:
            if isinstance(node, kind) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{file}:{node.lineno}: {node.name}")
    return {name: where for name, where in places.items() if len(where) > 1}


@dataclass(frozen=True)
class Rule:
    """A rule, by the name that its test has, in a sentence."""

    name: str
    says: str
    broken: Callable[[], Broken]


def each(files: list[str], faults: Callable[[str], Faults]) -> Rule:
    """Return a rule that every one of these files is held to."""

    def broken() -> Broken:
        told = {file: list(faults(file)) for file in files}
        return {file: found for file, found in told.items() if found}

    return Rule(faults.__name__.replace("_", "-"), faults.__doc__ or "", broken)


_FULL = (
    f"A folder has at most {FOLDER_FILES} files: what belongs together gets a folder of its own."
)

RULES = [
    each(TEMPLATES, template_width),
    each(TEMPLATES, unmarked_row),
    each(TEMPLATES, unused_import),
    each(TEMPLATES, borrowed_macro),
    each(TEMPLATES, unused_macro),
    each(TEMPLATES, class_without_rule),
    each(TEMPLATES, unknown_block),
    each(files_of(".css"), one_declaration_a_line),
    each(files_of(".css"), unused_class),
    each([*PYTHON, *TEMPLATES], file_length),
    each(PYTHON, function_length),
    each(PYTHON, nested_comprehension),
    each(PYTHON, nested_condition),
    each(files_of(".py", "tests"), waiting_for_a_promise),
    each(files_of(".py", "tests"), taken_from_a_test),
    each(files_of(".py", "kopkrakers"), docstrings),
    each(PYTHON, riddles),
    each(files_of(".py", "kopkrakers"), hidden_lines),
    each(PYTHON, glossary),
    Rule("full-folder", _FULL, full_folders),
    Rule("shared-class", "No two public classes share a name.", shared_classes),
    Rule("shared-service", "No two public functions share a name.", shared_services),
]
