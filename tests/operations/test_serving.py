"""`serve` as operators run it: web and counter together, ended and kept alive as they should."""

import os
import re
import signal
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.support.running import (
    answer,
    environment,
    free_port,
    installed,
    processes_with,
    run,
    running,
    told,
    until,
    website_of,
    workers_of,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def env(sqlite_template: Path, tmp_path: Path) -> dict[str, str]:
    port = str(free_port())
    return installed(sqlite_template, tmp_path, KOPKRAKERS_PORT=port, KOPKRAKERS_LOG_LEVEL="info")


def counters(folder: Path) -> list[int]:
    """The running counters of this installation."""
    return [pid for pid in processes_with(str(folder)) if b"--serve" in told(pid, "cmdline")]


def test_serve_answers_keeps_counting_and_ends_with_all_it_started(
    tmp_path: Path, env: dict[str, str]
) -> None:
    url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
    # this one with all that the product brings
    del env["KOPKRAKERS_CARDS_DIR"]
    with running("serve", env=env, cwd=tmp_path) as server:
        assert answer(f"{url}/gezond") == "gezond\n"
        assert '"bussen":true' in answer(f"{url}/klaar")
        first = counters(tmp_path)
        workers = set(processes_with(str(tmp_path))) - {*first, server.pid}
        assert workers
        assert {*workers_of(server.pid), *website_of(server.pid)} == workers
        assert not any(b"KOPKRAKERS_KEY_DIR" in told(pid, "environ") for pid in workers), (
            "a worker knows the keys"
        )
        os.kill(first[0], signal.SIGKILL)
        until(lambda: counters(tmp_path) not in ([], first), "the counter stayed away")
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    until(lambda: processes_with(str(tmp_path)) == [], "something outlived the server")


def test_workers_share_what_the_website_imported_and_their_keeper_imports_nothing(
    tmp_path: Path, env: dict[str, str]
) -> None:
    url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
    with running("serve", env=env | {"KOPKRAKERS_WORKERS": "2"}, cwd=tmp_path) as server:
        assert answer(f"{url}/gezond") == "gezond\n"
        until(lambda: len(workers_of(server.pid)) == 2, "not every worker came")
        (website,) = website_of(server.pid)
        for worker in workers_of(server.pid):
            # spawned ones share nothing that was written to
            assert kilobytes(worker, "Shared_Dirty") > kilobytes(website, "Rss") / 2
        # click and SQLAlchemy alone would be more
        assert kilobytes(server.pid, "Private_Dirty") < 10_000
        assert not {b"sqlalchemy", b"granian", b"pydantic_core"} & libraries(server.pid)
        assert b"sqlalchemy" in libraries(website)


def kilobytes(pid: int, kind: str) -> int:
    """The memory of a process of this kind, as proc_pid_smaps(5) names them."""
    found = re.search(rf"^{kind}:\s+(\d+) kB", told(pid, "smaps_rollup").decode(), re.MULTILINE)
    assert found is not None, kind
    return int(found[1])


def libraries(pid: int) -> set[bytes]:
    """The packages of which a process has loaded compiled modules."""
    return set(re.findall(rb"/site-packages/(\w+)/", told(pid, "maps")))


def test_a_website_that_ends_takes_all_with_it(tmp_path: Path, env: dict[str, str]) -> None:
    with running("serve", env=env, cwd=tmp_path) as server:
        answer(f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}/gezond")
        until(lambda: counters(tmp_path), "no counter")
        os.kill(website_of(server.pid)[0], signal.SIGKILL)
        assert server.wait(60) == 1
        until(lambda: processes_with(str(tmp_path)) == [], "something outlived the website")


def test_numbers_leave_by_their_port_also_after_what_gives_them_was_killed(
    tmp_path: Path, env: dict[str, str]
) -> None:
    metrics = str(free_port())
    url = f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}"
    with running("serve", env=env | {"KOPKRAKERS_METRICS_PORT": metrics}, cwd=tmp_path) as server:
        answer(f"{url}/gezond")
        assert "kopkrakers_" in answer(f"http://127.0.0.1:{metrics}/metrics")
        until(lambda: len(workers_of(server.pid)) == 2, "no worker beside what gives numbers")
        giver = min(workers_of(server.pid))
        os.kill(giver, signal.SIGKILL)
        until(lambda: giver not in workers_of(server.pid), "it was not killed")
        assert "kopkrakers_" in answer(f"http://127.0.0.1:{metrics}/metrics")
    until(lambda: processes_with(str(tmp_path)) == [], "something outlived the server")


def test_serve_refuses_a_port_for_metrics_that_is_taken(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        ended = run("serve", env=env | {"KOPKRAKERS_METRICS_PORT": taken})
    assert ended.returncode == 2
    assert "Kies een andere met KOPKRAKERS_METRICS_PORT." in ended.stderr


def test_nothing_outlives_a_server_that_is_killed(tmp_path: Path, env: dict[str, str]) -> None:
    with running("serve", env=env, cwd=tmp_path) as server:
        answer(f"http://127.0.0.1:{env['KOPKRAKERS_PORT']}/gezond")
        until(lambda: counters(tmp_path), "no counter")
        server.kill()
        until(lambda: processes_with(str(tmp_path)) == [], "something outlived the server")


def test_serve_refuses_to_start_with_keys_that_others_can_read(
    tmp_path: Path, env: dict[str, str]
) -> None:
    (tmp_path / "sleutels").chmod(0o755)
    ended = run("serve", env=env)
    assert ended.returncode == 2
    assert (
        ended.stderr.strip() == f"De sleutelmap {tmp_path}/sleutels staat open voor anderen. "
        f"Typ: chmod 700 {tmp_path}/sleutels"
    )


@pytest.mark.parametrize("address", ["http://kopkrakers.voorbeeld.nl", "http://192.168.1.5:8000"])
def test_serve_refuses_an_address_over_which_others_read_along(
    tmp_path: Path, env: dict[str, str], address: str
) -> None:
    ended = run("serve", env=env | {"KOPKRAKERS_BASE_URL": address})
    assert ended.returncode == 2
    assert "begint met http://" in ended.stderr and "https://" in ended.stderr


def test_serve_refuses_to_start_on_old_tables(tmp_path: Path) -> None:
    ended = run("serve", env=environment(tmp_path))
    assert ended.returncode == 2
    assert ended.stderr.strip() == "De database is niet bij. Typ: kopkrakers migrate"


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path, env: dict[str, str]) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", int(env["KOPKRAKERS_PORT"])))
        other.listen()
        ended = run("serve", env=env)
    assert ended.returncode == 2
    assert f"poort {env['KOPKRAKERS_PORT']}, lukt niet: daar luistert al een ander" in ended.stderr
    assert processes_with(str(tmp_path)) == []


def test_a_worker_that_keeps_dying_never_ends_the_server(
    tmp_path: Path, env: dict[str, str]
) -> None:
    port = env["KOPKRAKERS_PORT"]
    with running("serve", env=env, cwd=tmp_path) as server:
        for _ in range(3):
            assert answer(f"http://127.0.0.1:{port}/gezond") == "gezond\n"
            worker = workers_of(server.pid)[0]
            os.kill(worker, signal.SIGKILL)
            until(lambda dead=worker: workers_of(server.pid) not in ([], [dead]), "no worker")
        assert answer(f"http://127.0.0.1:{port}/gezond") == "gezond\n"
        assert server.poll() is None
    assert (tmp_path / "err").read_text().count("worker ended") == 3
    until(lambda: processes_with(str(tmp_path)) == [], "a worker outlived the server")


def test_a_worker_that_was_still_starting_ends_with_its_server(
    tmp_path: Path, env: dict[str, str]
) -> None:
    with running("serve", env=env, cwd=tmp_path) as server:
        until(lambda: workers_of(server.pid), "no worker")
        server.kill()
        until(lambda: processes_with(str(tmp_path)) == [], "something became an orphan")


def test_workers_count_wrong_passwords_together(tmp_path: Path, env: dict[str, str]) -> None:
    port = env["KOPKRAKERS_PORT"]
    with running("serve", env=env | {"KOPKRAKERS_WORKERS": "3"}, cwd=tmp_path) as server:
        answer(f"http://127.0.0.1:{port}/gezond")
        until(lambda: len(workers_of(server.pid)) == 3, "not every worker came")
        statuses = [wrong_password(f"http://127.0.0.1:{port}/inloggen") for _ in range(21)]
    # ten in a window, and on a slow machine a second window may have begun
    assert set(statuses) == {422, 429}


def wrong_password(url: str) -> int:
    """The status of a wrong password, by a browser that was not here before."""
    browser = build_opener(HTTPCookieProcessor())
    page = browser.open(url, timeout=60).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"adres": "a@b.nl", "wachtwoord": "mis", "csrf_token": token.group(1)}
    try:
        return int(browser.open(url, urlencode(form).encode(), timeout=60).status)
    except HTTPError as error:
        return error.code
