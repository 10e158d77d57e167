"""Slow, broken and too long bodies, sent to the real server without a proxy before it."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.running import PATIENCE, answer, free_port, installed, running, workers_of

pytestmark = pytest.mark.slow
SLOW = 200
"""Requests that never come whole: fifty for each thread that works."""
THREADS = 4
BODY_SECONDS = 5
PATIENT = {
    "KOPKRAKERS_THREADS": str(THREADS),
    "KOPKRAKERS_BODY_SECONDS": str(BODY_SECONDS),
}
HEAD = (
    "POST /inloggen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
    "\r\n{length}\r\n\r\n"
)
READ = "HTTP/1.1 422"
"""The form comes back, for it was read and has no token."""
WHOLE = "adres=a%40b.nl&wachtwoord=een+lang+wachtwoord"


@dataclass(frozen=True)
class Server:
    """A server with one worker. `said`: the lines of its start."""

    port: int
    worker: int
    said: Sequence[str]


@pytest.fixture(scope="module")
def started(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("bodies"), free_port()
    env = installed(sqlite_template, folder, KOPKRAKERS_PORT=str(port), **PATIENT)
    with running("serve", env=env, cwd=folder) as server:
        answer(f"http://127.0.0.1:{port}/gezond")
        said = (folder / "out").read_text() + (folder / "err").read_text()
        yield Server(port, workers_of(server.pid)[0], said.splitlines())


@pytest.fixture
def server(started: Server) -> int:
    """The port of the server that the tests share."""
    return started.port


def sent(port: int, length: str, body: str) -> socket.socket:
    """A connection over which a request was sent, or a part of one."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall((HEAD.format(length=length) + body).encode())
    return connection


def told(connection: socket.socket) -> str:
    """Return all that comes back before the server closes, or says all it has to say."""
    heard = b""
    while b"</html>" not in heard and (part := connection.recv(65_536)):
        heard += part
    return heard.decode()


def threads_of(worker: int) -> int:
    """Return the number of threads of the worker."""
    status = Path(f"/proc/{worker}/status").read_text()
    return int(status.split("Threads:")[1].split()[0])


def post_whole(port: int) -> str:
    with closing(sent(port, f"Content-Length: {len(WHOLE)}", WHOLE)) as quick:
        return told(quick)


def test_slow_bodies_hold_nobody_up_and_are_refused_in_time(started: Server, server: int) -> None:
    before = threads_of(started.worker)
    with ExitStack() as stack:
        slow = [
            stack.enter_context(closing(sent(server, "Content-Length: 1000", "adres=")))
            for _ in range(SLOW)
        ]
        in_parts = stack.enter_context(closing(sent(server, "Transfer-Encoding: chunked", "5\r\n")))
        until_late = time.monotonic() + BODY_SECONDS
        # one that comes whole after all is read
        slow[0].sendall(b"b" * 994)
        assert READ in told(slow[0])
        while time.monotonic() < until_late - 1:
            for connection in slow[1 : SLOW // 2]:
                connection.sendall(b"a")  # these trickle
            assert READ in post_whole(server), "somebody with a good connection was held up"
            time.sleep(0.5)
        for connection in (*slow[1:], in_parts):
            heard = told(connection)
            assert heard.startswith("HTTP/1.1 408"), heard[:200]
            assert "Dat kwam niet op tijd binnen" in heard
            for name in ("content-security-policy", "x-content-type-options"):
                assert name in heard.lower()
            # and lets go of the connection
            assert connection.recv(1) == b""
    assert READ in post_whole(server)
    assert threads_of(started.worker) <= before + THREADS, "slow bodies took threads"


def test_half_a_form_is_no_form(server: int) -> None:
    with closing(sent(server, "Content-Length: 1000", WHOLE)) as connection:
        connection.shutdown(socket.SHUT_WR)
        heard = told(connection)
    assert heard.startswith("HTTP/1.1 400"), "a form that was cut off was read as if it were whole"


def test_parts_and_too_much_are_read_as_before(server: int) -> None:
    part = f"{len(WHOLE):x}\r\n{WHOLE}\r\n0\r\n\r\n"
    with closing(sent(server, "Transfer-Encoding: chunked", part)) as connection:
        assert READ in told(connection)
    with closing(sent(server, "Content-Length: 600000", "x" * 1000)) as connection:
        assert "HTTP/1.1 413" in told(connection)
    with closing(sent(server, "Content-Length: 0", "")) as connection:
        assert READ in told(connection)


def test_a_start_warns_of_nothing(started: Server) -> None:
    assert any("Listening at" in line for line in started.said)
    warned = [line for line in started.said if "warn" in line.lower() or "error" in line.lower()]
    assert warned == []
