"""A sample of docs/proxy in the real server it is for, before a site that says what arrived."""

import re
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from tests.support.running import free_port, until

SAMPLES = Path(__file__).parents[3] / "docs" / "proxy"
PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
OF_THE_SITE = (
    "Content-Security-Policy",
    "Referrer-Policy",
    "Retry-After",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
)
"""Headers that the site sends itself."""


class Proxy:
    """A proxy with its sample, on free ports, before two places where a site can stand."""

    program: ClassVar[str]
    package: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http, self.https, self.behind = free_port(), free_port(), free_port()
        self.other = free_port()
        certify = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        names = ["-keyout", str(folder / "sleutel.pem"), "-out", str(folder / "keten.pem")]
        subprocess.run([*certify.split(), *names], check=True, capture_output=True, timeout=60)
        self.context = ssl.create_default_context(cafile=str(folder / "keten.pem"))
        self.context.check_hostname = False

    def command(self, program: str) -> Sequence[str]:
        """The command with its settings, which are written for it."""
        raise NotImplementedError

    @contextmanager
    def running(self, *more: str) -> Iterator[None]:
        """Start it when it finds nothing wrong with the sample. `more`: arguments of the start."""
        program = shutil.which(self.program, path=PLACES)
        assert program, (
            f"No {self.program} here, so the sample was not tried. Type: apt install {self.package}"
        )
        command = self.command(program)
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60)
        assert tested.returncode == 0, tested.stderr
        running = subprocess.Popen([*command, *more])
        try:
            until(self.listens, f"{self.program} does not answer")
            yield
        finally:
            running.terminate()
            running.wait(20)

    def listens(self) -> bool:
        """Whether it takes connections. It is asked nothing: a proxy that found nobody behind it
        leaves that place alone for seconds.
        """
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self.https)) == 0

    def ask(
        self, path: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of an answer over TLS."""
        request = urllib.request.Request(
            f"https://localhost:{self.https}{path}", data, dict(headers or {})
        )
        request.add_header("Host", "kopkrakers.voorbeeld.nl")
        try:
            with urllib.request.urlopen(request, timeout=20, context=self.context) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)

    def servers_of(self, path: str) -> set[str]:
        """Return which of the two places answered when this was asked twelve times."""
        return {self.ask(path)[1].splitlines()[-1] for _ in range(12)}

    def logged(self) -> str:
        """All that stands in its logs."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def curl(self, url: str) -> str:
        """The head and body of an answer, as they came."""
        told = subprocess.run(
            ["/usr/bin/curl", "-ski", url], capture_output=True, text=True, timeout=20, check=True
        )
        return told.stdout


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


@contextmanager
def site_behind(port: int) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", port), Echo)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def leads_to_tls(proxy: Proxy) -> bool:
    """Whether plain HTTP is sent on to the same page over TLS."""
    told = proxy.curl(f"http://localhost:{proxy.http}/archief")
    first = told.splitlines()[0]
    return "301" in first and bool(
        re.search(r"^Location: https://kopkrakers\.voorbeeld\.nl/archief\r?$", told, re.MULTILINE)
    )


class Nginx(Proxy):
    """A running nginx with the sample."""

    program, package = "nginx", "nginx-light"

    def command(self, program: str) -> Sequence[str]:
        return [program, "-p", str(self.folder), "-c", str(self.write())]

    def write(self) -> Path:
        """The sample with its places and ports filled in, and nothing else changed."""
        text = (SAMPLES / "nginx.conf").read_text()
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
            f"daemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log alert;\n"
            f"events {{ worker_connections 512; }}\nhttp {{\n{paths}{text}}}\n"
        )
        return whole
