"""`make bench-peers`: card, answer and result beside the same poll in Django, oTree and Datasette.

The peers are installed in an environment of their own, which goes when the run is over: oTree asks
for older packages than the two others. Everything listens on loopback, and is asked by turns and
with gzip. LimeSurvey is not here: it needs PHP and MariaDB, and no package of Python has it.
"""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kopkrakers.catalogue.library import Library
from tests.benchmarks.__main__ import BASE, CONSOLE, form_of, row, served, show
from tests.benchmarks.load import Load, press
from tests.benchmarks.stage import ANSWERED, await_answer, build, environment

HERE = Path(__file__).parent
UV = Path(".tools/bin/uv").absolute()
CANNOT = (
    "Django, oTree and Datasette could not be installed, so nothing was measured. This needs a "
    "registry of Python packages, and uv in .tools (make setup). It said: {said}"
)
PORTS = {"django": 8766, "otree": 8767, "datasette": 8768}
TURNS = 5
PAIRS = (
    ("card", "django", "", "≥ 2"),
    ("answer", "django", "", "≥ 1.3"),
    ("result", "django", "", "≥ 1.5"),
    ("card", "otree", "≥ 10", ""),
    ("answer", "otree", "≥ 5", ""),
    ("result", "otree", "≥ 15", ""),
    ("card", "datasette", "≥ 6", ""),
)
"""A page, the peer that it stands beside, and the goals by rate and by processor."""


@dataclass(frozen=True)
class Asked:
    """An address of a site that runs, and the lines of whoever asks; `server`: its process."""

    url: str
    lines: list[str]
    server: int


@dataclass(frozen=True)
class Peers:
    """The folders in which the peers are installed, and where each keeps its files."""

    modern: Path
    otree: Path
    files: Path


def main() -> None:
    """Install, fill, serve, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="per measurement")
    parser.add_argument("--people", type=int, default=24_000, help="each answers at most once")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(
        prefix="kopkrakers-peers-", ignore_cleanup_errors=True
    ) as made:
        folder = Path(made)
        with CONSOLE.status("installing the peers"):
            peers = install(folder)
        loads = measure(folder, peers, options.people, options.seconds)
    show(f"product ÷ peer, {options.seconds} s each, median of {TURNS} by turns", rows_of(loads))
    CONSOLE.print(f"Load of the machine: {load_before:.1f} before, {os.getloadavg()[0]:.1f} after.")


def install(folder: Path) -> Peers:
    """Install the peers in environments below a folder; stops with a sentence if that cannot be."""
    found = []
    for name in ("requirements", "requirements-otree"):
        where = folder / name
        python = where / "bin" / "python"
        packages = ["--require-hashes", "-r", str(HERE / f"{name}.txt")]
        try:
            run(UV, "venv", "--quiet", "--python", sys.executable, where)
            run(UV, "pip", "install", "--quiet", "--python", python, *packages)
        except (OSError, subprocess.CalledProcessError) as error:
            said = str(getattr(error, "stderr", "") or error).strip()
            sys.exit(CANNOT.format(said=said.splitlines()[-1]))
        found.append(where / "bin")
    files = folder / "files"
    files.mkdir()
    modern, otree = found
    return Peers(modern, otree, files)


def run(*command: str | Path, cwd: Path | None = None, path: Path | None = None) -> None:
    """Run a program to its end; its words are kept for what goes wrong."""
    subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=with_path(path),
        check=True,
        capture_output=True,
        text=True,
    )


def with_path(path: Path | None, **more: str) -> dict[str, str]:
    """Return the environment of a program that finds others in a folder; nothing of the product."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        kept["PATH"] = f"{path}{os.pathsep}{kept['PATH']}"
    return kept | more


def measure(folder: Path, peers: Peers, people: int, seconds: int) -> dict[str, list[Load]]:
    """Return what each page of each site took, by turns."""
    ours = folder / "ours"
    ours.mkdir()
    environ = environment(ours, f"sqlite:///{ours / 'bench.db'}")
    with CONSOLE.status("filling the databases"):
        stage = build(ours, environ, people)
        write_card(peers.files / "card.json", stage.result.split("/")[2])
        cookies = fill_django(peers, people)
        counted, fresh = fill_otree(peers, people)
        fill_datasette(peers)
    posts = [form_of(*ticket) for ticket in stage.tickets]
    voted, waiting = cookies[0], cookies[ANSWERED:]
    vote = "csrfmiddlewaretoken=" + "t" * 32 + "&optie=a&doorslag=w"
    with ExitStack() as running:
        product = running.enter_context(served(environ))
        django = running.enter_context(serve_django(peers))
        otree = running.enter_context(serve_otree(peers))
        datasette = running.enter_context(serve_datasette(peers))
        d, o, t = (f"http://127.0.0.1:{port}" for port in PORTS.values())
        pages = {
            "card": Asked(BASE + stage.card, [f"{stage.reader}\t"], product),
            "card of django": Asked(f"{d}/", [f"{waiting[-1]}\t"], django),
            "card of otree": Asked(f"{o}{page_of(fresh[-1], 1)}", ["\t"], otree),
            "card of datasette": Asked(f"{t}/keuze/optie", ["\t"], datasette),
            "result": Asked(BASE + stage.result, [f"{stage.answerer}\t"], product),
            "result of django": Asked(f"{d}/uitslag", [f"{voted}\t"], django),
            "result of otree": Asked(f"{o}{page_of(counted, 2)}", ["\t"], otree),
        }
        answers = {
            "answer": Asked(BASE + stage.answer, posts, product),
            "answer of django": Asked(
                f"{d}/stem", [f"{one}\t{vote}" for one in waiting[:-1]], django
            ),
            "answer of otree": Asked(
                o, [f"\toptie=a\t{page_of(one, 1)}" for one in fresh[:-1]], otree
            ),
        }
        return by_turns(folder, pages, answers, seconds)


def by_turns(
    folder: Path, pages: dict[str, Asked], answers: dict[str, Asked], seconds: int
) -> dict[str, list[Load]]:
    """Ask every site in its turn, as often as there are turns; each person answers in one alone."""
    loads: dict[str, list[Load]] = defaultdict(list)
    for turn in range(TURNS):
        for name, asked in pages.items():
            loads[name].append(
                press(asked.url, asked.lines, folder, server=asked.server, seconds=seconds)
            )
        for name, asked in answers.items():
            share = len(asked.lines) // TURNS
            own = asked.lines[turn * share : (turn + 1) * share]
            pressed = press(
                asked.url, own, folder, server=asked.server, seconds=seconds, moves=True
            )
            loads[name].append(pressed)
            if pressed.refused or pressed.requests >= share:
                # a refusal is quicker than an answer: such a turn says nothing
                sys.exit(f"{name}: people ran out. Give more --people, or fewer --seconds.")
    return loads


def rows_of(loads: dict[str, list[Load]]) -> list[tuple[str, str, str]]:
    """Return the rows of the table: by rate, by processor, and what each request used."""
    found = []
    for page, peer, by_rate, by_processor in PAIRS:
        pairs = list(zip(loads[page], loads[f"{page} of {peer}"], strict=True))
        rates = [ours.rate / theirs.rate for ours, theirs in pairs]
        used = [theirs.processor / ours.processor for ours, theirs in pairs]
        found.append(row(f"{page} beside {peer}, by rate", rates, by_rate))
        found.append(row(f"{page} beside {peer}, by processor", used, by_processor))
    for name, pressed in loads.items():
        median = statistics.median(load.processor for load in pressed)
        rate = statistics.median(load.rate for load in pressed)
        found.append((f"{name}: a second, ms of processor", f"{rate:.0f}, {median:.2f}", ""))
    return found


def write_card(target: Path, slug: str) -> None:
    """Write the text of the product's card of today, for the peers to show."""
    from kopkrakers.base.config import asset_folder

    card = Library(asset_folder("dilemmas")).cards()[slug]
    options = [(option.code, f"{option.label}: {option.line}") for option in card.options]
    told = {"title": card.title, "story": str(card.story_html), "options": options}
    target.write_text(json.dumps(told))


def fill_django(peers: Peers, people: int) -> list[str]:
    """Fill Django's database with so many people; gives the cookies of each."""
    run(peers.modern / "python", HERE / "django_poll.py", peers.files, str(people))
    return (peers.files / "django-cookies.txt").read_text().splitlines()


def fill_otree(peers: Peers, people: int) -> tuple[str, list[str]]:
    """Make a session of those who chose and one of those who can; gives the codes of their people.

    Of the first the code of one, whose next page is the result of them all.
    """
    project = peers.files / "otree"
    shutil.copytree(HERE / "otree_project", project)
    shutil.copy(peers.files / "card.json", project)
    for name in ("_static", "_templates"):
        (project / name).mkdir()
    for command in (
        ("resetdb", "--noinput"),
        ("create_session", "keuze", str(ANSWERED)),
        ("create_session", "keuze", str(people - ANSWERED)),
    ):
        run(peers.otree / "otree", *command, cwd=project, path=peers.otree)
    database = sqlite3.connect(project / "db.sqlite3")
    with database:
        # at their first page, as if each had opened their link
        database.execute("UPDATE otree_participant SET visited = 1, _index_in_pages = 1")
        chose = "SELECT min(id) FROM otree_session"
        at_result = f"UPDATE otree_participant SET _index_in_pages = 2 WHERE session_id = ({chose})"
        database.execute(at_result)
        database.execute(
            f"UPDATE keuze_player SET optie = substr('abc', id % 3 + 1, 1)"
            f" WHERE session_id = ({chose})"
        )
        codes = database.execute("SELECT code FROM otree_participant ORDER BY id").fetchall()
    database.close()
    everyone = [str(code) for (code,) in codes]
    return everyone[0], everyone[ANSWERED:]


def page_of(code: str, number: int) -> str:
    """Return the address of a page of somebody in oTree."""
    name = ("Kies", "Uitslag")[number - 1]
    return f"/p/{quote(code)}/keuze/{name}/{number}"


def fill_datasette(peers: Peers) -> None:
    """Make a database of one table with eight rows: the options, twice, with totals."""
    told = json.loads((peers.files / "card.json").read_text())
    database = sqlite3.connect(peers.files / "keuze.db")
    with database:
        database.execute("CREATE TABLE optie (id INTEGER PRIMARY KEY, code, tekst, aantal)")
        for number in range(8):
            code, text = told["options"][number % len(told["options"])]
            database.execute(
                "INSERT INTO optie (code, tekst, aantal) VALUES (?, ?, ?)", (code, text, number)
            )
    database.close()


@contextmanager
def serve_django(peers: Peers) -> Iterator[int]:
    """Serve the poll as the product is served: granian, two workers of four threads."""
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(PORTS["django"]), "--workers", "2", "--blocking-threads", "4"]
    command += ["--no-access-log", "--log-level", "warning", "django_poll:application"]
    environ = with_path(peers.modern, PEERS_FOLDER=str(peers.files), PYTHONPATH=str(HERE))
    with going("django", command, environ, peers.files, "/ready") as pid:
        yield pid


@contextmanager
def serve_otree(peers: Peers) -> Iterator[int]:
    """Serve oTree by its own server, of one process."""
    command = ["otree", "prodserver1of2", f"127.0.0.1:{PORTS['otree']}"]
    environ = with_path(peers.otree, OTREE_PRODUCTION="1")
    with going("otree", command, environ, peers.files / "otree", "/") as pid:
        yield pid


@contextmanager
def serve_datasette(peers: Peers) -> Iterator[int]:
    """Serve a table by Datasette, of one process."""
    command = ["datasette", "serve", str(peers.files / "keuze.db"), "--host", "127.0.0.1"]
    command += ["--port", str(PORTS["datasette"])]
    with going("datasette", command, with_path(peers.modern), peers.files, "/") as pid:
        yield pid


@contextmanager
def going(
    name: str, command: list[str], environ: dict[str, str], cwd: Path, path: str
) -> Iterator[int]:
    """Run a server until it is no longer needed, with its words in a file; gives its process."""
    program = shutil.which(command[0], path=environ["PATH"])
    assert program is not None, command[0]
    with (cwd / f"{name}.log").open("w") as log:
        server = subprocess.Popen(
            [program, *command[1:]],
            env=environ,
            cwd=cwd,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            await_answer(server, f"http://127.0.0.1:{PORTS[name]}{path}")
            yield server.pid
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(20)
            # oTree starts a process beside its server, which would stay
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


if __name__ == "__main__":
    main()
