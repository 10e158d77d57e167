"""Servers of others: only public ones are spoken to, redirects are not followed, none holds us."""

import time
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from kopkrakers.base import wire as module
from kopkrakers.base.wire import (
    Forbidden,
    NobodyKnows,
    NotSent,
    Wire,
    is_public,
    post,
)
from tests.base.https_server import Server, https_server
from tests.support.running import free_port

pytestmark = pytest.mark.slow
There = tuple[Server, Wire]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    with https_server(tmp_path) as there:
        yield there


def test_a_request_arrives_as_it_was_made(there: There) -> None:
    server, wire = there
    server.headers = {"Retry-After": "120"}
    answer = post(wire, server.url("/a/b?c=d"), b"inhoud", {"TTL": "60"})
    assert answer.took_it and answer.rest == timedelta(seconds=120)
    (request,) = server.requests
    assert (request.path, request.body, request.headers["TTL"]) == ("/a/b?c=d", b"inhoud", "60")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(there: There, status: int) -> None:
    server, wire = there
    server.status, server.headers = status, {"Location": server.url("/elders")}
    answer = post(wire, server.url("/hier"), b"", {})
    assert answer.status == status and not answer.took_it
    assert [request.path for request in server.requests] == ["/hier"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "2001:db8::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.1", "2a00:1450:4001::1", "2606:4700::1"])
def test_a_public_address_is_spoken_to(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001"])
def test_this_machine_is_refused_by_every_name_it_has(there: There, host: str) -> None:
    server, _ = there
    with pytest.raises(Forbidden):
        post(Wire(), f"https://{host}:{server.port}/", b"", {})
    with pytest.raises(Forbidden):
        post(Wire(), f"https://[::1]:{server.port}/", b"", {})
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "file:///etc/passwd",
        "https://",
        "https://naam:woord@localhost/",
        "https://localhost:port/",
        "https://[::1/",
        "https://localhost/a b",
        "https://localhost/\r\nX: y",
        "https://localhost/é",
        "",
    ],
)
def test_what_is_no_plain_https_address_is_refused(there: There, url: str) -> None:
    _, wire = there
    with pytest.raises(Forbidden):
        post(wire, url, b"", {})


def test_a_server_that_is_not_there_or_not_trusted_got_nothing(there: There) -> None:
    server, wire = there
    with pytest.raises(NotSent):
        post(wire, f"https://localhost:{free_port()}/", b"", {})
    with pytest.raises(NotSent):
        post(wire, "https://bestaat-niet.invalid/", b"", {})
    with pytest.raises(NotSent):
        post(Wire(may_reach=wire.may_reach), server.url("/"), b"", {})
    assert server.requests == []


def test_a_server_that_breaks_off_leaves_it_unknown(there: There) -> None:
    server, wire = there
    server.breaks_off = True
    with pytest.raises(NobodyKnows):
        post(wire, server.url("/"), b"", {})
    assert len(server.requests) == 1


def test_a_server_that_drips_holds_us_no_longer_than_the_limit(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, wire = there
    server.drips = True
    monkeypatch.setattr(module, "LONGEST", 1.0)
    began = time.monotonic()
    with pytest.raises(NobodyKnows):
        post(wire, server.url("/"), b"", {})
    assert time.monotonic() - began < 10
