"""What cards of the desk cost: 250 cards in files, beside 100 in files and 150 in the database.

    python -m tests.benchmarks.desk 20

Processor of one process per page, by turns in one run, each look at the cards among it. For each
block of turns the ratio; printed are its lowest, median and highest.
"""

import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.base import logs
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import open_first_edition
from kopkrakers.catalogue.library import Library, library_of
from kopkrakers.desk.editor.service import take_over_file
from tests.support.clock import StoppedClock
from tests.support.databases import making
from tests.support.world import browser_of, make_world

CARDS, AT_DESK = 250, 150
TURNS = {"archive": 40, "card": 200}
"""Requests of each kind in a block: seconds, so that looks at the cards come in as on a server."""
OPENED = date(2026, 11, 20)
REAL = Path(__file__).parents[2] / "dilemmas"


@dataclass(frozen=True)
class Kept:
    """An instance, and what it takes to read its cards again."""

    browser: FlaskClient
    library: Library

    def seconds(self, address: str) -> float:
        """Return the seconds of processor that a page takes."""
        begin = time.process_time()
        status = self.browser.get(address).status_code
        taken = time.process_time() - begin
        assert status == 200
        return taken

    def seconds_to_look(self) -> float:
        """Return the seconds of processor that a look at unchanged cards takes."""
        self.library._reread_at = 0
        begin = time.process_time()
        self.library.cards()
        return time.process_time() - begin


def main() -> None:
    """Measure and print."""
    blocks = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    logs.configure("error")
    with tempfile.TemporaryDirectory(prefix="kopkrakers-bench-") as folder:
        cards = many_cards(Path(folder) / "kaarten")
        files = instance(Path(folder) / "files", cards, at_desk=0)
        desk = instance(Path(folder) / "desk", cards, at_desk=AT_DESK)
        slug = sorted(files.library.cards())[3]
        for what, address in (("archive", "/archief"), ("card", f"/dilemma/{slug}")):
            found = sorted(ratio(files, desk, address, TURNS[what]) for _block in range(blocks))
            middle = statistics.median(found)
            print(f"{what}: {middle:.3f} ({found[0]:.3f} to {found[-1]:.3f}), goal 1.05 at most")
        for name, kept in (("files", files), ("desk", desk)):
            looks = statistics.median(kept.seconds_to_look() for _turn in range(200))
            print(f"a look, {name}: {looks * 1000:.2f} ms of processor")


def many_cards(folder: Path) -> Path:
    """Return a folder with `CARDS` cards: those of the product, some of them again."""
    shutil.copytree(REAL, folder)
    real = sorted(folder.glob("*.md"))
    for number in range(CARDS - len(real)):
        again = real[number % len(real)]
        text = again.read_text(encoding="utf-8")
        (folder / f"{again.stem[:60]}-{number}.md").write_text(text, encoding="utf-8")
    return folder


def instance(folder: Path, cards: Path, *, at_desk: int) -> Kept:
    """Return an instance in which every card was shown, so many of them kept by the desk."""
    folder.mkdir()
    keys = folder / "sleutels"
    keys.mkdir(mode=0o700)
    template = folder / "leeg"
    template.mkdir()
    settings = Settings(
        database_url=making.copy_sqlite(making.sqlite_template(template), folder),
        secret="s" * 40,  # type: ignore[arg-type]
        key_dir=keys,
        operator="andere-partij",  # type: ignore[arg-type]
        cards_dir=cards,
    )
    with Database(settings.database_url) as database:
        library = library_of(cards, database)
        slugs = sorted(library.cards())
        with database.transaction() as session:
            anna = make_world(session).anna
            for slug in slugs:
                open_first_edition(session, library.cards()[slug], OPENED)
            for slug in slugs[:at_desk]:
                take_over_file(session, library, slug, by=None, today=OPENED)
    app = create_app(settings, clock=StoppedClock())
    return Kept(browser_of(app, anna), app.extensions["kopkrakers"].library)


def ratio(files: Kept, desk: Kept, address: str, turns: int) -> float:
    """Return the processor of a page where cards are at the desk ÷ where all are files."""
    taken = {True: 0.0, False: 0.0}
    for turn in range(turns):
        # whoever comes second finds warm what both use
        for is_desk in (turn % 2 == 0, turn % 2 == 1):
            kept = desk if is_desk else files
            taken[is_desk] += kept.seconds(address)
    return taken[True] / taken[False]


if __name__ == "__main__":
    main()
