"""An instance that is being used comes over from before its rows were signed: people are counted
on, and the totals that it had are signed once.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text, update

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.macs import sign
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.believing import accounts_that_fail
from kopkrakers.counter.newest.account_chain import HEAD_FILE
from kopkrakers.counter.totals import TOTALS_FILE, total_faults
from kopkrakers.migrations.run import migrate, unmigrate
from kopkrakers.tallies.models import EDITION_MAC, NL, TALLY
from tests.counter.totals.attacks import BOTH, MORE, TEN, count
from tests.support.attacks import Attacker
from tests.support.polling import KEYS, Polling
from tests.support.tally_guard import unhooked

BEFORE_ACCOUNTS = "0005"
BEFORE_TOTALS = "0009"
versions = pytest.mark.parametrize("version", [BEFORE_ACCOUNTS, BEFORE_TOTALS])


@pytest.fixture(autouse=True)
def newest_tables(database: Database, settings: Settings) -> Iterator[None]:
    """Leave the tables as the next test expects them."""
    yield
    migrate(database, settings)


def used_before(attacker: Attacker, settings: Settings, version: str) -> None:
    """Ten were counted and ten wait, in an instance of an earlier version."""
    polling = attacker.polling
    count(attacker, TEN)
    polling.cast_all(MORE, skip=10)
    unmigrate(polling.database, BEFORE_ACCOUNTS)
    sign_pools_as_before(polling)
    migrate(polling.database, settings, revision=version)
    for name in (TOTALS_FILE, HEAD_FILE):
        (polling.counter.folder.folder / name).unlink(missing_ok=True)


def sign_pools_as_before(polling: Polling) -> None:
    """Their MAC did not cover a digest yet."""
    with polling.database.transaction() as session:
        chosen = text("SELECT dilemma, number, pools FROM edition WHERE pools IS NOT NULL")
        for row in session.execute(chosen).all():
            mac = sign(KEYS, "pools of edition", row.dilemma, row.number, row.pools)
            this = (EDITION.c.dilemma == row.dilemma, EDITION.c.number == row.number)
            session.execute(update(EDITION).where(*this).values(pools_mac=mac))


@versions
def test_what_waits_is_counted_with_what_was(
    attacker: Attacker, settings: Settings, version: str
) -> None:
    used_before(attacker, settings, version)
    polling = attacker.polling
    migrate(polling.database, settings)
    attacker.tick(2)
    assert polling.totals(NL) == BOTH
    assert attacker.refused() == 0
    with polling.database.reading() as session:
        assert accounts_that_fail(session, KEYS) == []
        assert total_faults(polling.counter, session) == {}


@versions
def test_an_account_changed_after_the_upgrade_is_told(
    attacker: Attacker, settings: Settings, version: str
) -> None:
    used_before(attacker, settings, version)
    polling = attacker.polling
    migrate(polling.database, settings)
    person = polling.people[3]
    with polling.database.transaction() as session:
        moved = text('UPDATE "user" SET gemeente_id = :to WHERE id = :id')
        session.execute(moved, {"to": polling.other_gemeente, "id": person})
        assert accounts_that_fail(session, KEYS) == [person]


def test_the_migration_itself_leaves_totals_unsigned(
    attacker: Attacker, settings: Settings
) -> None:
    """It could be made to run again by SQL; the counter's first tick cannot."""
    polling = attacker.polling
    used_before(attacker, settings, BEFORE_TOTALS)
    migrate(polling.database, settings)
    assert attacker.rows(EDITION_MAC) == []
    attacker.tick()
    unmigrate(polling.database, BEFORE_TOTALS)
    with unhooked("someone who writes to the database"):
        attacker.change(TALLY, TALLY.c.option == "a", n=TALLY.c.n + 50)
    migrate(polling.database, settings)
    (polling.counter.folder.folder / HEAD_FILE).unlink(missing_ok=True)
    attacker.tick()
    with polling.database.reading() as session:
        assert len(total_faults(polling.counter, session)) == 1
    assert attacker.rows(EDITION_MAC) == []


def test_accounts_are_not_signed_without_the_settings(
    attacker: Attacker, settings: Settings
) -> None:
    used_before(attacker, settings, BEFORE_ACCOUNTS)
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_SECRET"):
        migrate(attacker.polling.database)
    with attacker.polling.database.reading() as session:
        version = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert version == BEFORE_ACCOUNTS
