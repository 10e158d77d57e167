"""What templates and stylesheets hold that no page needs, and what a template lacks."""

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, nodes

from tests.house.source import files_of, text_of

CLASS_IN_SELECTOR = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
CLASS_ATTRIBUTE = re.compile(r'\bclass="([^"]*)"')
JINJA = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
WORD = re.compile(r"[\w-]+")
HEAD_OF_RULE = re.compile(r"([^{};]+)\{")
# what may hold a dot or a brace that is no selector
NO_SELECTOR = re.compile(r"/\*.*?\*/|url\([^)]*\)", re.DOTALL)
HTMX = "htmx-"
"""How the classes begin that htmx writes itself."""


def unused_import(name: str) -> Iterator[str]:
    """A template uses what it imports."""
    tree = _tree_of(name)
    uses = {node.name for node in tree.find_all(nodes.Name)}
    for line, bound in _imports_of(tree):
        if bound not in uses:
            yield f"{name}:{line}: {bound} is imported and not used"


def borrowed_macro(name: str) -> Iterator[str]:
    """A template imports the macros that it calls itself.

    Those of the page that includes it would do as well, until that page needs them no more.
    """
    tree = _tree_of(name)
    known = {node.name for node in tree.find_all(nodes.Macro)}
    known |= {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    known |= {bound for _, bound in _imports_of(tree)}
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name in known:
            continue
        if call.node.name in _all_macros():
            yield f"{name}:{call.lineno}: {call.node.name} is not imported here"


def unused_macro(name: str) -> Iterator[str]:
    """Macros are called where they stand, or imported elsewhere."""
    tree = _tree_of(name)
    called = {node.name for node in tree.find_all(nodes.Name)}
    for macro in tree.find_all(nodes.Macro):
        if macro.name not in called | _imported_macros():
            yield f"{name}:{macro.lineno}: nobody calls the macro {macro.name}"


def unknown_block(name: str) -> Iterator[str]:
    """A template fills the blocks of what it extends: one of another name shows nothing."""
    tree = _tree_of(name)
    for extends in tree.find_all(nodes.Extends):
        assert isinstance(extends.template, nodes.Const)
        there = _blocks_of(f"templates/{extends.template.value}")
        for block in tree.body:
            if isinstance(block, nodes.Block) and block.name not in there:
                yield f"{name}:{block.lineno}: {extends.template.value} has no block {block.name}"


@cache
def _blocks_of(name: str) -> set[str]:
    """Return the blocks of a template and of all that it extends."""
    tree = _tree_of(name)
    blocks = {block.name for block in tree.find_all(nodes.Block)}
    for extends in tree.find_all(nodes.Extends):
        assert isinstance(extends.template, nodes.Const)
        blocks |= _blocks_of(f"templates/{extends.template.value}")
    return blocks


def _imports_of(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield the names by which a template knows what it imports, each with its line."""
    for whole in tree.find_all(nodes.Import):
        yield whole.lineno, whole.target
    for import_ in tree.find_all(nodes.FromImport):
        for one in import_.names:
            # a pair is a name and its alias
            yield import_.lineno, one if isinstance(one, str) else one[1]


@cache
def _tree_of(name: str) -> nodes.Template:
    return Environment().parse(text_of(name))


@cache
def _all_macros() -> set[str]:
    macros: set[str] = set()
    for name in files_of(".html", "templates"):
        macros.update(node.name for node in _tree_of(name).find_all(nodes.Macro))
    return macros


@cache
def _imported_macros() -> set[str]:
    """Return the macros that some template imports, by the names they have where they stand."""
    imported: set[str] = set()
    for name in files_of(".html", "templates"):
        for import_ in _tree_of(name).find_all(nodes.FromImport):
            imported.update(one if isinstance(one, str) else one[0] for one in import_.names)
    return imported


def unused_class(name: str) -> Iterator[str]:
    """Classes of a stylesheet are written by a template, a script or Python.

    Of one that is put together, as `kk-fill--{{ code }}`, every ending counts as written.
    """
    for class_name in sorted(classes_in(text_of(name))):
        start, modifier, _ = class_name.rpartition("--")
        if class_name not in _words() and not (modifier and f"{start}--" in _words()):
            yield f"{name}: nothing writes the class {class_name}"


def class_without_rule(name: str) -> Iterator[str]:
    """Classes that a template writes are known to a stylesheet or a script."""
    known = _styled() | _words_of(".js", "static")
    # what Jinja completes is known only when a page is drawn
    plain = JINJA.sub("\0", text_of(name))
    for value in CLASS_ATTRIBUTE.findall(plain):
        for class_name in value.split():
            if "\0" not in class_name and class_name not in known:
                yield f"{name}: the class {class_name} has no rule"


def classes_in(css: str) -> set[str]:
    """Return the classes that the selectors of a stylesheet name."""
    classes: set[str] = set()
    for head in HEAD_OF_RULE.findall(NO_SELECTOR.sub("", css)):
        classes.update(CLASS_IN_SELECTOR.findall(head))
    return {found for found in classes if not found.startswith(HTMX)}


@cache
def _styled() -> set[str]:
    styled: set[str] = set()
    for name in files_of(".css"):
        styled |= classes_in(text_of(name))
    return styled


@cache
def _words() -> set[str]:
    """Return every word of what pages are made of."""
    return (
        _words_of(".html", "templates")
        | _words_of(".js", "static")
        | _words_of(".py", "kopkrakers")
    )


@cache
def _words_of(suffix: str, folder: str) -> set[str]:
    words: set[str] = set()
    for name in files_of(suffix, folder):
        words.update(WORD.findall(text_of(name)))
    return words
