"""Reading what is sent before the application starts on it, so that slow clients hold nobody up.

The server reads a body by blocking a thread. A proxy that saves requests up takes this away;
without one, a few phones in a tunnel would otherwise keep everyone waiting.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Semaphore
from typing import Any

from werkzeug.exceptions import ClientDisconnected

READING = 60
"""Requests that one process may be reading at a time, beside those it works on."""
Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


class CutOff:
    """A body that did not arrive whole: whoever reads it is told so."""

    def read(self, *_size: int) -> bytes:
        """Raise: ClientDisconnected, which is a 400."""
        raise ClientDisconnected

    readline = read


# D-75
class WholeBodies:
    """Hands the application a body that is there whole, to at most `at_once` requests at a time."""

    def __init__(self, application: Application, *, at_once: int, longest: int) -> None:
        self._application = application
        self._longest = longest
        self._places = Semaphore(at_once)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Read the body if there is one, wait for a place, and answer."""
        length = _length(environ)
        # one that is too long is refused unread
        if length is None or 0 < length <= self._longest:
            environ["wsgi.input"] = self._body(environ["wsgi.input"], length)
        with self._places:
            return self._application(environ, start_response)

    def _body(self, stream: Any, length: int | None) -> BytesIO | CutOff:
        body = stream.read(self._longest + 1 if length is None else length)
        # half a form is no form
        return CutOff() if length is not None and len(body) < length else BytesIO(body)


def _length(environ: Environ) -> int | None:
    """Return the length of a body in bytes; None for one that comes in parts."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    # the server has refused any other, and the application would too
    return int(length) if length.isascii() and length.isdecimal() else 0
