"""Simulates working days as the demo does, for any number of people, gemeenten and days."""

from bisect import bisect
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, func, inspect, literal, select

from kopkrakers.accounts.models import Gemeente, User
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import Database, table
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.progress import Progress
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.editions.working_days import working_days
from kopkrakers.counter.loop import tick
from kopkrakers.demo.simulation.living import PlannedAnswer, live_day
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.weeks import joining
from kopkrakers.tallies.models import NL, TALLY

DAYS_PER_WORKING_DAY = 2
"""Calendar days per working day; with `SPARE_DAYS` enough for the holidays."""
SPARE_DAYS = 30
MUST_BE_EMPTY = (table(User), table(Gemeente), EDITION, TALLY)
NOT_EMPTY = (
    "There are people or answers in this database. A simulation only starts in an empty one."
)


@dataclass(frozen=True)
class SimulatedCounts:
    """Numbers of simulated answers: put in the box, and counted in the national totals."""

    cast: int
    counted: int
    bytes: int


def refuse_unless_empty(database: Database) -> None:
    """Never mix invented people with real ones. Reads only; the tables need not be there yet.

    Raises: ConfigurationError when there is anybody or anything.
    """
    with database.reading() as session:
        connection = session.connection()
        there = inspect(connection).get_table_names()
        tables = [table for table in MUST_BE_EMPTY if table.name in there]
        for table in tables:
            any_row = select(literal(1)).select_from(table).limit(1)
            if connection.execute(any_row).first():
                raise ConfigurationError(NOT_EMPTY)


def live_year(
    stage: Stage, now: datetime, *, days: int, part: float, seed: int, progress: Progress
) -> SimulatedCounts:
    """Live through so many working days before today; this part of the people answers each one.

    What somebody would answer after today is not given.
    """
    today = amsterdam_day(now)
    before = DAYS_PER_WORKING_DAY * days + SPARE_DAYS
    worked = list(working_days(today - timedelta(days=before), before))[-days:]
    people, chance, cast = stage.everyone(), Random(seed), 0
    waiting: list[PlannedAnswer] = []
    for step in range((today - worked[0]).days):
        day = worked[0] + timedelta(days=step)
        progress(bisect(worked, day), days)
        plan = joining(stage, people, part=part, chance=chance)
        cast += live_day(stage, day, waiting, plan=plan)
    tick(stage.counter, stage.library, now)
    progress(days, days)
    with stage.database.reading() as session:
        connection = session.connection()
        counted = connection.execute(
            select(func.sum(TALLY.c.n)).where(TALLY.c.scope == NL)
        ).scalar()
        return SimulatedCounts(cast, int(counted or 0), _bytes(connection))


def _bytes(connection: Connection) -> int:
    """Return the bytes that the database takes."""
    if connection.dialect.name == "postgresql":
        return int(
            connection.execute(select(func.pg_database_size(func.current_database()))).scalar_one()
        )
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    page_bytes = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return int(pages * page_bytes)
