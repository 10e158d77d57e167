"""Whether a distribution stays as fast to read when the land has answered ten million times."""

import statistics
import time

from sqlalchemy import insert

from kopkrakers.answers.service import TALLY, result_of
from kopkrakers.db import Database

OPTIONS = ("a", "b", "c", "x")
GEMEENTEN = 342
SMALL, LARGE = 1, 250
"""Dilemmas that were counted: 10⁴ answers are one dilemma's, 10⁷ are a year's of every gemeente."""
READS = 400


def growth(url: str) -> list[tuple[str, str, str]]:
    """Reading one result among the totals of 10⁷ answers ÷ among those of 10⁴, and the rows that took."""
    database = Database(url)
    fill(database, range(SMALL))
    small = seconds_to_read(database)
    fill(database, range(SMALL, LARGE))
    large = seconds_to_read(database)
    database.dispose()
    rows = LARGE * (GEMEENTEN + 1) * len(OPTIONS)
    return [(f"a distribution at 10⁷ answers ÷ at 10⁴ ({rows:,} rows)", f"{large / small:.2f}", "≤ 1.2")]


def fill(database: Database, dilemmas: range) -> None:
    """Totals of every gemeente and the land for these dilemmas, as if counted: about 40,000 answers each."""
    with database.transaction() as session:
        for number in dilemmas:
            rows = [
                {"dilemma": f"groei-{number}", "edition": 1, "scope": scope, "option": option, "n": 30}
                for scope in ("NL", *(f"g{gemeente}" for gemeente in range(GEMEENTEN)))
                for option in OPTIONS
            ]
            session.connection().execute(insert(TALLY), rows)


def seconds_to_read(database: Database) -> float:
    """The median of many reads of the first dilemma's result, after some to warm up."""
    taken = []
    for turn in range(READS):
        begin = time.perf_counter()
        with database.reading() as session:
            result_of(session, "groei-0", 1, OPTIONS, 7)
        if turn >= READS // 4:
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken)
