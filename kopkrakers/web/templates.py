"""Filters and functions of templates: Dutch dates and numbers, lines that cost a page nothing."""

import re
from functools import lru_cache

from flask import Flask, g
from jinja2.ext import Extension
from markupsafe import Markup

from kopkrakers.base.dutch import day, day_with_year, moment, month, number
from kopkrakers.privacy import rules
from kopkrakers.web.state import state

_AS_WRITTEN = r"(?P<as_written><(?P<element>pre|textarea)\b.*?</(?P=element)>)"
_INDENT = re.compile(rf"{_AS_WRITTEN}|^[ \t]+", re.DOTALL | re.MULTILINE)
_TAGS_ALONE = re.compile(
    rf"{_AS_WRITTEN}|^(?P<tags>(?:\{{%(?:(?!%\}}).)*%\}}|\{{#(?:(?!#\}}).)*#\}})+)\n",
    re.DOTALL | re.MULTILINE,
)
SHELLS = 64
"""Parts of the shell that a process remembers: every one in each of its forms."""
_LAST_MARK = re.compile(r"[-+]?[%#]\}$")


class WithoutLayout(Extension):
    """Leaves the indentation of a template out of the page, and lines that hold only `{% … %}`.

    White space between two words or elements stays white space: the line before ends in its own
    new line. So nothing a browser shows changes, which Jinja's `trim_blocks` does not promise: it
    joins the words around `{% endif %}` at the end of a line. `<pre>` and `<textarea>` are left
    as they are written.
    """

    def preprocess(
        self,
        source: str,
        name: str | None,  # noqa: ARG002  (Jinja gives it)
        filename: str | None = None,  # noqa: ARG002
    ) -> str:
        """Return the source as Jinja is to read it, with as many lines: faults keep their place."""
        return _TAGS_ALONE.sub(_new_line_inside, _INDENT.sub(_no_indent, source))


def install(app: Flask) -> None:
    """Leave the layout out; add the numbers of the promise, the day, and filters in Dutch."""
    app.jinja_env.add_extension(WithoutLayout)

    # D-132
    @lru_cache(maxsize=SHELLS)
    def shell(part: str, **shown: bool | str) -> Markup:
        """Return a part of what stands around every page, drawn once for each thing it shows."""
        return Markup(app.jinja_env.get_template(f"shell/{part}.html").render(shown))

    app.context_processor(_known_visitor)
    app.jinja_env.globals.update(rules=rules, shell=shell, vandaag=lambda: state().today())
    app.jinja_env.filters.update(
        dag=day, dag_jaar=day_with_year, maand=month, moment=moment, getal=number
    )


def _known_visitor() -> dict[str, object]:
    """Return who asks, if that was looked up already: plain, where the proxy asks at every use."""
    # never looked up here: a page of an error is drawn when that may be what failed
    visitor = g.get("_login_user")
    if visitor is None:
        return {}
    return {"visitor": visitor if visitor.is_authenticated else None}


def _no_indent(match: re.Match[str]) -> str:
    return match["as_written"] or ""


def _new_line_inside(match: re.Match[str]) -> str:
    """Move the new line after the last tag into it, where it is no part of the page."""
    if match["as_written"]:
        return match["as_written"]
    return _LAST_MARK.sub(r"\n\g<0>", match["tags"])
