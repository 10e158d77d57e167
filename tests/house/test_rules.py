"""Each rule of the house sees the fault that it is for, and lets the mended line pass."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import rules, templates
from tests.house.rules import Faults

LONG_BODY = "\n".join(f"    step_{number}()" for number in range(40))
CASES = [
    (rules.template_width, "<p>" + "y" * 118, "<p>" + "y" * 117),
    (
        rules.unmarked_row,
        '<details class="kk-more"><summary>a</summary>{{ icon(b) }}</details>',
        '<details class="kk-more"><summary>a{{ icon(b) }}</summary></details>',
    ),
    (
        rules.unmarked_row,
        "<a href=b><span><strong>c</strong></span></a>{{ icon(d) }}",
        "<a href=b><span><strong>c</strong></span>{{ icon(d) }}</a>",
    ),
    (
        templates.unused_import,
        "{% from 'macros/icons.html' import icon as sign %}{{ icon('lock') }}",
        "{% from 'macros/icons.html' import icon as sign %}{{ sign('lock') }}",
    ),
    (
        templates.borrowed_macro,
        "{{ icon('lock') }}",
        "{% from 'macros/icons.html' import icon %}{{ icon('lock') }}",
    ),
    (
        templates.unused_macro,
        "{% macro nobodys() %}a{% endmacro %}",
        "{% macro own() %}a{% endmacro %}{{ own() }}",
    ),
    (
        templates.class_without_rule,
        '<p class="{{ a if b }} without-rule">c</p>',
        '<p class="kk-card--{{ a }} kk-card">b</p>',
    ),
    (
        templates.unknown_block,
        "{% extends 'base.html' %}{% block body %}a{% endblock %}",
        "{% extends 'base.html' %}{% block content %}{% block body %}a{% endblock %}{% endblock %}",
    ),
    (templates.unused_class, ".written-nowhere {\n}", ".kk-card, .kk-fill--a {\n}"),
    (rules.one_declaration_a_line, "a { color: red; }", "a {\n  color: red;\n}"),
    (rules.one_declaration_a_line, "  color: red; top: 0;", "  color: red;\n  top: 0;"),
    (rules.file_length, "\n" * 401, "\n" * 400),
    (rules.function_length, f"def f():\n{LONG_BODY}", "def f():\n    step()"),
    (rules.nested_comprehension, "[[b for b in a] for a in c]", "[f(a) for a in c]"),
    (rules.nested_condition, "a if b else (c if d else e)", "a if b else c"),
    (rules.nested_condition, "[a if b else c for b in d if (e if f else g)]", "[a for a in b]"),
    (rules.docstrings, '"""Of a."""\n\ndef f(): ...', '"""Of a."""\n\ndef _f(): ...'),
    (rules.docstrings, "a = 1", '"""Of a."""\n\na = 1'),
    (rules.riddles, 'def f():\n    """What is read."""', 'def f():\n    """Return a row."""'),
    (rules.riddles, 'class A:\n    """Who reads."""', 'class A:\n    """A reader."""'),
    (rules.waiting_for_a_promise, "page.wait_for_function(f)", "until_true(page, f)"),
    (rules.taken_from_a_test, "from tests.web.test_a import b", "from tests.web.a import b"),
    (rules.hidden_lines, "def f():\n    _g()\n\ndef _g():\n    step()", "def f():\n    step()"),
    (rules.hidden_lines, "def f():\n    _g()\n\ndef _g():\n    step()", "a = [_g]\ndef _g(): ..."),
    (rules.glossary, "moderator = 1", "begeleider = 1"),
]


@pytest.mark.parametrize(("rule", "broken", "mended"), CASES)
def test_a_rule_sees_its_fault(
    rule: Callable[[str], Faults], broken: str, mended: str, tmp_path: Path
) -> None:
    assert list(rule(written(tmp_path / "broken.py", broken))) != []
    assert list(rule(written(tmp_path / "mended.py", mended))) == []


def written(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


def test_a_name_in_two_files_is_shared(tmp_path: Path) -> None:
    left = written(tmp_path / "left.py", "class Bar: ...\nclass _Own: ...")
    right = written(tmp_path / "right.py", "class Bar: ...\nclass _Own: ...\nclass Baz: ...")
    assert list(rules.shared_names(ast.ClassDef, [left, right])) == ["Bar"]
