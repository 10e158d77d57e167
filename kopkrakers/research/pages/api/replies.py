"""Answers of the API: their form, their size on the wire, and when they need not be sent again."""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, request

from kopkrakers.base.errors import KopkrakersError, WrongInput
from kopkrakers.base.typed import whole_number
from kopkrakers.web.assets.compress import accepts_gzip

CSV, JSON, MARKDOWN = "text/csv", "application/json", "text/markdown"
NDJSON, YAML, ZIP = "application/x-ndjson", "application/yaml", "application/zip"
PACKED = (ZIP, "application/vnd.apache.parquet", "application/vnd.openxmlformats-officedocument")
"""How types begin that are compressed already."""
WORTH_PACKING = 1000
"""Bytes under which an answer would hardly get smaller."""
LEVEL = 5
"""Of compression: more costs much time and saves little."""
LARGEST_PAGE = 10_000
"""Rows in one page, at most."""
Item = TypeVar("Item")


class NotAcceptable(KopkrakersError):
    """406: there is no such representation."""

    status = 406


@dataclass(frozen=True)
class Paging:
    """The part of a list that was asked for. `size` None: the whole list."""

    number: int = 1
    size: int | None = None

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items on this page."""
        if self.size is None:
            return items
        start = (self.number - 1) * self.size
        return items[start : start + self.size]

    def links(self, total: int) -> str:
        """Return the field `Link` (RFC 8288) to the pages around this one; empty for a whole."""
        if self.size is None:
            return ""
        last = max(ceil(total / self.size), 1)
        places = {"first": 1, "prev": self.number - 1, "next": self.number + 1, "last": last}
        links = []
        for relation, number in places.items():
            if 1 <= number <= last:
                links.append(f'<{_address_of(number)}>; rel="{relation}"')
        return ", ".join(links)


def asked_page() -> Paging:
    """Return the page that the query asks for.

    Without `page` and `pageSize` it is the whole list: a program that never heard of pages must not
    take a part for all of it.
    Raises: WrongInput for what is no number, or too large a page.
    """
    if "page" not in request.args and "pageSize" not in request.args:
        return Paging()
    return Paging(_number("page", 1, 10**9), _number("pageSize", 1000, LARGEST_PAGE))


def accepted(*types: str) -> str:
    """Return the type that the header `Accept` prefers; the first one when there is no header.

    Raises: NotAcceptable when it names none of them.
    """
    if not request.accept_mimetypes:
        return types[0]
    best = request.accept_mimetypes.best_match(types)
    if best is None:
        raise NotAcceptable(f"Dit is er als {' of '.join(types)}. Pas Accept aan.")
    return best


def reply_json(thing: Any) -> Response:
    """Return a thing as JSON.

    Raises: NotAcceptable when the request accepts no JSON.
    """
    accepted(JSON)
    return reply(json.dumps(thing, ensure_ascii=False).encode(), JSON)


def reply_lines(rows: Iterable[Mapping[str, Any]]) -> Response:
    """Return rows as JSON, one on each line."""
    lines = []
    for row in rows:
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return reply("".join(lines).encode(), NDJSON)


# D-142
def reply(content: bytes, media_type: str) -> Response:
    """Return a response with an ETag, by which a client may ask again: a release never changes.

    It is compressed for whoever can read that. Nothing of its reader is in it, neither their key
    nor their name, so its length tells nothing about them.
    """
    tag = sha256(content).hexdigest()[:32]
    response = Response(mimetype=media_type)
    can_shrink = len(content) >= WORTH_PACKING and not media_type.startswith(PACKED)
    if can_shrink and accepts_gzip():
        # bytes that differ are another representation, and have a tag of their own
        tag += "-gzip"
        content = gzip.compress(content, LEVEL, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(content)
    # "no-cache" keeps it but asks again: a key may have been revoked meanwhile
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept", "Accept-Encoding", "Authorization"))
    response.set_etag(tag)
    response.make_conditional(request.environ)
    return response


def _number(name: str, otherwise: int, at_most: int) -> int:
    text = request.args.get(name)
    if text is None:
        return otherwise
    number = whole_number(text)
    if not number or number > at_most:
        raise WrongInput(f"{name} is een getal van 1 tot en met {at_most}.", name)
    return number


def _address_of(page: int) -> str:
    """Return the address of this request with another page; a path, so that any proxy is right."""
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.path}?{urlencode([*query, ('page', str(page))])}"
