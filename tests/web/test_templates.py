"""Templates may be laid out in lines: pages do not grow, and say the same."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

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
