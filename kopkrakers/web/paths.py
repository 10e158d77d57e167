"""Addresses: the texts in those of our own pages, and paths that a browser sends to be sent on to.

Those are paths of this site alone, never another site's.
"""

import re
from typing import Any

from flask import Flask
from werkzeug.routing import Map, PathConverter, UnicodeConverter

# not "//elsewhere": browsers read that as another site
_OWN = re.compile(r"/(?!/)[\w\-./~%?=&]*", re.ASCII)
_WITHOUT_QUERY = re.compile(r"/(?!/)[\w\-./~%]*", re.ASCII)

CONTROL = r"\x00-\x1f\x7f-\x9f"
"""No name, code or token of ours has one of these, and PostgreSQL takes no NUL in a text."""


class TextConverter(UnicodeConverter):
    """One part of an address. With a control character in it the address leads nowhere."""

    def __init__(self, url_map: Map, **lengths: Any) -> None:
        super().__init__(url_map, **lengths)
        self.regex = self.regex.replace("[^/]", f"[^/{CONTROL}]")


class PathTextConverter(PathConverter):
    """Several parts of an address, with the slashes between them; read as one part is."""

    regex = f"[^/{CONTROL}][^{CONTROL}]*?"


def install(app: Flask) -> None:
    """Read the texts in addresses so: in those of every route that is added from now on."""
    converters = {"default": TextConverter, "string": TextConverter, "path": PathTextConverter}
    app.url_map.converters = app.url_map.converters | converters


def is_own_path(path: str) -> bool:
    """Whether this is a path of this site, without a query."""
    return _WITHOUT_QUERY.fullmatch(path) is not None


def own_path(wished: str | None) -> str:
    """Return the path that was asked for; today's dilemma when it is none of this site."""
    if wished and _OWN.fullmatch(wished):
        return wished
    return "/"
