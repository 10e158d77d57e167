"""Static files: read and compressed at the start, with hashed names that never expire."""

import gzip
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from markupsafe import Markup

from kopkrakers.base.config import Settings, asset_folder
from kopkrakers.base.errors import NotYours
from kopkrakers.web import access
from kopkrakers.web.assets import css, script
from kopkrakers.web.assets.compress import accepts_gzip
from kopkrakers.web.assets.theme import read_theme

INLINED = ("css/tokens.css", "css/kern.css")
"""The stylesheets that stand in the page itself: without them a slow phone waits twice."""
OUR_SCRIPTS = "js/"
"""Those in `vendor/` are sent as their makers made them."""
NAME_OTHERS = (".css", ".webmanifest", "js/kopkrakers.js")
"""Endings of files in which addresses of other files stand."""
SENT_TOGETHER = {"js/kopkrakers.js": "js/samen.js", "js/intervisie.js": "js/ingedrukt.js"}
"""A script with the one that it needs before it: one file is smaller than two, and comes sooner."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
APPLE_TOUCH = "icons/apple-touch.png"
"""An iPhone asks for it at the root, so that no page has to name it."""
TEXT = frozenset(
    {
        "text/css",
        "text/javascript",
        "image/svg+xml",
        "application/manifest+json",
        "application/json",
    }
)
_ADDRESS = re.compile(r"""/static/([^"')\s?#]+)""")

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True)
class StaticFile:
    """A file ready to send. `packed` is its gzip form, where that is smaller."""

    name: str
    mimetype: str
    plain: bytes
    packed: bytes | None
    digest: str

    @property
    def url(self) -> str:
        """The address that changes with the content: `/static/css/extra.1a2b3c4d5e6f.css`."""
        stem, dot, ending = self.name.rpartition(".")
        return f"/static/{stem}.{self.digest}{dot}{ending}"


@lru_cache(maxsize=128)
def static_file(name: str, content: bytes) -> StaticFile:
    """Hash and compress one file. Remembered, as its compact form is."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    packed = None
    # fonts and pictures are compressed already; a very small file grows by it
    if mimetype in TEXT:
        # without a moment: workers that start again make the same bytes
        smaller = gzip.compress(content, compresslevel=9, mtime=0)
        if len(smaller) < len(content):
            packed = smaller
    return StaticFile(
        name=name,
        mimetype=mimetype,
        plain=content,
        packed=packed,
        digest=sha256(content).hexdigest()[:12],
    )


# D-177
class StaticFiles:
    """Every file under one folder, by its plain name and by its hashed one."""

    def __init__(self, folder: Path) -> None:
        names = []
        for path in folder.rglob("*"):
            if path.is_file():
                names.append(path.relative_to(folder).as_posix())
        self._by_name: dict[str, StaticFile] = {}
        self._by_hashed_name: dict[str, StaticFile] = {}
        # last what names other files, whose digests must be known by then
        for name in sorted(names, key=lambda name: (name.endswith(NAME_OTHERS), name)):
            needed = SENT_TOGETHER.get(name)
            if needed:
                before = (folder / needed).read_bytes()
            else:
                before = b""
            self.add(name, before + (folder / name).read_bytes())

    def add(self, name: str, content: bytes) -> StaticFile:
        """Take in one file; a stylesheet or a script of ours in its compact form.

        The addresses in a stylesheet or manifest become hashed ones, so the files that they name
        are taken in first.
        """
        if name.endswith(NAME_OTHERS):
            content = _ADDRESS.sub(lambda match: self._hashed(match[1]), content.decode()).encode()
        if name.endswith(".css"):
            content = css.compact(content.decode()).encode()
        elif name.startswith(OUR_SCRIPTS):
            content = script.without_layout(content.decode()).encode()
        file = static_file(name, content)
        self._by_name[name] = self._by_hashed_name[file.url.removeprefix("/static/")] = file
        return file

    def _hashed(self, name: str) -> str:
        if name not in self._by_name:
            return f"/static/{name}"
        return self._by_name[name].url

    def url(self, name: str) -> str:
        """The hashed address of a file.

        Raises: KeyError when there is no such file: a template is wrong.
        """
        return self._by_name[name].url

    def urls(self, names: Iterable[str]) -> list[str]:
        """The hashed addresses of those of these files that there are."""
        return [self._by_name[name].url for name in names if name in self._by_name]

    def file(self, name: str) -> StaticFile:
        """One file."""
        return self._by_name[name]

    def text(self, name: str) -> str:
        """The content of a text file."""
        return self._by_name[name].plain.decode()

    def answer(self, name: str) -> Response:
        """The response for `/static/<name>`.

        Raises: NotYours when there is no such file.
        """
        file = self._by_hashed_name.get(name)
        if file is not None:
            return send(file, FOR_EVER)
        if name in self._by_name:
            return send(self._by_name[name], ASK_AGAIN)
        raise NotYours


def send(file: StaticFile, cache_control: str) -> Response:
    """A file as the browser can take it: compressed if it may, 304 if it has it."""
    if file.packed is not None and accepts_gzip():
        response = Response(file.packed, mimetype=file.mimetype)
        response.headers["Content-Encoding"] = "gzip"
        # other bytes than the plain file, so a strong tag of its own (RFC 9110, 8.8.3)
        response.set_etag(f"{file.digest}-gzip")
    else:
        response = Response(file.plain, mimetype=file.mimetype)
        response.set_etag(file.digest)
    response.headers["Cache-Control"] = cache_control
    if file.packed is not None:
        # on both forms, so that a cache keeps them apart
        response.vary.add("Accept-Encoding")
    response.make_conditional(request.environ)
    return response


def inlined_css(files: StaticFiles) -> Markup:
    """Return the stylesheet for `<style>`: it travels with every page."""
    return Markup("".join(files.text(name) for name in INLINED))


def install(app: Flask, settings: Settings) -> bytes:
    """Read the files, serve them, tell the templates their addresses. Gives the inlined CSS.

    Raises: ConfigurationError when the theme file is not a list of tokens.
    """
    files = StaticFiles(asset_folder("static"))
    theme_url = None
    if settings.theme:
        theme_url = files.add("theme.css", read_theme(settings.theme).encode()).url
    css = inlined_css(files)
    app.extensions["kopkrakers_files"] = files
    app.jinja_env.globals.update(asset=files.url, inlined_css=css, theme_url=theme_url)

    @access.public
    def static(name: str) -> Response:
        return files.answer(name)

    @access.public
    def apple_touch_icon() -> Response:
        return send(files.file(APPLE_TOUCH), ASK_AGAIN)

    app.add_url_rule("/static/<path:name>", "static", static)
    app.add_url_rule("/apple-touch-icon.png", "apple touch icon", apple_touch_icon)
    return str(css).encode()
