"""Website and counter as two Unix users with one SQLite database, both as they really run."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.operations.backup.users import COUNTER, GROUP, WEB
from tests.support.running import answer, environment, free_port, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become two other users"),
]
INVITE = (
    *("invite", "Zaanstad", "--name", "Anna"),
    *("--email", "anna@zaanstad.nl", "--role", "beheerder"),
)
ROOT = Path(__file__).parents[2]


def interpreter() -> str:
    """A Python of this version that other users can start, for ours may lie in a closed folder."""
    own = Path(sys.executable).resolve()
    if all(folder.stat().st_mode & 0o001 for folder in own.parents):
        return sys.executable
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = shutil.which(version, path="/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip(f"no {version} here that other users can start")
    return found


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folders of an installation, with the owners and rights of the manual."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name, rights in (("db", 0o2770), ("sleutels", 0o700)):
        (folder / name).mkdir()
        os.chown(folder / name, COUNTER, GROUP)
        (folder / name).chmod(rights)
    yield folder
    shutil.rmtree(folder)


def start(user: int, folder: Path, env: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    """Start the program as another user, as its unit does."""
    said = (folder / f"{arguments[0]}.log").open("w")
    return subprocess.Popen(
        [interpreter(), "-m", "kopkrakers", *arguments],
        user=user,
        group=GROUP,
        extra_groups=[],
        umask=0o007,
        env=env,
        cwd="/",
        stdout=said,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def services(folder: Path, port: int) -> Iterator[str]:
    """The two services, each with the settings that its unit gives it. Gives an invitation."""
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    of_counter = environment(folder, PYTHONPATH=":".join(paths), HOME="/", TMPDIR="/tmp")
    of_counter |= {"KOPKRAKERS_PORT": str(port), "KOPKRAKERS_WORKERS": "2"}
    of_web = {name: value for name, value in of_counter.items() if name != "KOPKRAKERS_KEY_DIR"}
    assert start(COUNTER, folder, of_counter, "migrate").wait(120) == 0
    link = invited(folder, of_counter)
    with ExitStack() as stack:
        for process in (
            start(COUNTER, folder, of_counter, "count", "--serve"),
            start(WEB, folder, of_web, "serve"),
        ):
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
        yield link


class Browser:
    """A browser that keeps cookies and sends forms with their token."""

    def __init__(self, url: str) -> None:
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._url = url
        self._opener = urllib.request.build_opener(jar)

    def open(self, path: str, data: bytes | None = None) -> str:
        with self._opener.open(self._url + path, data, timeout=60) as page:
            return str(page.read().decode())

    def send(self, path: str, **fields: str) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open(path))
        assert token is not None
        return self.open(path, urlencode({"csrf_token": token[1], **fields}).encode())


def invited(folder: Path, of_counter: dict[str, str]) -> str:
    """The path of an invitation, made by the commands as the counter's user."""
    for command in (("gemeente", "add", "Zaanstad"), INVITE):
        assert start(COUNTER, folder, of_counter, *command).wait(120) == 0, said(folder)
    link = re.search(r"/uitnodiging/\S+", (folder / "invite.log").read_text())
    assert link is not None
    return link[0]


def said(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.glob("*.log"))


def owners(folder: Path) -> set[int]:
    return {path.stat().st_uid for path in (folder / "db").iterdir()}


def test_the_website_serves_and_writes_beside_the_counter(folder: Path) -> None:
    port = free_port()
    with services(folder, port) as link:
        url = f"http://127.0.0.1:{port}"
        assert answer(f"{url}/gezond") == "gezond\n"
        # a minute or more may have gone by since it looked, where the machine is busy
        heard = re.compile(r'"teller_minuten":[0-9]')
        until(lambda: heard.search(answer(f"{url}/klaar")), "the counter is not heard")
        ready = json.loads(answer(f"{url}/klaar"))
        assert ready["bussen"] and ready["database"], ready
        browser = Browser(url)
        came_in = browser.send(link, naam="Anna de Wit", wachtwoord="fiets kameel wolk dak")
        assert "Je account is klaar." in came_in
        assert "anna@zaanstad.nl" in browser.open("/account")
    told = said(folder)
    assert "limits hold per worker" not in told
    assert not [line for line in told.splitlines() if '"level": "error"' in line], told
    assert owners(folder) <= {WEB, COUNTER}
    for path in (folder / "db").iterdir():
        assert path.stat().st_gid == GROUP
        assert not path.stat().st_mode & 0o007, f"{path.name} is open to everyone"
