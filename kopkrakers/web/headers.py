"""Security headers on every answer, and what may be cached or compressed."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from secrets import token_hex
from typing import Any

from flask import Flask, Response, current_app, g, request

from kopkrakers.web.assets.compress import PackedPiece, accepts_gzip, pack_page, pieces_of_page
from kopkrakers.web.assets.whole import WholeResponse
from kopkrakers.web.logs import log_last_resort

RETRY_SECONDS = 30
"""Seconds to wait after a 429 or a 503."""
HSTS_SECONDS = 63_072_000
"""Two years, the length that browsers' preload lists ask for."""
LARGE_PIECE = 16 * 1024
"""Bytes from which a part of a page is always sent as it was packed once: results, no cards."""
UNCOMPRESSED = "no-store, no-transform"
"""Cache-Control of a response that echoes something of its reader: not stored, and of its own
words nothing compressed.
"""

StartResponse = Callable[..., Any]


def content_security_policy(css_hash: str) -> str:
    """Nothing from anywhere but ourselves, and the one inlined stylesheet by its hash."""
    ours = (
        "script-src",
        "img-src",
        "font-src",
        "connect-src",
        "form-action",
        "manifest-src",
        "worker-src",
    )
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src 'self' 'sha256-{css_hash}'",
            *(f"{kind} 'self'" for kind in ours),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def security_headers(css_hash: str, *, over_tls: bool) -> list[tuple[str, str]]:
    """The same list for every answer."""
    headers = [
        ("Content-Security-Policy", content_security_policy(css_hash)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        ),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if over_tls:
        headers.append(("Strict-Transport-Security", f"max-age={HSTS_SECONDS}"))
    return headers


LAST_RESORT = """<!doctype html>
<html lang="nl"><meta charset="utf-8"><title>Dit ging bij ons mis</title>
<h1>Dit ging bij ons mis</h1>
<p>Het ligt niet aan jou. Probeer het straks opnieuw.</p>
<p>Blijft het misgaan? Noem dan dit nummer: <code>{number}</code></p>
<p><a href="/">Naar Vandaag</a></p></html>
"""
"""The page when even the error page failed: no template, no session, nothing that can fail."""


class SecurityHeaders:
    """Puts the constant headers on every answer, also on those made outside Flask's hands.

    It is the outermost layer and also answers when everything inside it failed. `fails_openly`: let
    the exception through, for tests.
    """

    def __init__(
        self,
        inner: Callable[..., Iterable[bytes]],
        headers: list[tuple[str, str]],
        *,
        fails_openly: Callable[[], bool] = lambda: False,
    ) -> None:
        self._inner = inner
        self._headers = headers
        self._fails_openly = fails_openly

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the inner application does, with more headers."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, headers + self._headers, *rest)

        try:
            return self._inner(environ, start)
        except Exception as error:  # the last resort: whatever it was, someone waits for an answer
            if self._fails_openly():
                raise
            return self._answer_anyway(error, start)

    def _answer_anyway(self, error: Exception, start: StartResponse) -> Iterable[bytes]:
        """Log kind and place of the fault, and say so with a number."""
        number = token_hex(4)
        log_last_resort(error, number=number)
        page = LAST_RESORT.format(number=number).encode()
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Cache-Control", UNCOMPRESSED),
        ]
        start("500 INTERNAL SERVER ERROR", headers)
        return [page]


def install(app: Flask, inlined_css: bytes, *, over_tls: bool) -> None:
    """Headers on everything; compression of what pages do not echo."""
    css_hash = b64encode(sha256(inlined_css).digest()).decode()
    app.extensions["kopkrakers_stylesheet"] = PackedPiece(inlined_css)
    app.after_request(_finish)
    app.wsgi_app = SecurityHeaders(  # type: ignore[method-assign]
        app.wsgi_app,
        security_headers(css_hash, over_tls=over_tls),
        fails_openly=lambda: app.testing,
    )


def _finish(response: Response) -> Response:
    """Decide what may be kept and compressed, unless the view already did.

    The length of a compressed page betrays what it repeats of its reader. So only a GET without a
    query string is compressed whole. Of anything else, and of what a view marks `UNCOMPRESSED`,
    only the parts that are the same for many are packed, and proxies leave it as it is
    (`no-transform`). A 429 or 503 says how long to wait.
    """
    if response.status_code in (429, 503):
        if response.status_code == 429:
            limited_for = g.get("retry_after")
        else:
            limited_for = None
        response.headers.setdefault("Retry-After", str(limited_for or RETRY_SECONDS))
    if "Cache-Control" not in response.headers:
        echoes_nothing = (
            request.method in ("GET", "HEAD")
            and not request.query_string
            and response.status_code < 400
        )
        response.headers["Cache-Control"] = "no-store" if echoes_nothing else UNCOMPRESSED
    _pack(response)
    return response


def _pack(response: Response) -> None:
    """Compress a page of ours, for whoever can read that."""
    cache_control = response.headers["Cache-Control"]
    is_page = response.mimetype == "text/html" and not response.is_streamed
    if not is_page or cache_control not in ("no-store", UNCOMPRESSED):
        return
    response.vary.add("Accept-Encoding")
    if "Content-Encoding" in response.headers or not accepts_gzip():
        return
    packed = _packed(response, echoes=cache_control == UNCOMPRESSED)
    if packed is not None:
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"


def _packed(response: Response, *, echoes: bool) -> bytes | None:
    """Return a page as a gzip member; None where nothing of it may be packed."""
    # it holds nothing of a request, and what it holds of its reader is stored
    if isinstance(response, WholeResponse):
        return response.packed()
    pieces = [current_app.extensions["kopkrakers_stylesheet"]]
    for piece in pieces_of_page():
        # in a page that is packed whole a part shares what it repeats: some 400 bytes, for which a
        # large one would be packed anew for every reader
        if echoes or len(piece.plain) >= LARGE_PIECE:
            pieces.append(piece)
    return pack_page(response.get_data(), pieces, echoes=echoes)
