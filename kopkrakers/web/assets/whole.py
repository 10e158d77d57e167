"""Pages that are drawn and packed once for all who are shown the same, but for what is of one.

What is of one person (the seals of their browser, the token of their forms) has a place on such a
page, which is filled for each of them.
"""

import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import starmap
from secrets import token_hex
from typing import Any

from flask import Flask, Response, current_app, render_template, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from jinja2 import StrictUndefined

from kopkrakers.web.assets.compress import PAGE_LEVEL, PackedPiece, gzip_member, packed_apart
from kopkrakers.web.csrf import form_token
from kopkrakers.web.state import state

REMEMBERED = 128
"""Whole pages that a process remembers: up to fifty kilobytes each, and packed a quarter of it."""
_MARK = token_hex(16)
"""Begins a place. Nobody who types a text knows it, so no text of a page can be a place."""
_PLACE = re.compile(rf"{_MARK}-(\w+)-([^;]*);")
_NO_TEXT = b"\xff"
"""A byte that UTF-8 never has: no text after it repeats it."""
_OF_A_REQUEST = ("request", "session", "g", "config")
"""Names that every template of Flask knows, and that no page of many may look at."""


@dataclass(frozen=True)
class PageReader:
    """All that a page of many may know of whoever reads it."""

    roles: frozenset[str]


@dataclass(frozen=True)
class PagePlace:
    """A place for something of one person. `kind`: which of `_FILLINGS`; `of`: what it is about."""

    kind: str
    of: str


# D-160
@dataclass(frozen=True, eq=False)
class WholePage:
    """A page with places. `texts`: what stands around them, one more than there are places."""

    texts: Sequence[bytes]
    places: Sequence[PagePlace]
    stylesheet: PackedPiece
    _packed: dict[tuple[int, ...], Sequence[bytes]] = field(default_factory=dict)

    def filled(self, values: Sequence[bytes]) -> bytes:
        """Return the page with these values at its places."""
        return b"".join(_between(self.texts, values))

    def packed(self, values: Sequence[bytes]) -> bytes:
        """Return the page with these values at its places, as one gzip member.

        The values are stored and the texts packed without them, so that its length tells the page
        and how long the values are, and nothing of what they repeat.
        """
        lengths = tuple(len(value) for value in values)
        if lengths not in self._packed:
            # the values of all readers are equally long, but for those of an earlier release
            self._packed.clear()
            self._packed[lengths] = self._pack(lengths)
        blocks = _between(self._packed[lengths], [_stored(value) for value in values])
        return gzip_member(blocks, self.filled(values))

    def _pack(self, lengths: Sequence[int]) -> Sequence[bytes]:
        """Pack the texts, around values of these lengths.

        Deflate repeats what stood so many bytes before (RFC 1951, 3.2.3). A text may repeat one
        before a place, for a place is always as long; it never repeats what fills the place.
        """
        before, sheet, after = self.texts[0].partition(self.stylesheet.plain)
        if not sheet:
            before, after = b"", self.texts[0]
        # the stylesheet was packed once; what follows may repeat it
        packer = zlib.compressobj(level=PAGE_LEVEL, wbits=-zlib.MAX_WBITS, zdict=sheet)
        packed = []
        for text, length in zip([after, *self.texts[1:-1]], lengths, strict=False):
            packed.append(packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))
            # for the distances alone: what is packed of it is thrown away
            packer.compress(_NO_TEXT * length)
            packer.flush(zlib.Z_SYNC_FLUSH)
        last = self.texts[-1] if lengths else after
        packed.append(packer.compress(last) + packer.flush())
        if sheet:
            packed[0] = packed_apart(before) + self.stylesheet.packed + packed[0]
        return packed


class WholeResponse(Response):
    """A whole page with the values of one reader."""

    def __init__(self, page: WholePage, values: Sequence[bytes]) -> None:
        super().__init__(page.filled(values), mimetype="text/html")
        self._page, self._values = page, values

    def packed(self) -> bytes:
        """Return the page as one gzip member."""
        return self._page.packed(self._values)


def whole_page(template: str, **shown: Any) -> ResponseReturnValue:
    """Return a page for the person who is signed in, drawn once for all who are shown the same.

    `shown` is all that the template knows, but for the roles of its reader and the places.
    """
    # a message is for one person, once
    if "_flashes" in session:
        return render_template(template, **shown)
    draw = current_app.extensions["kopkrakers_whole_page"]
    # plain, for the proxy looks for whoever is signed in at every use
    visitor = current_user._get_current_object()
    page: WholePage = draw(template, PageReader(visitor.roles), **shown)
    values = [_FILLINGS[place.kind](visitor.id, place.of) for place in page.places]
    return WholeResponse(page, values)


def install(app: Flask) -> None:
    """Remember whole pages by all that they show."""

    @lru_cache(maxsize=REMEMBERED)
    def draw(template: str, reader: PageReader, **shown: Any) -> WholePage:
        names: dict[str, Any] = {
            "visitor": reader,
            "get_flashed_messages": lambda **_: (),
            "device_key": lambda _reader: _mark("seal"),
            "edition_keys": lambda _reader, edition: _mark("keys", edition),
            "csrf_token": lambda: _mark("token"),
        }
        for name in _OF_A_REQUEST:
            names[name] = StrictUndefined(name=name)
        html = app.jinja_env.get_template(template).render({**names, **shown})
        texts = _PLACE.split(html)
        places = list(starmap(PagePlace, zip(texts[1::3], texts[2::3], strict=True)))
        stylesheet = app.extensions["kopkrakers_stylesheet"]
        return WholePage([text.encode() for text in texts[::3]], places, stylesheet)

    app.extensions["kopkrakers_whole_page"] = draw


def _mark(kind: str, of: str = "") -> str:
    return f"{_MARK}-{kind}-{of};"


def _seal(user_id: int, _of: str) -> bytes:
    return state().device_key(user_id).encode()


def _keys(user_id: int, edition: str) -> bytes:
    return state().edition_keys(user_id, edition).encode()


def _token(_user_id: int, _of: str) -> bytes:
    return form_token().encode()


_FILLINGS: dict[str, Callable[[int, str], bytes]] = {"seal": _seal, "keys": _keys, "token": _token}


def _between(texts: Sequence[bytes], values: Sequence[bytes]) -> list[bytes]:
    """Return the texts with the values between them."""
    whole = [texts[0]]
    for value, text in zip(values, texts[1:], strict=True):
        whole += [value, text]
    return whole


def _stored(value: bytes) -> bytes:
    """Return a deflate block that holds bytes as they are (RFC 1951, 3.2.4)."""
    return struct.pack("<BHH", 0, len(value), len(value) ^ 0xFFFF) + value
