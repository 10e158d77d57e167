"""`python -m tests.benchmarks.proxied`: phones that poll over TLS, before two websites.

The nginx sample of docs/proxy stands before them, in the real nginx, on PostgreSQL. Told are what
was refused, how long an answer took, who used the processor (the phones are on this machine too),
and how much memory each worker took more since its first thousands of requests.
"""

import argparse
import asyncio
import random
import resource
import ssl
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from kopkrakers.intervisie.werkvormen.reading import werkvormen
from kopkrakers.operations.running.keeping import own_command
from tests.benchmarks.__main__ import databases, show
from tests.benchmarks.processes import processor_seconds, tree_of
from tests.benchmarks.session.stage import Stage, build
from tests.benchmarks.stage import await_answer
from tests.operations.samples.proxies import Nginx

BETWEEN = 1.5
"""Seconds between two questions of a phone."""
A_PAGE_IN = 20
"""One request in so many is for the whole page of the phone."""
WARM = 5000
"""Requests after which the memory of a worker is looked at first."""
PATIENCE = 30
SERVERS = 2
PAGE_BYTES = 4096


class ManyPhones(Nginx):
    """The sample, with as many connections as it says to set."""

    def write(self) -> Path:
        whole = super().write()
        text = whole.read_text().replace("worker_connections 512", "worker_connections 8192")
        whole.write_text(f"worker_processes 2;\n{text}")
        return whole


@dataclass
class Heard:
    """The answers that came: seconds of each that was right, and how many of every other kind."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    first_memory: dict[int, int] = field(default_factory=dict)


async def phone(port: int, stage: Stage, context: ssl.SSLContext, heard: Heard, end: float) -> None:
    """Poll until the end, over one connection that is kept."""
    await asyncio.sleep(random.random() * 10)
    question = f"/m/{stage.code}/nu?seen={stage.version()}"
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    while monotonic() < end:
        is_page = random.randrange(A_PAGE_IN) == 0
        path = f"/m/{stage.code}" if is_page else question
        began = monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                status = await ask(reader, writer, path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            heard.refused[type(error).__name__] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
            continue
        if status == ("200" if is_page else "204"):
            heard.seconds.append(monotonic() - began)
        else:
            heard.refused[status] += 1
        await asyncio.sleep(BETWEEN)
    writer.close()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> str:
    """Return the status of an answer, once it is read to its end."""
    host = "Host: kopkrakers.voorbeeld.nl\r\nAccept-Encoding: gzip;q=0"
    writer.write(f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif "content-length: " in head:
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
    return head.split()[1]


async def crowd(
    port: int, stage: Stage, context: ssl.SSLContext, phones: int, seconds: int, pids: list[int]
) -> Heard:
    """Let all phones poll for so long."""
    heard = Heard()
    end = monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        group.create_task(look_at_memory(heard, pids, end))
        for _ in range(phones):
            group.create_task(phone(port, stage, context, heard, end))
    return heard


async def look_at_memory(heard: Heard, pids: list[int], end: float) -> None:
    """Keep how much memory each worker has once it is warm, or else at the end."""
    while len(heard.seconds) < WARM and monotonic() < end:
        await asyncio.sleep(1)
    heard.first_memory = memory(pids)


def memory(pids: list[int]) -> dict[int, int]:
    """Return the resident kilobytes of every worker of these servers."""
    found = {}
    for pid in pids:
        for one in tree_of(pid) - {pid}:
            words = Path(f"/proc/{one}/cmdline").read_bytes()
            if b"resource_tracker" not in words and b"count" not in words.split(b"\0"):
                pages = int(Path(f"/proc/{one}/statm").read_text().split()[1])
                found[one] = pages * PAGE_BYTES // 1024
    return found


@contextmanager
def serving(stage: Stage, ports: tuple[int, int], workers: int) -> Iterator[list[int]]:
    """Two websites, the first with the counter, as two machines have them. Yields their numbers."""
    servers = []
    try:
        for place, port in enumerate(ports):
            env = stage.environ | {
                "KOPKRAKERS_PORT": str(port),
                "KOPKRAKERS_WORKERS": str(workers),
                "KOPKRAKERS_BASE_URL": "https://kopkrakers.voorbeeld.nl",
                "KOPKRAKERS_TRUSTED_HOPS": "1",
            }
            if place:
                del env["KOPKRAKERS_KEY_DIR"]
            server = subprocess.Popen(own_command("serve"), env=env, start_new_session=True)
            servers.append(server)
            await_answer(server, f"http://127.0.0.1:{port}/klaar")
        yield [server.pid for server in servers]
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(60)


def own_seconds() -> float:
    """Return the seconds of processor that the phones used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def at(share: float, seconds: list[float]) -> float:
    """Return the milliseconds within which this share of the answers came."""
    return sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)] * 1000


def rows(heard: Heard, last: dict[int, int], used: dict[str, float]) -> list[tuple[str, str, str]]:
    """Return each measure beside its goal."""
    times = " / ".join(f"{at(share, heard.seconds):.0f}" for share in (0.5, 0.95, 0.99))
    refused = ", ".join(f"{what} {number}" for what, number in heard.refused.items()) or "0"
    found = [
        (f"refused of {len(heard.seconds) + heard.refused.total():,}", refused, "0"),
        ("p50 / p95 / p99, ms", times, "p99 ≤ 250"),
    ]
    total = sum(used.values())
    for who, seconds in used.items():
        found.append((f"processor, {who}", f"{seconds:.0f} s, {seconds / total:.0%}", ""))
    for pid, before in heard.first_memory.items():
        if pid in last:
            grown = last[pid] / before - 1
            found.append((f"memory of worker {pid}", f"{last[pid]:,} kB, {grown:+.1%}", "≤ +10%"))
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=160)
    parser.add_argument("--workers", type=int, default=1, help="per website")
    options = parser.parse_args()
    _, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with tempfile.TemporaryDirectory(prefix="kopkrakers-proxied-") as path:
        folder = Path(path)
        folder.chmod(0o755)
        for kind, fresh in databases(folder):
            if kind == "PostgreSQL":
                measure(folder, fresh("proxied"), options)


def measure(folder: Path, database_url: str, options: argparse.Namespace) -> None:
    """Poll for a while through the proxy, and tell how it went."""
    stage = build(folder, database_url, next(iter(werkvormen())))
    proxy = ManyPhones(folder)
    with serving(stage, (proxy.behind, proxy.other), options.workers) as pids, proxy.running():
        before = own_seconds(), sum(map(processor_seconds, pids))
        heard = asyncio.run(
            crowd(proxy.https, stage, proxy.context, options.phones, options.seconds, pids)
        )
        used = {
            "phones": own_seconds() - before[0],
            "websites": sum(map(processor_seconds, pids)) - before[1],
        }
        last = memory(pids)
    stage.database.dispose()
    title = f"{options.phones} phones, nginx, {SERVERS} websites of {options.workers} workers"
    show(title, rows(heard, last, used))


if __name__ == "__main__":
    main()
