"""The nginx sample of docs/proxy, in the real nginx: TLS, two upstreams, error pages, logs.

Without nginx this fails and says what to type: a sample that nobody tried is a guess.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.samples.proxies import SAMPLES, Nginx, leads_to_tls, site_behind

pytestmark = pytest.mark.slow


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Nginx]:
    proxy = Nginx(tmp_path)
    with proxy.running():
        yield proxy


def test_what_arrives_is_what_one_trusted_hop_needs(proxy: Nginx) -> None:
    with site_behind(proxy.behind):
        status, told, _ = proxy.ask("/gezond")
    assert status == 200
    assert "Host: kopkrakers.voorbeeld.nl" in told
    assert "X-Forwarded-For: 127.0.0.1" in told
    assert "X-Forwarded-Proto: https" in told
    assert "Connection:" not in told


def test_signing_in_from_one_address_goes_to_one_server(proxy: Nginx) -> None:
    with site_behind(proxy.behind), site_behind(proxy.other):
        assert len(proxy.servers_of("/")) == 2
        assert len(proxy.servers_of("/inloggen")) == 1


def test_our_own_503_passes_and_nginx_has_a_dutch_one(proxy: Nginx) -> None:
    with site_behind(proxy.behind):
        status, told, _ = proxy.ask("/eigen-503")
    assert status == 503
    assert "X-Forwarded-Host" in told
    # and now nobody is there
    status, told, headers = proxy.ask("/uitnodiging/geheim")
    assert (status, headers["Retry-After"]) == (503, "30")
    assert '<html lang="nl">' in told
    assert "Content-Security-Policy" in headers


def test_nothing_of_a_visitor_is_in_a_log(proxy: Nginx) -> None:
    assert proxy.ask("/uitnodiging/geheim")[0] == 503
    assert proxy.ask("/", data=b"x" * 600_000)[0] == 413
    written = proxy.logged()
    assert "geheim" not in written
    assert "127.0.0.1" not in written


def test_no_level_that_can_name_a_visitor_is_written() -> None:
    """What nginx calls critical carries address, moment and request of whoever it happened to."""
    levels = re.findall(r"^ *error_log \S+ (\w+);", (SAMPLES / "nginx.conf").read_text(), re.M)
    assert levels == ["alert"]


def test_plain_http_leads_to_tls(proxy: Nginx) -> None:
    assert leads_to_tls(proxy)
