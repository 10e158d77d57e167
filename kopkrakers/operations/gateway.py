"""Between granian and the application: a request is read without a thread, then worked on in one.

A body that comes slowly holds nobody up, and one that does not come in time is refused.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NoReturn, Protocol, runtime_checkable

from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    RequestTimeout,
    ServiceUnavailable,
)

MOST_HELD = 64 * 1024 * 1024
"""Bytes of requests that did not come whole yet, in one process: what comes on top is refused."""
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Headers = list[tuple[str, str]]


class RequestHeaders(Protocol):
    """The headers of a request, in small letters; a name can come twice."""

    def items(self) -> list[tuple[str, str]]:
        """Return names and values, as they came."""

    def get(self, key: str) -> str | None:
        """Return the first value of a name."""


class Scope(Protocol):
    """A request as granian knows it before its body."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None

    @property
    def headers(self) -> RequestHeaders:
        """The headers."""


class Connection(Protocol):
    """The connection by which granian hands over a body in parts, and takes the answer."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body in parts."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Send the answer."""


@runtime_checkable
class Closable(Protocol):
    """An object that wants to be told that an answer was taken."""

    def close(self) -> None:
        """Let go of what is left."""


class RefusedBody:
    """A body that is not there: whoever reads it meets the reason."""

    def __init__(self, why: type[HTTPException]) -> None:
        self._why = why

    def read(self, *_size: int) -> NoReturn:
        """Raise what is the matter with it."""
        raise self._why

    readline = read


# D-75
class Gateway:
    """Hands the application a body that is there whole, `at_once` requests at a time.

    `longest`: the bytes of a body that is read at all. `patience`: seconds for all of it.
    """

    def __init__(
        self, application: Application, *, at_once: int, longest: int, patience: float
    ) -> None:
        self._application = application
        self._longest = longest
        self._patience = patience
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="request")
        self._held = 0

    async def __rsgi__(self, scope: Scope, connection: Connection) -> None:
        """Read the body if there is one, wait for a thread, and answer."""
        length = _length(scope.headers)
        body: BytesIO | RefusedBody = BytesIO()
        # one that is too long is refused unread
        if length is None or 0 < length <= self._longest:
            body = await self._body(connection, length)
        environ = environ_of(scope) | {"wsgi.input": body}
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._threads, self._answer, environ)
        connection.response_bytes(*answer)

    # D-166
    def __rsgi_del__(self, _loop: object) -> NoReturn:
        """Let started requests end, and with them this process. granian calls it last of all.

        Python is not taken apart first: a thread of granian that reaches for it meanwhile would
        abort the process, with a panic in the log.
        """
        self._threads.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)

    async def _body(self, connection: Connection, length: int | None) -> BytesIO | RefusedBody:
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self._patience):
                await self._read(connection, parts)
        except TimeoutError:
            return RefusedBody(RequestTimeout)
        except MemoryError:
            return RefusedBody(ServiceUnavailable)
        # granian's own kind for a connection that broke
        except RuntimeError:
            return RefusedBody(ClientDisconnected)
        finally:
            size = sum(map(len, parts))
            self._held -= size
        # half a form is no form
        if length is not None and size < length:
            return RefusedBody(ClientDisconnected)
        return BytesIO(b"".join(parts))

    async def _read(self, connection: Connection, parts: list[bytes]) -> None:
        """Add what comes to `parts`, up to what is too long. Raises: MemoryError when too much is
        being read at a time.
        """
        size = 0
        async for part in connection:
            parts.append(part)
            size += len(part)
            self._held += len(part)
            if size > self._longest:
                return
            if self._held > MOST_HELD:
                raise MemoryError

    def _answer(self, environ: Environ) -> tuple[int, Headers, bytes]:
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _error: Any = None) -> None:
            started.append((status, headers))

        parts = self._application(environ, start)
        try:
            content = b"".join(parts)
        finally:
            if isinstance(parts, Closable):
                parts.close()
        status, headers = started[-1]
        return int(status.partition(" ")[0]), headers, content


def environ_of(scope: Scope) -> Environ:
    """Return a request as WSGI has it (PEP 3333), without its body."""
    name, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority is not None:
        environ["HTTP_HOST"] = scope.authority
    return environ | _headers_of(scope.headers)


def _headers_of(headers: RequestHeaders) -> Environ:
    """Return headers under the names of WSGI; several of one name as one."""
    environ: dict[str, str] = {}
    for name, value in headers.items():
        # `x_forwarded_for` would be taken for the header that only a proxy may send
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        if key in environ and key == "HTTP_COOKIE":
            # HTTP/2 may send a cookie in pieces (RFC 9113, 8.2.3)
            value = f"{environ[key]}; {value}"
        elif key in environ:
            value = f"{environ[key]},{value}"
        environ[key] = value
    return dict(environ)


def _length(headers: RequestHeaders) -> int | None:
    """Return the length of a body in bytes; None for one that comes in parts."""
    if headers.get("transfer-encoding"):
        return None
    length = headers.get("content-length") or "0"
    # the server has refused any other, and the application would too
    if length.isascii() and length.isdecimal():
        return int(length)
    return 0
