"""Driving wrk: requests per second, the tail of the waiting times, and what the server used."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import processor_seconds

SCRIPT = """
local lines, at, count = {}, 0, 0
for line in io.lines("%s") do count = count + 1; lines[count] = line end
request = function()
  at = at + 1
  local cookie, body = lines[(at - 1) %% count + 1]:match("^(.-)\\t(.*)$")
  local headers = { ["Cookie"] = cookie, ["Accept-Encoding"] = "gzip" }
  if %s then headers["HX-Request"] = "true" end
  if body ~= "" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
  return wrk.format(body ~= "" and "POST" or "GET", nil, headers, body ~= "" and body or nil)
end
done = function(summary, latency, requests)
  io.write(string.format("BENCH %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Load:
    """One run of wrk: `rate` per second, `p50` and `p99` in milliseconds, `refused` answers of
    400 up, and the milliseconds of `processor` that the server used per request.
    """

    rate: float
    p50: float
    p99: float
    refused: int
    processor: float


def press(
    url: str,
    lines: list[str],
    folder: Path,
    *,
    server: int,
    seconds: int,
    connections: int = 16,
    htmx: bool = False,
) -> Load:
    """Ask for an address as fast as it goes, with gzip as every phone asks for it.

    Each line is a cookie, a tab, and a body (empty for GET). `server`: the process that answers.
    """
    if shutil.which("wrk") is None:
        sys.exit("The benchmark needs wrk. Type: apt-get install wrk")
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
    rate = requests / duration * 1e6
    return Load(rate, p50 / 1000, p99 / 1000, refused, used * 1000 / requests)
