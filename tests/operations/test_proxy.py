"""The nginx sample of docs/proxy, in the real nginx: TLS, two upstreams, error pages, logs.

Without nginx this fails and says what to type: a sample that nobody tried is a guess.
"""

import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.running import free_port

SAMPLE = Path(__file__).parents[2] / "docs" / "proxy" / "nginx.conf"
pytestmark = pytest.mark.slow
OF_THE_SITE = (
    "Content-Security-Policy",
    "Referrer-Policy",
    "Retry-After",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
)
"""Headers that the site sends itself."""


class Echo(BaseHTTPRequestHandler):
    """Says which headers arrived."""

    def do_GET(self) -> None:
        lines = [f"{name}: {value}" for name, value in self.headers.items()]
        body = "\n".join([*lines, f"Answered-By: {self.connection.getsockname()[1]}"]).encode()
        self.send_response(503 if self.path == "/eigen-503" else 200)
        self.send_header("Content-Length", str(len(body)))
        if self.path == "/met-koppen":
            for name in OF_THE_SITE:
                self.send_header(name, "van de website")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Proxy:
    """A running nginx with the sample, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http, self.https, self.behind = free_port(), free_port(), free_port()
        self.other = free_port()
        self.context = ssl.create_default_context(cafile=str(folder / "keten.pem"))
        self.context.check_hostname = False

    def ask(self, path: str, *, data: bytes | None = None) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of an answer over TLS."""
        request = urllib.request.Request(f"https://localhost:{self.https}{path}", data=data)
        request.add_header("Host", "kopkrakers.voorbeeld.nl")
        try:
            with urllib.request.urlopen(request, timeout=10, context=self.context) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)

    def write(self) -> Path:
        """The sample with its places and ports filled in, and nothing else changed."""
        text = SAMPLE.read_text()
        for listen, port in (("80", self.http), ("443", self.https)):
            text = re.sub(rf"listen (\[::\]:)?{listen}\b", rf"listen \g<1>{port}", text)
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{self.behind}")
        text = text.replace("127.0.0.1:8001", f"127.0.0.1:{self.other}")
        text = text.replace("/etc/ssl/kopkrakers", str(self.folder))
        text = text.replace("/var/log/nginx", str(self.folder))
        whole = self.folder / "nginx.conf"
        paths = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole.write_text(
            f"daemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log crit;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\n{paths}{text}}}\n"
        )
        return whole


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    assert nginx, "No nginx here, so the sample was not tried. Type: apt install nginx-light"
    certify = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-keyout", str(tmp_path / "sleutel.pem"), "-out", str(tmp_path / "keten.pem")]
    subprocess.run([*certify.split(), *names], check=True, capture_output=True, timeout=60)
    proxy = Proxy(tmp_path)
    command = [nginx, "-p", str(tmp_path), "-c", str(proxy.write())]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60)
    assert tested.returncode == 0, tested.stderr
    running = subprocess.Popen(command)
    try:
        wait_for(proxy)
        yield proxy
    finally:
        running.terminate()
        running.wait(20)


def wait_for(proxy: Proxy) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            proxy.ask("/")
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not answer")


@contextmanager
def site_behind(port: int) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", port), Echo)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_what_arrives_is_what_one_trusted_hop_needs(proxy: Proxy) -> None:
    with site_behind(proxy.behind):
        time.sleep(6)  # fail_timeout of the sample, after the waiting above found nobody
        status, told, _ = proxy.ask("/gezond")
    assert status == 200
    assert "Host: kopkrakers.voorbeeld.nl" in told
    assert "X-Forwarded-For: 127.0.0.1" in told
    assert "X-Forwarded-Proto: https" in told
    assert "Connection:" not in told


def test_signing_in_from_one_address_goes_to_one_server(proxy: Proxy) -> None:
    with site_behind(proxy.behind), site_behind(proxy.other):
        time.sleep(6)
        anywhere = {proxy.ask("/")[1].splitlines()[-1] for _ in range(12)}
        signing_in = {proxy.ask("/inloggen")[1].splitlines()[-1] for _ in range(12)}
    assert len(anywhere) == 2
    assert len(signing_in) == 1


def test_our_own_503_passes_and_nginx_has_a_dutch_one(proxy: Proxy) -> None:
    status, told, headers = proxy.ask("/uitnodiging/geheim")
    assert (status, headers["Retry-After"]) == (503, "30")
    assert '<html lang="nl">' in told
    assert "Content-Security-Policy" in headers
    with site_behind(proxy.behind):
        time.sleep(6)
        status, told, _ = proxy.ask("/eigen-503")
    assert status == 503
    assert "X-Forwarded-Host" in told


def test_nothing_of_a_visitor_is_in_a_log(proxy: Proxy) -> None:
    assert proxy.ask("/uitnodiging/geheim")[0] == 503
    assert proxy.ask("/", data=b"x" * 600_000)[0] == 413
    written = "".join(path.read_text() for path in proxy.folder.glob("*.log"))
    assert "geheim" not in written
    assert "127.0.0.1" not in written


def test_plain_http_leads_to_tls(proxy: Proxy) -> None:
    told = subprocess.run(
        ["/usr/bin/curl", "-si", f"http://localhost:{proxy.http}/archief"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "301" in told.stdout.splitlines()[0]
    assert "Location: https://kopkrakers.voorbeeld.nl/archief" in told.stdout
