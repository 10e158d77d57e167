"""Requests to servers of others: over TLS, to public addresses alone, never redirected.

The address of such a server comes from outside. Without these limits it could name a machine
inside the network of the gemeente, and let this server speak to it.
"""

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

PATIENCE = 10.0
"""Seconds that one step may take: connecting, sending, waiting for the answer."""
LONGEST = 20.0
"""Seconds that a whole request may take, however slowly the answer drips in."""
LONGEST_REST_ASKED = timedelta(hours=1)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
Address = IPv4Address | IPv6Address
Read = TypeVar("Read")


class Forbidden(Exception):
    """The address may not be spoken to: it is not public, or no plain https address."""


class NotSent(Exception):
    """Nothing was sent, for certain: there was no connection."""


class NobodyKnows(Exception):
    """The connection broke off after something was sent: perhaps it arrived."""


@dataclass(frozen=True)
class Reply:
    """The answer of a server. `rest`: how long it asks to be left alone."""

    status: int
    rest: timedelta

    @property
    def took_it(self) -> bool:
        """Whether the server took the message."""
        return 200 <= self.status < 300


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet, and not of a network or a machine of its own.

    Of IPv6 only what is given out as such: not an address that holds one of IPv4 for a gateway.
    """
    if isinstance(address, IPv6Address):
        holds_another = address.sixtofour is not None or address.teredo is not None
        return address.is_global and address in _GLOBAL_UNICAST and not holds_another
    return address.is_global and not address.is_multicast


@cache
def trusting_context() -> ssl.SSLContext:
    """Return the certificates that this machine trusts: read once, for that takes a while."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Wire:
    """The way to servers of others. `may_reach` decides by each address of their name.

    `schemes`: with which an address may begin; anything but https is for trying on one machine.
    """

    may_reach: Callable[[Address], bool] = is_public
    context: ssl.SSLContext = field(default_factory=trusting_context)
    schemes: tuple[str, ...] = ("https",)


def https_parts(url: str, schemes: tuple[str, ...] = ("https",)) -> SplitResult:
    """Return the parts of an https address, without a name or password in it.

    Raises: Forbidden.
    """
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in schemes and parts.hostname and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        raise Forbidden from None
    if not is_plain or not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden
    return parts


# D-85
def post(wire: Wire, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Post a body once, and return the answer without reading what stands in it.

    Raises: Forbidden, NotSent, NobodyKnows.
    """

    def read(answer: HTTPResponse) -> Reply:
        return Reply(answer.status, _rest_asked(answer.headers.get("Retry-After")))

    return exchange(wire, url, body, headers, read)


def exchange(
    wire: Wire,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    read: Callable[[HTTPResponse], Read],
) -> Read:
    """Post a body, or get what is there for None, and return what `read` makes of the answer.

    Raises: Forbidden, NotSent, NobodyKnows.
    """
    parts = https_parts(url, wire.schemes)
    connection = _connect(wire, parts)
    # steps that each take a little less than `PATIENCE` could go on for ever
    alarm = Timer(LONGEST, _break_off, [connection.sock])
    alarm.start()
    try:
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        if body is None:
            method = "GET"
        else:
            method = "POST"
        connection.request(method, target, body, dict(headers))
        return read(connection.getresponse())
    except (OSError, HTTPException):
        raise NobodyKnows from None
    finally:
        alarm.cancel()
        connection.close()


def _connect(wire: Wire, parts: SplitResult) -> HTTPConnection:
    is_sealed = parts.scheme == "https"
    host = parts.hostname or ""
    port = parts.port or (443 if is_sealed else 80)
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotSent from None
    numbers = [str(where[0]) for *_, where in addresses]
    if not all(wire.may_reach(ip_address(number.partition("%")[0])) for number in numbers):
        raise Forbidden
    try:
        # to the very address that was looked at: a second look-up could give another
        plain = socket.create_connection((numbers[0], port), PATIENCE)
        if not is_sealed:
            connection = HTTPConnection(host, port, timeout=PATIENCE)
            connection.sock = plain
            return connection
        sealed = HTTPSConnection(host, port, timeout=PATIENCE, context=wire.context)
        sealed.sock = wire.context.wrap_socket(plain, server_hostname=host)
    except OSError:
        raise NotSent from None
    return sealed


def _break_off(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _rest_asked(retry_after: str | None) -> timedelta:
    """Return the seconds that a server asks for; none where it names a date or nothing."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return timedelta()
    if len(retry_after) > 6:
        return LONGEST_REST_ASKED
    return min(timedelta(seconds=int(retry_after)), LONGEST_REST_ASKED)
