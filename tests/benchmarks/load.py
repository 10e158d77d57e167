"""Driving wrk: requests per second, the tail of the waiting times, and what the server used."""

import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from tests.benchmarks.processes import processor_seconds

SCRIPT = """
local lines, at, count = {}, 0, 0
for line in io.lines("%s") do count = count + 1; lines[count] = line end
request = function()
  at = at + 1
  local cookie, body, path = lines[(at - 1) %% count + 1]:match("^([^\\t]*)\\t([^\\t]*)\\t?(.*)$")
  local headers = { ["Cookie"] = cookie, ["Accept-Encoding"] = "gzip" }
  if %s then headers["HX-Request"] = "true" end
  if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  local method = body ~= "" and "POST" or "GET"
  return wrk.format(method, path ~= "" and path or nil, headers, body ~= "" and body or nil)
end
done = function(summary, latency, requests)
  io.write(string.format("BENCH %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Load:
    """One run of wrk: `rate` per second of what was not refused, `p50` and `p99` in milliseconds,
    `refused` answers of 400 up among `requests`, and the milliseconds of `processor` that the
    server used per request.
    """

    rate: float
    p50: float
    p99: float
    refused: int
    processor: float
    requests: int


def press(
    url: str,
    lines: list[str],
    folder: Path,
    *,
    server: int,
    seconds: int,
    connections: int = 16,
    htmx: bool = False,
    moves: bool = False,
) -> Load:
    """Ask for an address as fast as it goes, with gzip as every phone asks for it.

    Each line is a cookie, a tab, a body (empty for GET), and after another tab the path where that
    is not the one of the address. `server`: the process that answers. `moves`: what is asked leads
    to another page, as forms do.
    The last line is sent once before, so that no refusal or way elsewhere is measured for a page.
    """
    if shutil.which("wrk") is None:
        sys.exit("The benchmark needs wrk. Type: apt-get install wrk")
    try_once(url, lines[-1], htmx=htmx, moves=moves)
    tickets, script = folder / "tickets.txt", folder / "press.lua"
    tickets.write_text("\n".join(lines) + "\n")
    script.write_text(SCRIPT % (tickets, "true" if htmx else "false"))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url]
    used = processor_seconds(server)
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = processor_seconds(server) - used
    found = re.search(r"BENCH (\d+) (\d+) (\d+) (\d+) (\d+)", out)
    assert found is not None, out
    requests, duration, refused, p50, p99 = (int(number) for number in found.groups())
    if requests == 0:
        sys.exit(f"{url} answered nothing in {seconds} s. Give more --seconds.")
    rate = (requests - refused) / duration * 1e6
    return Load(rate, p50 / 1000, p99 / 1000, refused, used * 1000 / requests, requests)


def try_once(url: str, line: str, *, htmx: bool = False, moves: bool = False) -> None:
    """Send one line, and end the program when it is refused, or sent elsewhere unless it `moves`.

    Both are answered sooner than a page is, so a rate of them looks like a fast page.
    """
    cookie, body, *path = line.split("\t")
    if path:
        url = urljoin(url, path[0])
    asked = urllib.request.Request(url, body.encode() or None, {"Cookie": cookie})
    if htmx:
        asked.add_header("HX-Request", "true")
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            led_to = answer.url
    except urllib.error.HTTPError as answer:
        # a phone that hears that nothing is new has what it asked for
        if answer.code < 400:
            return
        sys.exit(f"{url} answers {answer.code}, so it cannot be measured.")
    if led_to != url and not moves:
        sys.exit(f"{url} leads to {led_to}, so it cannot be measured.")
