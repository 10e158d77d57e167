"""What pages and the end of an edition cost as accounts, turns, cards and mates grow.

    python -m tests.benchmarks.size    # some minutes; --accounts, --answers, --cards, --mates

Two databases of SQLite in one run, by turns: a small one, and one of the sizes asked. Pages are
asked in one process, with gzip, so that it is the whole answer; milliseconds are of processor.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex

from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.answers.forgetting import forget_settled_turns
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.app import create_app
from kopkrakers.base.config import asset_folder
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION, last_editions, open_first_edition
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.migrations.run import migrate
from kopkrakers.web.state import AppState
from tests.benchmarks.__main__ import CONSOLE, show
from tests.benchmarks.stage import environment
from tests.support.world import add_gemeente, add_people, add_person, add_team, browser_of

PAGES = {
    "card": ("/", "≤ 1.1"),
    "archive": ("/archief", ""),
    "archive, searching": ("/archief?zoek=werk", ""),
    "team": ("/team", ""),
    "account": ("/account", ""),
    "beheer": ("/beheer", ""),
}
"""Addresses, and the goal of the large one ÷ the small one where there is one."""
ROUNDS = 60
AT_ONCE = 50_000
"""Turns that are inserted in one statement."""


@dataclass(frozen=True)
class Size:
    """The numbers of accounts, turns, cards and mates of a server."""

    accounts: int
    answers: int
    cards: int
    mates: int


@dataclass(frozen=True)
class Stage:
    """A database of a size, with a browser of a beheerder who also leads a team."""

    database: Database
    browser: FlaskClient


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--cards", type=int, default=250)
    parser.add_argument("--mates", type=int, default=300)
    options = parser.parse_args()
    large = Size(options.accounts, options.answers, options.cards, options.mates)
    with tempfile.TemporaryDirectory(prefix="kopkrakers-size-") as folder:
        stages = []
        for name, size in (("klein", Size(400, 10_000, 53, 12)), ("groot", large)):
            here = Path(folder) / name
            here.mkdir()
            with CONSOLE.status(f"{name}: filling the database"):
                stages.append(build(here, size))
        rows = list(pages(*stages))
        rows.append(closing(stages[1].database, options.accounts))
    show(f"{large} beside {Size(400, 10_000, 53, 12)}", rows)


def build(folder: Path, size: Size) -> Stage:
    """Fill a database with so much of everything."""
    os.environ.update(environment(folder, f"sqlite:///{folder / 'size.db'}"))
    os.environ["KOPKRAKERS_CARDS_DIR"] = str(copies(folder / "kaarten", size.cards))
    app = create_app()
    kept: AppState = app.extensions["kopkrakers"]
    migrate(kept.database)
    with kept.database.transaction() as session:
        gemeente = add_gemeente(session, "Zaanstad")
        team = add_team(session, gemeente, "Team Noord")
        add_people(session, gemeente, size.accounts - size.mates)
        for number in range(size.mates):
            add_person(session, f"Collega {number}", gemeente, team, Role.KLANTMANAGER)
        roles = (Role.KLANTMANAGER, Role.BEHEERDER, Role.BEGELEIDER)
        reader = add_person(session, "Anna de Vries", gemeente, team, *roles)
    counter = make_counter(kept.settings, kept.database, kept.library)
    tick(counter, kept.library, datetime.now(UTC) - timedelta(hours=1))
    with kept.database.transaction() as session:
        publish(session, kept)
        use_turns(session, size.answers)
    return Stage(kept.database, browser_of(app, reader))


def copies(folder: Path, how_many: int) -> Path:
    """Copy our cards to a folder, under other names as often as needed; gives the folder."""
    folder.mkdir()
    ours = asset_folder("dilemmas")
    for other in ours.iterdir():
        if other.suffix != ".md" and other.is_file():
            shutil.copy(other, folder)
    cards = sorted(path for path in ours.glob("*.md") if path.read_text().startswith("---"))
    for number, card in enumerate(islice(cycle(cards), how_many)):
        copy = number // len(cards)
        name = card.name if copy == 0 else f"{card.stem}-{copy}.md"
        shutil.copy(card, folder / name)
    return folder


def publish(session: Session, kept: AppState) -> None:
    """Open an edition of every card that has none yet, the day before."""
    known = last_editions(session)
    for slug, card in kept.library.cards().items():
        if slug not in known:
            open_first_edition(session, card, kept.today() - timedelta(days=1))


def use_turns(session: Session, how_many: int) -> None:
    """Let turns be used on all open editions: of nobody, for a pseudonym says nothing else."""
    editions = [
        {"dilemma": slug, "edition": one.number} for slug, one in last_editions(session).items()
    ]
    rows = []
    for edition in islice(cycle(editions), how_many):
        rows.append(edition | {"pseudonym": token_hex(16), "state": Turn.IN_BOX})
        if len(rows) == AT_ONCE:
            session.execute(insert(PARTICIPATION), rows)
            rows = []
    if rows:
        session.execute(insert(PARTICIPATION), rows)


def pages(small: Stage, large: Stage) -> Iterator[tuple[str, str, str]]:
    """Yield a row for each page: both times, their ratio, and what the large one weighs."""
    for name, (path, goal) in PAGES.items():
        taken: dict[str, list[float]] = {"small": [], "large": []}
        weight = 0
        for _round in range(ROUNDS):
            for which, stage in (("small", small), ("large", large)):
                spent, weight = ask(stage.browser, path)
                taken[which].append(spent)
        before, after = (statistics.median(taken[which]) for which in ("small", "large"))
        measured = (
            f"{before:.2f} and {after:.2f} ms: × {after / before:.2f}; {weight / 1000:.1f} KB"
        )
        yield f"{name}, small and large", measured, goal


def ask(browser: FlaskClient, path: str) -> tuple[float, int]:
    """Return the milliseconds of processor of one page, and its bytes as they are sent."""
    begin = time.process_time()
    answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
    spent = (time.process_time() - begin) * 1000
    assert answer.status_code == 200, (path, answer.status)
    return spent, len(answer.data)


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
