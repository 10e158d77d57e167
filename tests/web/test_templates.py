"""Templates may be laid out in lines: pages do not grow, and say the same. Shells are nobody's."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

SHELL = sorted(path.name for path in Path("templates/shell").iterdir())
OF_NOBODY = {
    "asset",
    "theme_url",
    "inlined_css",
    "demo",
    "extra",
    "linked",
    "signed_in",
    "active",
    "research",
}
"""All that a part of the shell may know: the application itself, and the values it is kept by."""
SHOWN = {"name": "Anna", "yes": True, "items": [1, 2]}


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<ul>\n    <li>a</li>\n</ul>", "<ul>\n<li>a</li>\n</ul>"),
        ("<p>\n  {% if yes %}\n  Dag\n  {% endif %}\n  {{ name }}\n</p>", "<p>\nDag\nAnna\n</p>"),
        ("{% for i in items %}\n  <b>{{ i }}</b>\n{% endfor %}\n", "<b>1</b>\n<b>2</b>\n"),
        ("a\n  {# a note\n     in two lines #}\nb", "a\nb"),
        ("{% set a = {\n    'x': 1,\n  } %}\n{{ a.x }}", "1"),
        ("a\n{% if yes %}{% if name %}\nb\n{% endif %}{% endif %}\nc", "a\nb\nc"),
        ("a\n{%- if yes -%}\n  b\n{%- endif %}\nc", "abc"),
    ],
)
def test_layout_leaves_no_trace(app: Flask, source: str, page: str) -> None:
    assert app.jinja_env.from_string(source).render(SHOWN) == page


@pytest.mark.parametrize(
    "source",
    [
        "Dag {% if yes %}Anna{% endif %}\nen Bob",
        "een\n{{ name }}\ntwee",
        "<pre>\n  een\n    {% if yes %}\n    twee\n    {% endif %}\n</pre>",
        "<textarea rows=2>\n  een\n</textarea>",
    ],
)
def test_white_space_that_shows_stays(app: Flask, source: str) -> None:
    plain = app.jinja_env.overlay(extensions=[])
    plain.extensions = {}
    expected = plain.from_string(source).render(SHOWN)
    assert app.jinja_env.from_string(source).render(SHOWN) == expected


def test_a_fault_names_the_line_it_stands_on(app: Flask) -> None:
    source = "{% if yes %}\n\n  {# a note #}\n  {{ name }}\n  {{ 1 // 0 }}\n{% endif %}\n"
    with pytest.raises(ZeroDivisionError) as caught:
        app.jinja_env.from_string(source).render(SHOWN)
    assert caught.traceback[-1].lineno + 1 == 5


def test_no_line_of_a_page_is_indented(client: FlaskClient) -> None:
    lines = client.get("/privacy").text.splitlines()
    assert [line for line in lines if line.startswith((" ", "\t"))] == []


@pytest.mark.parametrize("name", SHELL)
def test_a_part_of_the_shell_knows_nothing_of_its_reader(name: str) -> None:
    assert names_in(Path("templates/shell", name).read_text()) <= OF_NOBODY


@pytest.mark.parametrize(
    "name", ["visitor.name", "session.person", "g.began", "csrf_token()", "device_key(1)"]
)
def test_a_name_of_the_reader_would_be_found(name: str) -> None:
    assert not names_in("{{ " + name + " }}") <= OF_NOBODY


def names_in(source: str) -> set[str]:
    """Return every name that a template looks up, also those that our own environment knows."""
    return find_undeclared_variables(Environment().parse(source))


def test_two_readers_meet_the_same_shell(app: Flask) -> None:
    shell: Any = app.jinja_env.globals["shell"]
    with app.test_request_context("/", headers={"Cookie": "kopkrakers=anna"}):
        first = shell("menu", active="team", research=False)
    with app.test_request_context("/account", headers={"Cookie": "kopkrakers=bob"}):
        assert shell("menu", active="team", research=False) is first
        assert shell("menu", active="account", research=False) != first
