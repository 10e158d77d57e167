"""Whether a distribution stays as fast to read when the land has answered ten million times."""

import statistics
import time

from sqlalchemy import insert

from kopkrakers.answers.figures import result_of
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from kopkrakers.migrations.run import migrate
from kopkrakers.tallies.models import TALLY
from tests.support.signed_totals import sign_by_hand

KEYS = Keys(b"g" * 32)

OPTIONS = ("a", "b", "c", "x")
GEMEENTEN = 342
SMALL, LARGE = 1, 250
"""Dilemmas that were counted: 10⁴ answers are one dilemma's, 10⁷ are a year's of every gemeente."""
READS = 400


def growth(small_url: str, large_url: str) -> list[tuple[str, str, str]]:
    """Reading one result among the totals of 10⁷ answers ÷ among those of 10⁴, by turns,
    and the rows that took.
    """
    small, large = Database(small_url), Database(large_url)
    for database, dilemmas in ((small, SMALL), (large, LARGE)):
        migrate(database)
        fill(database, range(dilemmas))
    taken: dict[Database, list[float]] = {small: [], large: []}
    for _turn in range(READS):
        for database in (small, large):
            taken[database].append(seconds_to_read(database))
    ratio = statistics.median(taken[large]) / statistics.median(taken[small])
    small.dispose()
    large.dispose()
    rows = LARGE * (GEMEENTEN + 1) * len(OPTIONS)
    return [(f"a distribution at 10⁷ answers ÷ at 10⁴ ({rows:,} rows)", f"{ratio:.2f}", "≤ 1.2")]


def fill(database: Database, dilemmas: range) -> None:
    """Totals of every gemeente and national ones for these dilemmas, as if counted:
    about 40,000 answers each.
    """
    scopes = ["NL", *(f"g{gemeente}" for gemeente in range(GEMEENTEN))]
    with database.transaction() as session:
        for number in dilemmas:
            rows = [
                {
                    "dilemma": f"groei-{number}",
                    "edition": 1,
                    "scope": scope,
                    "option": option,
                    "n": 30,
                }
                for scope in scopes
                for option in OPTIONS
            ]
            session.connection().execute(insert(TALLY), rows)
    sign_by_hand(database, KEYS)


def seconds_to_read(database: Database) -> float:
    """Return the seconds that one read of the first dilemma's result takes."""
    begin = time.perf_counter()
    with database.reading() as session:
        result_of(session, KEYS, "groei-0", 1, OPTIONS, "g7")
    return time.perf_counter() - begin
