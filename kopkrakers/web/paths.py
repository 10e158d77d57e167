"""The texts in the addresses of our own pages."""

from typing import Any

from flask import Flask
from werkzeug.routing import Map, PathConverter, UnicodeConverter

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
