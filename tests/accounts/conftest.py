"""People with passwords, and an application with a real mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update
from sqlmodel import col

from kopkrakers.accounts import passwords
from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import Change, User
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD
from tests.support.world import ROW_KEYS, World, browser_of

QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture
def real_hashes() -> None:
    """Hash as in production, where the cost itself is looked at."""


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id too, but of less work."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_HASHER", QUICK)
        monkeypatch.setattr(passwords, "_OF_NOBODY", QUICK.hash("niemand"))


@pytest.fixture
def mail_app(mail_settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(mail_settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def farid(app: Flask, world: World) -> FlaskClient:
    """A beheerder's browser."""
    return browser_of(app, world.farid)


@pytest.fixture
def with_passwords(database: Database, world: World) -> World:
    """The world, in which everyone has the same password."""
    with database.transaction() as session:
        session.execute(update(User).values(password_hash=passwords.hash_password(PASSWORD)))
        ids = session.execute(select(col(User.id))).scalars().all()
        record_change(session, ROW_KEYS, ids, Change.PASSWORD)
    return world


@pytest.fixture
def shell(settings: Settings, key_dir: Path) -> Shell:
    """The command, for a folder of keys of its own."""
    return Shell(settings, KOPKRAKERS_KEY_DIR=str(key_dir))
