"""A real HTTPS server on this machine that answers as a test tells it, and remembers requests."""

import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from kopkrakers.base.wire import Wire


@dataclass(frozen=True)
class Request:
    """A request that arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Server:
    """`status` and `headers` are its answer; `drips`: it takes a second for each byte of it.

    `breaks_off`: it takes the request and answers nothing. `pause`: seconds before it answers.
    """

    port: int = 0
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    breaks_off: bool = False
    pause: float = 0
    requests: list[Request] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Return the address of a path here."""
        return f"https://localhost:{self.port}{path}"


def handler_of(server: Server) -> type[BaseHTTPRequestHandler]:
    """Return the handler that answers as the server says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.requests.append(Request(self.path, dict(self.headers), body))
            time.sleep(server.pause)
            if server.breaks_off:
                self.connection.close()
                return
            if server.drips:
                for byte in b"HTTP/1.1 201 Created\r\nX-Slow: " + b"x" * 600:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.2)
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_what: object) -> None:
            """Say nothing."""

    return Handler


There = tuple[Server, Wire]
"""A server, and what reaches it."""


@contextmanager
def https_server(folder: Path) -> Iterator[There]:
    """Yield a server named localhost, and a wire that reaches this machine and trusts it."""
    certificate, key = folder / "localhost.pem", folder / "localhost.key"
    certify = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*certify.split(), *names, *files], check=True, capture_output=True)
    server = Server()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(server))
    server.port = listening.server_address[1]
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(certificate, key)
    listening.socket = ours.wrap_socket(listening.socket, server_side=True)
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    trusting = ssl.create_default_context(cafile=str(certificate))
    try:
        yield server, Wire(may_reach=lambda _address: True, context=trusting)
    finally:
        listening.shutdown()
        listening.server_close()
