"""Firefox and WebKitGTK as Debian has them, driven by what they speak themselves: Marionette and
WebDriver. Nothing has to be installed for it beside the browser.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol
from urllib.request import Request, urlopen

PATIENCE = 30.0
"""Seconds that a browser gets to start, and a condition to come true."""
SIZE = {"width": 360, "height": 740}
FIREFOX_SETTINGS = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "nl-NL, nl",
    "browser.aboutwelcome.enabled": False,
    "app.update.enabled": False,
}
LIBRARIES = Path("/usr/lib")


class Driver(Protocol):
    """The language of both: a command of WebDriver, as its last word names it."""

    def ask(self, command: str, **parameters: Any) -> Any: ...


class Engine:
    """A browser on which a test signs in, chooses and reads."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def go(self, url: str) -> None:
        """Open a page. What a browser says of a page that cannot come is no failure here."""
        self._driver.ask("url", url=url)

    def run(self, script: str, *given: Any) -> Any:
        """Return what the body of a function gives."""
        return self._driver.ask("execute/sync", script=script, args=list(given))

    def wait(self, script: str, *given: Any) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + PATIENCE
        while True:
            # a page that is on its way out answers nothing
            with suppress(DriverRefused):
                if self.run(f"return Boolean({script})", *given):
                    return
            if time.monotonic() > deadline:
                body = self.run("return location.href + '\\n' + document.body.innerText")
                raise AssertionError(f"never true: {script} {given}\n{body}")
            time.sleep(0.1)

    def sees(self, text: str) -> None:
        """Wait until a text can be read on a page whose scripts run.

        A form that is sent before that goes the way of a browser without scripts, which remembers
        nothing.
        """
        ready = "document.readyState === 'complete'"
        self.wait(f"{ready} && document.body.innerText.includes(arguments[0])", text)

    def press(self, words: str) -> None:
        """Press the button or link with these words."""
        script = """const named = [...document.querySelectorAll("button, a")];
          const found = named.find((one) => one.innerText.trim() === arguments[0]);
          found.scrollIntoView(); found.click()"""
        self.run(script, words)

    def fill(self, name: str, text: str) -> None:
        """Type in the field with this name."""
        script = "document.querySelector(arguments[0]).value = arguments[1]"
        self.run(script, f'[name="{name}"]', text)

    def write(self, id_: str, text: str) -> None:
        """Type in the field with this id, as the fields of the diary have no name."""
        script = """const field = document.getElementById(arguments[0]);
          field.value = arguments[1];
          field.dispatchEvent(new Event("input", { bubbles: true }))"""
        self.run(script, id_, text)

    def check(self, name: str, value: str) -> None:
        """Choose a radio button."""
        place = f'[name="{name}"][value="{value}"]'
        self.run("document.querySelector(arguments[0]).click()", place)


class DriverRefused(AssertionError):
    """A browser did not do what was asked."""


class Marionette:
    """Firefox's own protocol: a length, a colon, and a message in JSON."""

    NAMES = {
        "url": "WebDriver:Navigate",
        "execute/sync": "WebDriver:ExecuteScript",
        "size": "WebDriver:SetWindowRect",
    }

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=60).makefile("rwb")
        self._last = 0
        self._receive()
        self._send("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})

    def ask(self, command: str, **parameters: Any) -> Any:
        """Give a command; return its value."""
        try:
            reply = self._send(self.NAMES[command], parameters)
        except DriverRefused as refused:
            if command == "url" and "neterror" in str(refused):
                return None
            raise
        return reply.get("value") if isinstance(reply, dict) else reply

    def _send(self, name: str, parameters: dict[str, Any]) -> Any:
        self._last += 1
        text = json.dumps([0, self._last, name, parameters]).encode()
        self._line.write(b"%d:%s" % (len(text), text))
        self._line.flush()
        _kind, _number, error, value = self._receive()
        if error:
            raise DriverRefused(f"{error['error']}: {error['message']}")
        return value

    def _receive(self) -> Any:
        digits = b""
        while (one := self._line.read(1)) != b":":
            digits += one
        return json.loads(self._line.read(int(digits)))


class WebDriver:
    """The protocol of the W3C, over HTTP."""

    def __init__(self, port: int, options: dict[str, Any]) -> None:
        self._base = f"http://127.0.0.1:{port}/session"
        made = self._post("", {"capabilities": {"alwaysMatch": options}})
        self._base += f"/{made['sessionId']}"

    def ask(self, command: str, **parameters: Any) -> Any:
        """Give a command; return its value."""
        if command == "size":
            return self._post("/window/rect", parameters)
        return self._post(f"/{command}", parameters)

    def _post(self, path: str, parameters: dict[str, Any]) -> Any:
        return self._call("POST", path, json.dumps(parameters).encode())

    def _call(self, method: str, path: str, body: bytes | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        asked = Request(self._base + path, body, headers, method=method)
        try:
            with urlopen(asked, timeout=60) as reply:
                return json.load(reply)["value"]
        except OSError as error:
            told = error.read().decode() if hasattr(error, "read") else str(error)
            raise DriverRefused(told) from None


def missing(engine: str) -> str:
    """Return what this machine lacks for an engine; nothing when it can be driven."""
    needed: dict[str, dict[str, object]] = {
        "firefox": {"firefox-esr": shutil.which("firefox-esr")},
        "webkit": {
            "webkit2gtk-driver": shutil.which("WebKitWebDriver") and _mini_browser(),
            "xvfb": shutil.which("Xvfb"),
        },
    }
    return ", ".join(name for name, found in needed[engine].items() if not found)


@contextmanager
def started(engine: str, folder: Path) -> Iterator[Engine]:
    """Run a browser on a profile of its own, on a screen as narrow as it can be."""
    with ExitStack() as stack:
        driver = (_firefox if engine == "firefox" else _webkit)(stack, folder)
        with suppress(DriverRefused):
            driver.ask("size", **SIZE)
        yield Engine(driver)


def _firefox(stack: ExitStack, folder: Path) -> Driver:
    profile = folder / "firefox"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in FIREFOX_SETTINGS.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = ["firefox-esr", "--headless", "--marionette", "--profile", str(profile)]
    _process(stack, command, folder)
    port = profile / "MarionetteActivePort"
    _until(lambda: port.exists() and port.read_text().strip(), "Firefox did not start")
    return Marionette(int(port.read_text()))


def _webkit(stack: ExitStack, folder: Path) -> Driver:
    reading, writing = os.pipe()
    screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "400x800x24", "-nolisten", "tcp"]
    _process(stack, screen, folder, pass_fds=(writing,))
    display = os.read(reading, 20).decode().strip()
    port = _free_port()
    there = {"DISPLAY": f":{display}", "WEBKIT_FORCE_SANDBOX": "0"}
    _process(stack, ["WebKitWebDriver", f"--port={port}"], folder, there=there)
    _until(lambda: _listens(port), "WebKitWebDriver did not start")
    browser = {"binary": str(_mini_browser()), "args": ["--automation"]}
    return WebDriver(port, {"webkitgtk:browserOptions": browser})


def _process(
    stack: ExitStack,
    command: list[str],
    folder: Path,
    *,
    pass_fds: tuple[int, ...] = (),
    there: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Start a program that ends, with what it started, when the stack closes."""
    process = subprocess.Popen(
        command,
        env=os.environ | {"HOME": str(folder), "LANG": "nl_NL.UTF-8"} | dict(there),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
        start_new_session=True,
    )

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    stack.callback(end)


def _mini_browser() -> Path | None:
    return next(LIBRARIES.glob("*/webkit2gtk-4.*/MiniBrowser"), None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _until(condition: Any, failure: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, failure
        time.sleep(0.1)
