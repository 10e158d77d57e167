"""Real parts for every test: SQLite and PostgreSQL, a clock that is an argument,
a small world of people.
"""

import gc
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.web.cookies import SessionInterface
from tests.quick import TESTS, NotInstalled, is_left_out, is_slow
from tests.support.attacks import Attacker
from tests.support.clock import EVERY_QUARTER, StoppedClock
from tests.support.databases import making
from tests.support.databases.again import written_once
from tests.support.databases.reused import ReusedDatabase
from tests.support.mailbox import Mailbox, mail_server, with_mail
from tests.support.pages import Site, forget_what_was_shown, open_site
from tests.support.polling import Polling, usual_polling
from tests.support.remembering import (
    RememberedRule,
    remember_statements,
    remember_templates,
)
from tests.support.tally_guard import GUARD
from tests.support.world import World, make_world

ASKING_WHO_IS_THERE = {
    "operations",
    "test_foundation.py",
    "test_errors.py",
    "test_cli.py",
    "test_machine.py",
}
"""Folders and files of tests in which the server is asked who else uses the database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="only what is fast and needs no browser, PostgreSQL or large package",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        sys.meta_path.insert(0, NotInstalled())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file out before it is imported; None leaves the question to pytest."""
    if not config.getoption("--quick") or not collection_path.is_relative_to(TESTS):
        return None
    return is_left_out(collection_path) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        slow = [item for item in items if is_slow(item)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def pytest_collection_finish() -> None:
    """Let the garbage collector pass by what is loaded by now, and look up less often:
    it all stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.fixture(scope="session", autouse=True)
def what_was_compiled_is_remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "url_rule_class", RememberedRule)
        remember_templates(patch)
        remember_statements(patch)
        yield


@pytest.fixture(autouse=True)
def applications_go() -> Iterator[None]:
    """The signers of cookies are kept by application,
    and would keep every application of every test.
    """
    yield
    SessionInterface.get_signing_serializer.cache_clear()


@pytest.fixture(autouse=True)
def nothing_was_shown_before() -> None:
    """Every test begins as a new process: releases are remembered by their edition."""
    forget_what_was_shown()


@pytest.fixture(scope="session", autouse=True)
def tally_guard() -> Iterator[None]:
    """Every write to the totals, in every test, is watched."""
    GUARD.install()
    yield
    GUARD.uninstall()


@pytest.fixture(autouse=True)
def totals_are_whole_safe_bundles() -> Iterator[None]:
    """Fails a test in which totals were written in any other way,
    also when the code caught the refusal.
    """
    GUARD.faults.clear()
    yield
    assert not GUARD.faults, GUARD.faults


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one in KOPKRAKERS_TEST_DATABASE_URL, else one from a wheel."""
    with making.postgres_server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    return making.postgres_template(postgres_url)


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str, postgres_template: str) -> Iterator[ReusedDatabase]:
    """The database that the tests use one after the other."""
    reused = ReusedDatabase(postgres_url, postgres_template)
    with pytest.MonkeyPatch.context() as patch:
        reused.kept.install(patch)
        yield reused
        reused.drop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database with every table; each test that uses it runs on both kinds."""
    if request.param == "sqlite":
        yield making.copy_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    reused: ReusedDatabase = request.getfixturevalue("postgres_database")
    reused.kept.are_kept = not ASKING_WHO_IS_THERE & set(request.path.parts)
    if not reused.kept.are_kept:
        reused.leave_nothing_open()
    yield making.on_postgres(reused.url, reused.name)
    reused.empty()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def cards_dir(tmp_path: Path) -> Path:
    """A folder with a few small cards of the tests' own, free to change."""
    return Path(shutil.copytree(Path(__file__).parent / "cards", tmp_path / "dilemmas"))


@pytest.fixture
def key_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "sleutels"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def settings(database_url: str, cards_dir: Path, key_dir: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret="s" * 40,  # type: ignore[arg-type]
        key_dir=key_dir,
        operator="andere-partij",  # type: ignore[arg-type]
        cards_dir=cards_dir,
        moments=EVERY_QUARTER,
    )


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    """Settings with a mail server that runs on this machine."""
    with mail_server(mailbox) as port:
        yield with_mail(settings, port)


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in on."""
    return app.test_client()


@pytest.fixture
def world(database: Database) -> World:
    """Zaanstad and Almere with anna, bram, gerda, chris, dewi and farid."""

    def make() -> World:
        with database.transaction() as session:
            return make_world(session)

    return written_once(make, database, "world")


@pytest.fixture
def site(app: Flask, world: World) -> Site:
    """The product with today's dilemma open, its boxes ready and the personas in it."""
    return open_site(app)


@pytest.fixture
def polling(database: Database, key_dir: Path) -> Polling:
    """One open edition, forty people in each of two gemeenten, and a counter with real keys."""
    return usual_polling(database, key_dir)


@pytest.fixture
def attacker(polling: Polling, tmp_path: Path) -> Attacker:
    """Someone who can write to the database.

    The calendar has no cards, so one edition is all there is.
    """
    empty = tmp_path / "geen-kaarten"
    empty.mkdir()
    return Attacker(polling, Library(empty))
