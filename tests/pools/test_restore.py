"""A backup of before a dilemma opened: it opens once more, and is national only."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.operations.backups import go_on_after_restore
from kopkrakers.privacy.rules import K_POOL
from tests.support.world import add_gemeente, add_people

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def chosen(database: Database) -> list[tuple[int, int | None]]:
    """The number of each edition and the version of its pools, in the order they opened."""
    statement = select(EDITION.c.number, EDITION.c.pools).order_by(EDITION.c.opens_on)
    with database.reading() as session:
        return [(row.number, row.pools) for row in session.execute(statement)]


@pytest.fixture
def of_before(database: Database) -> Database:
    """A database as it was before the dilemma of today opened, with a gemeente of its own size."""
    with database.transaction() as session:
        add_people(session, add_gemeente(session, "Zaanstad"), K_POOL)
    return database


def test_what_opened_after_the_backup_opens_again_without_pools(
    of_before: Database, settings: Settings
) -> None:
    """Nine who answer again, and one who does not: the two totals would differ by that one."""
    go_on_after_restore(settings, of_before, MONDAY)
    assert chosen(of_before) == [(1, 0)]
    library = Library(settings.cards_dir)
    tick(make_counter(settings, of_before, library), library, MONDAY + timedelta(days=1))
    assert [pools for _, pools in chosen(of_before)] == [0, 1]


def test_without_a_restore_it_has_pools(of_before: Database, settings: Settings) -> None:
    library = Library(settings.cards_dir)
    tick(make_counter(settings, of_before, library), library, MONDAY)
    assert chosen(of_before) == [(1, 1)]
