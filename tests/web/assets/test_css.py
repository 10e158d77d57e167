"""Compact stylesheets: the layout goes, everything that means something stays."""

from pathlib import Path

import pytest
import tinycss2

from kopkrakers.base.config import asset_folder
from kopkrakers.web.assets.css import compact

SHEETS = sorted((asset_folder("static") / "css").glob("*.css"))


@pytest.mark.parametrize(
    ("css", "short"),
    [
        ("a {\n  color: red;\n  margin: 0;\n}\n\nb { top: 0 }\n", "a{color:red;margin:0;}b{top:0}"),
        ("/* why */ a { /* and why */ top: 0 }", "a{top:0}"),
        ("a  b ,\n c > d { top: 0 }", "a b,c>d{top:0}"),
        (
            "@media screen and ( width > 3px ) {\n a { top: 0 }\n}",
            "@media screen and (width>3px){a{top:0}}",
        ),
    ],
)
def test_the_layout_goes(css: str, short: str) -> None:
    assert compact(css) == short


@pytest.mark.parametrize(
    "css",
    [
        "a :hover{top:0}",
        "a + b ~ c{top:calc(1rem + 2px)}",
        'a::after{content:"  /* not a comment */  ;  {"}',
        'a::after{content:"\\"  x"}',
        "a{background:url(\"data:image/svg+xml,<svg  viewBox='0 0 1 1' />\")}",
        "a{background:url(data:image/png;base64,AA/*BB*/==)}",
        '[title="two  spaces"]{top:0}',
        ".a\\:b{top:0}",
        "a{--empty:;font:800 1rem/1.2 x}",
        "a{top:0 !important}",
    ],
)
def test_what_means_something_stays(css: str) -> None:
    assert compact(css) == css


def test_a_comment_still_parts_two_words() -> None:
    """`a/**/b` is two words, so they may not become one."""
    assert compact("a{top:1/* one */px}") == "a{top:1/**/px}"


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_sheet_says_the_same_when_compact(path: Path) -> None:
    css = path.read_text()
    assert tokens(compact(css)) == tokens(css)
    assert compact(compact(css)) == compact(css)


def tokens(css: str) -> list[str]:
    """Every token but white space, in order."""
    found: list[str] = []
    waiting = list(tinycss2.parse_component_value_list(css, skip_comments=True))
    while waiting:
        node = waiting.pop(0)
        inside = getattr(node, "content", getattr(node, "arguments", None))
        if inside is not None:
            waiting[:0] = inside
        if node.type != "whitespace":
            found.append(node.type if inside is not None else node.serialize())
    return found
