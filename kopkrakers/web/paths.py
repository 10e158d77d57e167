"""The addresses of our own pages: the texts in them, and the one that a reader came from."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.routing import Map, PathConverter, UnicodeConverter

from kopkrakers.base.typed import is_own_path

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


def way_back() -> str | None:
    """Return the page this request was sent from, if it was one of ours and is not this one."""
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # an address that is none, as in `http://[::1`
        return None
    ours = came_from.netloc == request.host and came_from.path not in ("/", request.path)
    if ours and is_own_path(came_from.path):
        return came_from.path
    return None
