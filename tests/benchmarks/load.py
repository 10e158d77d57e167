"""Driving wrk: requests per second and the tail of the waiting times."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
local lines, at, count = {}, 0, 0
for line in io.lines("%s") do count = count + 1; lines[count] = line end
request = function()
  at = at + 1
  local cookie, body = lines[(at - 1) %% count + 1]:match("^(.-)\\t(.*)$")
  local headers = { ["Cookie"] = cookie }
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
    """One run of wrk: `rate` per second, `p50` and `p99` in milliseconds,
    `refused` answers of 400 up.
    """

    rate: float
    p50: float
    p99: float
    refused: int


def press(url: str, lines: list[str], folder: Path, *, seconds: int, connections: int = 16) -> Load:
    """Ask for an address as fast as it goes;
    each line is a cookie, a tab, and a body (empty for GET).
    """
    if shutil.which("wrk") is None:
        sys.exit("The benchmark needs wrk. Type: apt-get install wrk")
    tickets, script = folder / "tickets.txt", folder / "press.lua"
    tickets.write_text("\n".join(lines) + "\n")
    script.write_text(SCRIPT % tickets)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"BENCH (\d+) (\d+) (\d+) (\d+) (\d+)", out)
    assert found is not None, out
    requests, duration, refused, p50, p99 = (int(number) for number in found.groups())
    return Load(requests / duration * 1e6, p50 / 1000, p99 / 1000, refused)
