"""What a release costs, and its tables beside a plain dump by sqlite3 and csv of the same cells.

    python -m tests.benchmarks.export 25
    python -m tests.benchmarks.export 250

Each size in a process of its own, for the peak of memory is a process's. Totals are written
straight into the tables: every gemeente has its own for every dilemma, the most cells that there
can be.

Counted on our side is the road that a release itself takes to its CSV files, in seconds of
processor: `read_state` (one consistent view, and the cards as they were counted), `read_earlier`,
`make_tables` (every number released, every table of an attribute audited) and `csv_bytes` (every
text protected). Not counted are Parquet, SPSS, texts, zip and keeping it; the line `release` has
all of that. The plain dump reads the same totals from the same file with nothing done to them, in
fewer columns: no percentages, no bounds.
"""

import csv
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from random import Random

from sqlalchemy import insert, update

from kopkrakers.accounts.models import Gemeente
from kopkrakers.answers.rules import Attribute
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.migrations.run import migrate
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS, EXPERIENCES
from kopkrakers.research.protected.earlier import read_earlier
from kopkrakers.research.reading import read_state
from kopkrakers.research.release.files import csv_bytes
from kopkrakers.research.release.releases import make_release
from kopkrakers.research.release.tables import make_tables
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, SHIFT_TALLY, TALLY
from tests.research.small import ORIGIN
from tests.support.signed_totals import sign_by_hand
from tests.support.world import ROW_KEYS

GEMEENTEN = 342
TURNS = 5
TODAY = date(2026, 11, 23)
CARDS = Path(__file__).parents[2] / "dilemmas"
CHOICES = """SELECT t.dilemma, t.edition, g.name, t.option, t.n FROM tally t
LEFT JOIN gemeente g ON g.id = CAST(t.scope AS INTEGER)
ORDER BY t.dilemma, t.edition, g.name, t.option"""
ATTRIBUTES = """SELECT dilemma, edition, attribute, value, option, n FROM attribute_tally
ORDER BY dilemma, edition, attribute, option, value"""


def main(dilemmas: int) -> None:
    """Measure one size and say it, a line each."""
    with tempfile.TemporaryDirectory(prefix="kopkrakers-export-") as folder:
        path, library = Path(folder) / "export.db", Library(CARDS)
        database = Database(f"sqlite:///{path}")
        migrate(database)
        chance = Random(1)
        editions = fill_choices(database, library, dilemmas, chance)
        say("exact tables ÷ plain dump", ratio(database, library, path, CHOICES))
        fill_attributes(database, editions, chance)
        say(
            "all tables, protected, ÷ plain dump",
            ratio(database, library, path, CHOICES, ATTRIBUTES),
        )
        release("release", database, library, path, TODAY)
        grow(database)
        say(
            "all tables of a second release ÷ plain dump",
            ratio(database, library, path, CHOICES, ATTRIBUTES),
        )
        release("second release", database, library, path, TODAY + timedelta(weeks=5))
        database.dispose()


def say(what: str, how_much: str) -> None:
    """Print a line of the report."""
    print(f"{what}: {how_much}", flush=True)


def release(what: str, database: Database, library: Library, path: Path, day: date) -> None:
    """Make a release and say what it took, with all that is in one."""
    cells, begin, used = rows_in(path), time.monotonic(), time.process_time()
    made = make_release(database, library, ROW_KEYS, ORIGIN, day, lambda _done, _all: None)
    seconds, waited = time.process_time() - used, time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        what,
        f"{cells} cells, {seconds:.1f} s of processor, {waited:.1f} s waited, peak {peak:.0f} MB",
    )
    say("dataset", f"{made.size} bytes; database {path.stat().st_size} bytes")


def ratio(database: Database, library: Library, path: Path, *queries: str) -> str:
    """Seconds of processor of the product's CSV files ÷ of a plain dump, by turns;
    median, lowest, highest.
    """
    found = []
    for _turn in range(TURNS):
        ours = seconds(lambda: every_csv(database, library))
        found.append(ours / seconds(lambda: [plain_dump(path, query) for query in queries]))
    return f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


def seconds(act: Callable[[], object]) -> float:
    """Seconds of processor that something takes."""
    begin = time.process_time()
    act()
    return time.process_time() - begin


def every_csv(database: Database, library: Library) -> list[bytes]:
    """The CSV part of a dataset: read, protected, written."""
    with database.snapshot() as session:
        state, earlier = (
            read_state(session, library, ROW_KEYS, TODAY, lambda _done, _all: None),
            read_earlier(session),
        )
    return [csv_bytes(table.spec, table.rows) for table in make_tables(state, earlier)]


def plain_dump(path: Path, query: str) -> bytes:
    """The same cells with nothing done to them."""
    with sqlite3.connect(path) as connection:
        text = StringIO()
        csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(
            connection.execute(query)
        )
    return text.getvalue().encode()


def rows_in(path: Path) -> int:
    """Cells of totals."""
    with sqlite3.connect(path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
            for t in ("tally", "attribute_tally", "shift_tally")
        ]
    return sum(counts)


def fill_choices(
    database: Database, library: Library, dilemmas: int, chance: Random
) -> list[tuple[str, int, Card]]:
    """Gemeenten, editions of the real cards, and totals of the land and every gemeente."""
    cards = sorted(library.cards().items())
    editions = [(*cards[place % len(cards)], 1 + place // len(cards)) for place in range(dilemmas)]
    found = [(slug, number, card) for slug, card, number in editions]
    with database.transaction() as session:
        session.add_all(
            Gemeente(id=place, name=f"Gemeente {place}") for place in range(1, GEMEENTEN + 1)
        )
        session.flush()
        for slug, number, card in found:
            session.connection().execute(insert(EDITION), edition_row(slug, number, card))
            scopes = [NL, *(str(place) for place in range(1, GEMEENTEN + 1))]
            which = {"dilemma": slug, "edition": number}
            rows = [
                which | {"scope": scope, "option": option, "n": chance.randrange(3, 300)}
                for scope in scopes
                for option in card.option_codes
            ]
            session.connection().execute(insert(TALLY), rows)
    sign_by_hand(database)
    return found


def edition_row(slug: str, number: int, card: Card) -> dict[str, object]:
    """An edition as if it ran some weeks ago."""
    source = (CARDS / f"{slug}.md").read_text(encoding="utf-8")
    row = {
        "dilemma": slug,
        "number": number,
        "card_edition": card.edition,
        "digest": card.digest,
        "source": source,
    }
    days = {"opens_on": TODAY - timedelta(weeks=9), "closes_on": TODAY + timedelta(weeks=17)}
    return row | days | {"frozen": False, "settled": False, "part_not_counted": False}


def fill_attributes(
    database: Database, editions: list[tuple[str, int, Card]], chance: Random
) -> None:
    """Totals of every attribute of every edition, and of choices that changed after talking.

    With cells of every size, small ones as well: those are what the look takes its time for.
    """
    with database.transaction() as session:
        for slug, number, card in editions:
            which = {"dilemma": slug, "edition": number}
            rows = [
                which | {"attribute": attribute, "value": value, "option": option, "n": n}
                for attribute, values in values_of(card).items()
                for value in values
                for option, n in counted(chance, card.option_codes)
            ]
            session.connection().execute(insert(ATTRIBUTE_TALLY), rows)
            pairs = [
                which | {"before": before, "after": after, "n": n}
                for before in card.option_codes
                for after, n in counted(chance, card.option_codes)
            ]
            session.connection().execute(insert(SHIFT_TALLY), pairs)
    sign_by_hand(database)


def values_of(card: Card) -> dict[Attribute, Sequence[str]]:
    """The values of every attribute that people can give on a card."""
    return {
        Attribute.CONSIDERATION: tuple(CONSIDERATIONS),
        Attribute.CERTAINTY: tuple(CERTAINTIES),
        Attribute.EXPECTED: card.option_codes[:-1],
        Attribute.EXPERIENCE: tuple(EXPERIENCES),
    }


def counted(chance: Random, options: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Numbers of people of which the largest is not nearly all, as every group that is counted."""
    common = chance.sample(options, 2)
    for option in options:
        most = 300 if option in common else chance.choice((6, 6, 40, 300))
        yield option, chance.randrange(3 if option in common else 0, most)


def grow(database: Database) -> None:
    """Let the totals of every attribute grow,
    so that a second release looks at every table beside the first.
    """
    with database.transaction() as session:
        session.connection().execute(
            update(ATTRIBUTE_TALLY).values(n=ATTRIBUTE_TALLY.c.n + ATTRIBUTE_TALLY.c.n % 41)
        )
        session.connection().execute(
            update(SHIFT_TALLY).values(n=SHIFT_TALLY.c.n + SHIFT_TALLY.c.n % 7)
        )
    sign_by_hand(database)


if __name__ == "__main__":
    main(int(sys.argv[1]))
