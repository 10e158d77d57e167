"""The Apache sample of docs/proxy, in the real Apache: the same as is asked of that of nginx.

Without Apache this fails and says what to type: a sample that nobody tried is a guess.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.operations.samples.proxies import OF_THE_SITE, SAMPLES, Proxy, leads_to_tls, site_behind

MODULES = Path("/usr/lib/apache2/modules")
USUAL = ("mpm_event", "authn_core", "authz_core", "env", "setenvif", "socache_shmcb")
"""What Debian has on by itself, or what goes with what the sample names."""
pytestmark = pytest.mark.slow


class Apache(Proxy):
    """A running Apache with the sample."""

    program, package = "apache2", "apache2"

    def command(self, program: str) -> Sequence[str]:
        return [program, "-d", str(self.folder), "-f", str(self.write())]

    def write(self) -> Path:
        """The sample with its places and ports filled in, and nothing else changed."""
        text = (SAMPLES / "apache.conf").read_text()
        named = re.search(r"a2enmod (.+)", text)
        assert named is not None
        for old, new in (
            # this one first: the free port in the place of 80 may begin with 443
            ("*:443", f"*:{self.https}"),
            ("*:80", f"*:{self.http}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.behind}"),
            ("127.0.0.1:8001", f"127.0.0.1:{self.other}"),
            ("/etc/ssl/kopkrakers", str(self.folder)),
            ("/var/log/apache2", str(self.folder)),
        ):
            assert old in text
            text = text.replace(old, new)
        modules = [
            f"LoadModule {name}_module {MODULES}/mod_{name}.so"
            for name in dict.fromkeys((*USUAL, *named[1].split()))
        ]
        run = [
            "ServerName localhost",
            f"PidFile {self.folder}/pid",
            f"ErrorLog {self.folder}/start.log",
        ]
        if os.geteuid() == 0:
            run += ["User www-data", "Group www-data"]
        listen = [f"Listen {self.http}", f"Listen {self.https}"]
        whole = self.folder / "apache.conf"
        whole.write_text("\n".join([*modules, *run, *listen, text]))
        return whole

    def listed(self, path: str) -> Counter[str]:
        """Return the number of times that each header came."""
        told = self.curl(f"https://localhost:{self.https}{path}")
        head = told.replace("\r", "").partition("\n\n")[0]
        return Counter(line.partition(":")[0].lower() for line in head.splitlines()[1:])


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Apache]:
    proxy = Apache(tmp_path)
    with proxy.running("-DFOREGROUND"):
        yield proxy


def test_what_arrives_is_what_one_trusted_hop_needs(proxy: Apache) -> None:
    pretend = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "kwaad.example"}
    with site_behind(proxy.behind), site_behind(proxy.other):
        _, told, _ = proxy.ask("/gezond", headers=pretend)
    assert "Host: kopkrakers.voorbeeld.nl" in told
    assert "X-Forwarded-For: 127.0.0.1" in told
    assert "X-Forwarded-Proto: https" in told
    assert "203.0.113.9" not in told and "kwaad" not in told


def test_signing_in_goes_to_one_server(proxy: Apache) -> None:
    with site_behind(proxy.behind), site_behind(proxy.other):
        assert len(proxy.servers_of("/")) == 2
        assert len(proxy.servers_of("/inloggen")) == 1
    # and to the other while the first is away
    with site_behind(proxy.other):
        assert proxy.ask("/inloggen")[0] == 200


def test_our_own_503_passes_and_apache_has_a_dutch_one(proxy: Apache) -> None:
    status, told, headers = proxy.ask("/uitnodiging/geheim")
    assert (status, headers["Retry-After"]) == (503, "30")
    assert '<html lang="nl">' in told
    assert "Content-Security-Policy" in headers
    with site_behind(proxy.behind), site_behind(proxy.other):
        status, told, _ = proxy.ask("/eigen-503")
    assert status == 503
    assert "X-Forwarded-Host" in told


def test_no_header_comes_twice(proxy: Apache) -> None:
    own = proxy.listed("/uitnodiging/geheim")
    with site_behind(proxy.behind), site_behind(proxy.other):
        passed = proxy.listed("/met-koppen")
    for names in (own, passed):
        assert [name for name, times in names.items() if times > 1] == []
        for name in OF_THE_SITE:
            assert names[name.lower()] == 1


def test_nothing_of_a_visitor_is_in_a_log(proxy: Apache) -> None:
    assert proxy.ask("/uitnodiging/geheim")[0] == 503
    with site_behind(proxy.behind), site_behind(proxy.other):
        status, told, headers = proxy.ask("/", data=b"x" * 600_000)
    assert status == 413 and "Je stuurde meer tekst" in told
    assert "Content-Security-Policy" in headers and "Retry-After" not in headers
    written = proxy.logged()
    assert "geheim" not in written
    assert "127.0.0.1" not in written


def test_plain_http_leads_to_tls(proxy: Apache) -> None:
    assert leads_to_tls(proxy)
