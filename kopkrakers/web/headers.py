"""Security headers on every answer, and what may be cached or compressed."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from flask import Flask, Response, current_app, request

from kopkrakers.web.compress import PageCompressor, accepts_gzip

RETRY_SECONDS = 30
"""When to come back after a 429 or a 503."""
HSTS_SECONDS = 63_072_000
"""Two years, the length that browsers' preload lists ask for."""
UNCOMPRESSED = "no-store, no-transform"
"""The Cache-Control of an answer that echoes something of its reader: never kept, never compressed."""

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


class SecurityHeaders:
    """Puts the constant headers on every answer, also on those made outside Flask's hands."""

    def __init__(
        self, inner: Callable[..., Iterable[bytes]], headers: list[tuple[str, str]]
    ) -> None:
        self._inner = inner
        self._headers = headers

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the inner application does, with more headers."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, headers + self._headers, *rest)

        return self._inner(environ, start)


def install(app: Flask, inlined_css: bytes, *, over_tls: bool) -> None:
    """Headers on everything; compression of pages that echo nothing."""
    css_hash = b64encode(sha256(inlined_css).digest()).decode()
    app.extensions["kopkrakers_compressor"] = PageCompressor(inlined_css)
    app.after_request(_finish)
    app.wsgi_app = SecurityHeaders(  # type: ignore[method-assign]
        app.wsgi_app, security_headers(css_hash, over_tls=over_tls)
    )


def _finish(response: Response) -> Response:
    """Decide what may be kept and compressed, unless the view already did.

    Compressed lengths betray what a page repeats of its reader. So only a GET without a query string is
    compressed; anything else, and whatever a view marks `UNCOMPRESSED`, goes out as it is, also through
    proxies (`no-transform`). Whoever must wait is told how long.
    """
    if response.status_code in (429, 503):
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    if "Cache-Control" not in response.headers:
        plain = (
            request.method in ("GET", "HEAD")
            and not request.query_string
            and response.status_code < 400
        )
        response.headers["Cache-Control"] = "no-store" if plain else UNCOMPRESSED
        if plain and response.status_code == 200 and response.mimetype == "text/html":
            _compress(response)
    return response


def _compress(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    if accepts_gzip():
        compressor: PageCompressor = current_app.extensions["kopkrakers_compressor"]
        response.set_data(compressor.compress(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
