"""A clock that jumps: nothing is counted, opened, closed or wiped by it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.last_look import MOST_DAYS
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.cli import main
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.loop import (
    LAST_LOOK,
    keep_looking,
    refuse_a_jump,
    tick,
    tick_by_a_right_clock,
)
from kopkrakers.counter.sessions.quick import QuickJob
from kopkrakers.operations.check import database_faults
from tests.support.clock import MONDAY_MORNING, StoppedClock
from tests.support.running import environment

Looked = tuple[Counter, Library]
SAID = (
    "De klok staat op [0-9]+ [a-z]+ [0-9]{4} om [0-9:]{5}, .* "
    "Er is niets geteld, geopend of gesloten"
)


@pytest.fixture
def looked(database: Database, settings: Settings) -> Looked:
    """A counter that looked on Monday morning."""
    library = Library(settings.cards_dir)
    counter = make_counter(settings, database, library)
    tick(counter, library, MONDAY_MORNING)
    return counter, library


def editions(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return sorted(tuple(row) for row in session.execute(select(EDITION)))


@pytest.mark.parametrize("days", [-9000, -4, 4, 300])
def test_a_clock_that_jumped_changes_nothing(looked: Looked, days: int) -> None:
    counter, library = looked
    before = editions(counter.database)
    keys = sorted(path.name for path in counter.folder.folder.iterdir())
    with pytest.raises(ConfigurationError, match=SAID):
        tick_by_a_right_clock(counter, library, MONDAY_MORNING + timedelta(days=days))
    assert editions(counter.database) == before
    assert sorted(path.name for path in counter.folder.folder.iterdir()) == keys
    assert counter.folder.recall(LAST_LOOK) == MONDAY_MORNING.isoformat()


@pytest.mark.parametrize("days", [-MOST_DAYS, 0, MOST_DAYS])
def test_a_weekend_without_a_counter_is_no_jump(looked: Looked, days: int) -> None:
    counter, library = looked
    tick_by_a_right_clock(counter, library, MONDAY_MORNING + timedelta(days=days))


def test_the_first_look_is_by_any_clock(database: Database, settings: Settings) -> None:
    library = Library(settings.cards_dir)
    tick_by_a_right_clock(make_counter(settings, database, library), library, MONDAY_MORNING)


def until(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        sleep(0.05)
    raise AssertionError("it did not happen")


def test_the_loop_waits_and_goes_on_when_the_clock_is_right_again(looked: Looked) -> None:
    counter, library = looked
    clock, stop, done = StoppedClock(MONDAY_MORNING + timedelta(days=30)), Event(), []

    def job(_counter: Counter, now: datetime) -> int:
        done.append(now)
        return 1

    loop = Thread(target=keep_looking, args=(counter, library, clock, stop, [QuickJob(job)]))
    loop.start()
    try:
        sleep(1)
        assert done == [], "a job of live sessions went on by a wrong clock"
        clock.moment = MONDAY_MORNING
        until(lambda: done)
    finally:
        stop.set()
        clock.moment = MONDAY_MORNING
        loop.join(30)
    assert set(done) == {MONDAY_MORNING}


def test_check_tells_of_the_jump_instead_of_a_stopped_counter(
    looked: Looked, settings: Settings
) -> None:
    counter, _ = looked
    for days in (-40, 40):
        said = database_faults(settings, counter.database, MONDAY_MORNING + timedelta(days=days))
        assert [sentence for sentence in said if "De klok staat op" in sentence] != []
        assert "Start hem" not in str(said)


def call(folder: Path, *arguments: str) -> tuple[int, str]:
    ours = {
        name: value for name, value in environment(folder).items() if name.startswith("KOPKRAKERS_")
    }
    result = CliRunner().invoke(main, arguments, env=ours)
    return result.exit_code, result.output


def test_the_commands_ask_for_yes(tmp_path: Path) -> None:
    assert call(tmp_path, "migrate")[0] == 0
    assert call(tmp_path, "count")[0] == 0
    assert call(tmp_path, "backup", str(tmp_path / "kopie.db"))[0] == 0
    (tmp_path / "sleutels" / LAST_LOOK).write_text(MONDAY_MORNING.replace(year=2020).isoformat())
    code, said = call(tmp_path, "count")
    assert (code, "Typ: kopkrakers count --yes" in said) == (2, True)
    code, said = call(tmp_path, "restore", str(tmp_path / "kopie.db"))
    assert (code, "Typ: kopkrakers restore --yes" in said) == (2, True)
    assert call(tmp_path, "restore", str(tmp_path / "kopie.db"), "--yes")[0] == 0
    (tmp_path / "sleutels" / LAST_LOOK).write_text(MONDAY_MORNING.replace(year=2020).isoformat())
    assert call(tmp_path, "count", "--yes")[0] == 0
    assert call(tmp_path, "count")[0] == 0


def test_what_is_said_names_both_times_as_they_are_here(looked: Looked) -> None:
    counter, _ = looked
    both = "op 1 juli 2027 om 14:00, .* op 23 november 2026 om 09:00"
    with pytest.raises(ConfigurationError, match=both):
        refuse_a_jump(counter.folder, MONDAY_MORNING.replace(year=2027, month=7, day=1, hour=12))
