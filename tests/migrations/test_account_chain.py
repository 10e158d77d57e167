"""An installation from before the chain comes over: all go on, and no forgery is signed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update

from kopkrakers.accounts.models import INVITATION, USER
from kopkrakers.accounts.service import visitor_of
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError, NotAllowed
from kopkrakers.base.macs import sign
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.migrations.run import migrate, unmigrate
from kopkrakers.operations.check import changed_accounts
from tests.support.clock import StoppedClock
from tests.support.world import ROW_KEYS, World


@pytest.fixture(autouse=True)
def newest_tables(database: Database, settings: Settings) -> Iterator[None]:
    """Leave the tables as the next test expects them."""
    yield
    migrate(database, settings)


@pytest.fixture
def before(database: Database, world: World, clock: StoppedClock) -> World:
    """The world as it was before: a MAC over less, no chain, an open invitation without a MAC."""
    with database.transaction() as session:
        row = {
            "id": 1,
            "token_hash": "h",
            "kind": "personal",
            "gemeente_id": world.zaanstad,
            "email": "nieuw@voorbeeld.nl",
            "name": "Nieuw",
            "roles": "klantmanager",
            "expires_at": clock() + timedelta(days=3),
            "mailed": True,
        }
        session.execute(insert(INVITATION), row)
    unmigrate(database, "0010")
    with database.transaction() as session:
        for user in session.execute(text('SELECT * FROM "user"')).all():
            fields = ("account", user.id, user.gemeente_id, user.address_hmac, 1, "")
            values = {"mac": sign(ROW_KEYS, *fields)}
            session.execute(update(USER).where(USER.c.id == user.id).values(**values))
    return world


def test_accounts_hold_after_the_upgrade_and_open_links_are_withdrawn(
    database: Database, settings: Settings, before: World
) -> None:
    migrate(database, settings)
    counter = make_counter(settings, database, Library(settings.cards_dir))
    assert list(changed_accounts(counter, StoppedClock()())) == []
    with database.reading() as session:
        assert visitor_of(session, before.farid.id, ROW_KEYS).roles == {"beheerder"}
        link = session.execute(INVITATION.select()).one()
    assert (link.ended, link.email, link.mac) == ("withdrawn", None, None)


def test_an_account_made_by_sql_before_is_not_signed_on_the_way(
    database: Database, settings: Settings, before: World
) -> None:
    with database.transaction() as session:
        session.execute(update(USER).where(USER.c.id == before.bram.id).values(gemeente_id=2))
    migrate(database, settings)
    counter = make_counter(settings, database, Library(settings.cards_dir))
    (said,) = changed_accounts(counter, StoppedClock()())
    assert f"account {before.bram.id}." in said
    with pytest.raises(NotAllowed), database.reading() as session:
        visitor_of(session, before.bram.id, ROW_KEYS)


def test_without_the_settings_nothing_is_changed(database: Database, before: World) -> None:
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_SECRET"):
        migrate(database)
    with database.reading() as session:
        assert len(session.execute(text('SELECT mac FROM "user"')).all()) == 6
