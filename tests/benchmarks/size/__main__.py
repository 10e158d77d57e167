"""What pages and the end of an edition cost as people, turns, cards and all else grow.

    python -m tests.benchmarks.size    # some six minutes; --rounds, --accounts, --rows, --database

Two databases in one run, by turns: a small one, and one of the sizes asked; SQLite, then
PostgreSQL, whose own process is not counted. Pages are asked in one process, with gzip, so that it
is the whole answer. Of each: the milliseconds of processor on both, their ratio, the bytes sent and
the elements of the large one, and its statements beside those of the small one.
"""

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from werkzeug.test import TestResponse

from kopkrakers.answers.forgetting import forget_settled_turns
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.app import create_app
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION, last_editions
from kopkrakers.migrations.run import migrate
from kopkrakers.web.state import AppState
from tests.benchmarks.__main__ import CONSOLE, databases, show
from tests.benchmarks.size.filling import Filled, Size, copies, fill
from tests.benchmarks.stage import environment
from tests.support.pages import statements, token_of
from tests.support.world import browser_of

SMALL = Size(accounts=400, answers=10_000, cards=53, mates=12, rows=10)
HTMX = {"Accept-Encoding": "gzip", "HX-Request": "true"}


@dataclass(frozen=True)
class Page:
    """A page to ask for. `path`: with names of what was filled in. `sent`: by POST."""

    path: str
    goal: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    of_onderzoeker: bool = False


PAGES = {
    "card": Page("/", "ratio ≤ 1.1"),
    "archive": Page("/archief", "≤ 8 ms, ≤ 600 elements"),
    "archive, searching": Page("/archief?zoek=werk"),
    "search while typing": Page("/archief/lijst?zoek=werk"),
    "ABC": Page("/abc"),
    "team": Page("/team"),
    "team of 300, its page": Page("/team/{team}"),
    "planning a session": Page("/team/{team}/intervisie"),
    "account": Page("/account"),
    "reminders": Page("/account/herinneringen"),
    "what was done to me": Page("/account/handelingen"),
    "beheer": Page("/beheer", "≤ 20 ms, ≤ 60 KB"),
    "beheer, searching": Page("/beheer/mensen", "≤ 20 ms", {"zoek": "noord yilmaz"}),
    "beheer, finding nobody": Page("/beheer/mensen", "≤ 20 ms", {"zoek": "nietdaar"}),
    "a team in beheer": Page("/beheer/teams/{team}"),
    "a person in beheer": Page("/beheer/mensen/{person}"),
    "inviting": Page("/beheer/uitnodigen"),
    "trail of beheer": Page("/beheer/handelingen"),
    "regio": Page("/beheer/regio"),
    "how we count": Page("/zo-tellen-we"),
    "desk": Page("/redactie"),
    "a case": Page("/redactie/ingezonden/{case}"),
    "a report": Page("/redactie/meldingen/{report}"),
    "cards of the desk": Page("/redactie/kaarten"),
    "a card with its versions": Page("/redactie/kaarten/{card}"),
    "calendar": Page("/redactie/kalender"),
    "trail of the desk": Page("/redactie/handelingen"),
    "research": Page("/onderzoek", of_onderzoeker=True),
    "research, certainty": Page("/onderzoek?tabel=choice_by_certainty", of_onderzoeker=True),
    "overview": Page("/onderzoek/overzicht", of_onderzoeker=True),
    "about research": Page("/onderzoek/over", of_onderzoeker=True),
    "keys": Page("/onderzoek/sleutels", of_onderzoeker=True),
}


@dataclass(frozen=True)
class Stage:
    """A database of a size, with the browsers of whoever asks for pages."""

    database: Database
    filled: Filled
    browser: FlaskClient
    of_onderzoeker: FlaskClient


@dataclass
class Cost:
    """The cost of one page on one server. `spent`: milliseconds of processor, each time."""

    spent: list[float] = field(default_factory=list)
    bytes: int = 0
    elements: int = 0
    statements: int = 0

    @property
    def ms(self) -> float:
        """Return the median."""
        return statistics.median(self.spent)


def main() -> None:
    """Measure and print a table of each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--cards", type=int, default=250)
    parser.add_argument("--mates", type=int, default=300)
    parser.add_argument("--rows", type=int, default=2_000, help="of each other thing")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", default="", help="only this one")
    options = parser.parse_args()
    large = Size(options.accounts, options.answers, options.cards, options.mates, options.rows)
    with tempfile.TemporaryDirectory(
        prefix="kopkrakers-size-", ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o755)
        for kind, fresh in databases(Path(folder)):
            if options.database not in ("", kind):
                continue
            stages = []
            for name, size in (("klein", SMALL), ("groot", large)):
                here = Path(folder) / kind / name
                here.mkdir(parents=True)
                with CONSOLE.status(f"{kind}, {name}: filling the database"):
                    stages.append(build(here, fresh(name), size))
            small_one, large_one = stages
            rows = list(pages(small_one, large_one, options.rounds))
            rows.append(closing(large_one.database, options.accounts))
            show(f"{kind}: {large} beside {SMALL}", rows)


def build(folder: Path, url: str, size: Size) -> Stage:
    """Fill a database with so much of everything."""
    os.environ.update(environment(folder, url))
    os.environ["KOPKRAKERS_CARDS_DIR"] = str(copies(folder / "kaarten", size.cards))
    app = create_app()
    kept: AppState = app.extensions["kopkrakers"]
    migrate(kept.database)
    filled = fill(kept, size)
    of_onderzoeker = browser_of(app, filled.onderzoeker)
    return Stage(kept.database, filled, browser_of(app, filled.everything), of_onderzoeker)


def pages(small: Stage, large: Stage, rounds: int) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each page."""
    for name, page in PAGES.items():
        costs = Cost(), Cost()
        for _round in range(rounds):
            for cost, stage in zip(costs, (small, large), strict=True):
                ask(stage, page, cost)
        before, after = costs
        measured = (
            f"{before.ms:.1f} and {after.ms:.1f} ms: × {after.ms / before.ms:.1f}; "
            f"{before.bytes / 1000:.1f} and {after.bytes / 1000:.1f} KB; "
            f"{before.elements} and {after.elements} elements; "
            f"{before.statements} and {after.statements} statements"
        )
        yield name, measured, page.goal


def ask(stage: Stage, page: Page, cost: Cost) -> None:
    """Ask for a page once, and add what it cost."""
    browser = stage.of_onderzoeker if page.of_onderzoeker else stage.browser
    path = page.path.format_map(vars(stage.filled))
    sent = page.sent and page.sent | {"csrf_token": token_of(browser)}
    with statements() as made:
        begin = time.process_time()
        answer = asked(browser, path, sent)
        cost.spent.append((time.process_time() - begin) * 1000)
    assert answer.status_code == 200, (path, answer.status)
    cost.bytes = len(answer.data)
    cost.statements = len(made)
    if not cost.elements:
        plain = browser.get(path)
        if sent:
            plain = browser.post(path, data=sent, headers={"HX-Request": "true"})
        cost.elements = len(re.findall(r"<[a-z]", plain.text))


def asked(browser: FlaskClient, path: str, sent: dict[str, str]) -> TestResponse:
    """Return the answer to a page that is asked with gzip, or to a form that is sent by htmx."""
    if sent:
        return browser.post(path, data=sent, headers=HTMX)
    return browser.get(path, headers={"Accept-Encoding": "gzip"})


def closing(database: Database, turns: int) -> tuple[str, str, str]:
    """Return the row of an edition that is settled: how long its turns hold up a writer at most."""
    longest = longest_transaction(database)
    with database.transaction() as session:
        slug = next(iter(last_editions(session)))
        rows = [
            {"dilemma": slug, "edition": 1, "pseudonym": token_hex(16), "state": Turn.IN_BOX}
            for _ in range(turns)
        ]
        session.execute(insert(PARTICIPATION), rows)
        session.execute(update(EDITION).where(EDITION.c.dilemma == slug).values(settled=True))
    longest(forget=True)
    forget_settled_turns(database)
    return (
        f"forgetting {turns:,} turns, s that a writer waits at most",
        f"{longest():.3f}",
        "≤ 0.05",
    )


def longest_transaction(database: Database) -> Callable[..., float]:
    """Return what tells how long the longest transaction took, in seconds."""
    began = [0.0]
    took = [0.0]

    def begin(_connection: object) -> None:
        began[0] = time.perf_counter()

    def commit(_connection: object) -> None:
        took[0] = max(took[0], time.perf_counter() - began[0])

    def longest(*, forget: bool = False) -> float:
        if forget:
            took[0] = 0.0
        return took[0]

    event.listen(database.writer, "begin", begin)
    event.listen(database.writer, "commit", commit)
    return longest


if __name__ == "__main__":
    main()
