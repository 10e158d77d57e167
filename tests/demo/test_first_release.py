"""The demo's onderzoeker finds a release that says it is invented."""

from pathlib import Path
from threading import Event

import pytest

from kopkrakers.base.db import Database
from kopkrakers.demo import first_release
from kopkrakers.demo.people import TEAMS, make_people
from kopkrakers.demo.settings import demo_settings, environment
from kopkrakers.migrations.run import migrate
from kopkrakers.research.release.describe import INVENTED
from kopkrakers.research.release.releases import latest_number
from tests.research.small import bytes_of, files_in

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The people of a demo and its settings in the environment, as its other process has them."""
    settings = demo_settings(tmp_path, host="127.0.0.1", port=1)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(first_release, "PAUSE", 0.0)
    database = Database(settings.database_url)
    migrate(database)
    with database.transaction() as session:
        make_people(session, settings, TEAMS)
    return database


def test_one_release_is_made_and_says_that_it_is_invented(demo: Database) -> None:
    for _ in range(2):
        first_release.keep_trying(demo, Event())
    assert INVENTED in files_in(bytes_of(demo))["README.md"].decode()
    with demo.reading() as session:
        assert latest_number(session) == 1


def test_without_what_it_needs_the_demo_goes_on_without(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_release, "LOOKS", 3)
    monkeypatch.setattr(first_release, "NEEDED", ("not_installed_here",))
    first_release.keep_trying(demo, Event())
    with demo.reading() as session:
        assert latest_number(session) is None
