"""The counter's process: from calendar to count, restarts, nights, and refusing to run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from kopkrakers.answers.ready import gemeenten_without_boxes
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.ballots.models import BallotBox, Envelope
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.operations.check import box_faults
from kopkrakers.tallies.models import Tally
from tests.support.cards import open_editions
from tests.support.voters import voter_of
from tests.support.world import add_gemeente, add_people

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def tick_once(database: Database, settings: Settings, moment: datetime) -> int:
    library = Library(settings.cards_dir)
    return tick(make_counter(settings, database, library), library, moment)


@pytest.fixture
def open_day(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        gemeente = add_gemeente(session, "Zaanstad")
        add_people(session, gemeente, 25)
    tick_once(database, settings, MONDAY)


def cast(database: Database, settings: Settings, options: str, gemeente_id: int = 1) -> None:
    with database.transaction() as session:
        edition = open_editions(session, MONDAY.date())[-1]
        for person, option in enumerate(options, start=1):
            cast_answer(
                session,
                Vote(
                    voter=voter_of(settings, person),
                    gemeente_id=gemeente_id,
                    dilemma=edition.dilemma,
                    edition=edition.number,
                    answer=Answer(option, "w"),
                ),
                today=MONDAY.date(),
                mac_keys=mac_keys(settings),
            )


def counted(database: Database) -> int:
    with database.reading() as session:
        return sum(row.n for row in session.exec(select(Tally).where(Tally.scope == "NL")))


@pytest.mark.usefixtures("open_day")
def test_a_first_tick_opens_todays_dilemma_with_boxes_ready(
    database: Database, settings: Settings
) -> None:
    cast(database, settings, "aab")
    with database.reading() as session:
        assert [edition.opens_on for edition in open_editions(session, MONDAY.date())] == [
            MONDAY.date()
        ]


@pytest.mark.usefixtures("open_day")
def test_ten_answers_are_counted_at_the_second_look(database: Database, settings: Settings) -> None:
    cast(database, settings, "aaaaabbbcc")
    tick_once(database, settings, MONDAY + QUARTER)
    assert counted(database) == 0
    tick_once(database, settings, MONDAY + 2 * QUARTER)
    assert counted(database) == 10


@pytest.mark.usefixtures("open_day")
def test_a_restart_does_not_shorten_the_time_to_take_back(
    database: Database, settings: Settings
) -> None:
    cast(database, settings, "aaaaabbbcc")
    for minutes in (15, 16, 17, 18, 29):
        tick_once(database, settings, MONDAY + timedelta(minutes=minutes))
    assert counted(database) == 0


@pytest.mark.usefixtures("open_day")
def test_a_foreign_key_folder_stops_the_counter_and_deletes_nothing(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    cast(database, settings, "aaaaabbbcc")
    foreign = tmp_path / "andere"
    foreign.mkdir(mode=0o700)
    (foreign / "instance").write_text("f" * 32)
    elsewhere = settings.model_copy(update={"key_dir": foreign})
    with pytest.raises(ConfigurationError, match="andere database"):
        tick_once(database, elsewhere, MONDAY + QUARTER)
    tick_once(database, settings, MONDAY + QUARTER)
    tick_once(database, settings, MONDAY + 2 * QUARTER)
    assert counted(database) == 10


@pytest.mark.usefixtures("open_day")
def test_an_edition_that_has_had_its_weeks_is_settled(
    database: Database, settings: Settings
) -> None:
    cast(database, settings, "aaab")
    tick_once(database, settings, MONDAY + timedelta(weeks=26))
    with database.reading() as session:
        assert all(
            edition.opens_on > MONDAY.date()
            for edition in open_editions(session, (MONDAY + timedelta(weeks=26)).date())
        )
    assert counted(database) == 0


@pytest.mark.parametrize("mode", [0o755, 0o750])
def test_a_key_folder_that_others_can_read_is_refused(
    database: Database, settings: Settings, mode: int
) -> None:
    assert settings.key_dir is not None
    settings.key_dir.chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 700"):
        tick_once(database, settings, MONDAY)


@pytest.mark.usefixtures("open_day")
def test_a_gemeente_that_was_just_added_votes_nationally_without_waiting_for_a_tick(
    database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        add_people(session, add_gemeente(session, "Heerlen"), 30)
    with database.reading() as session:
        assert gemeenten_without_boxes(session, MONDAY.date()) == []
    cast(database, settings, "a", gemeente_id=2)
    with database.reading() as session:
        waiting = select(BallotBox.kind).join(Envelope, col(Envelope.box_id) == BallotBox.id)
        assert session.exec(waiting).all() == ["land"]


@pytest.mark.usefixtures("open_day")
@pytest.mark.parametrize("kind", ["land", "gemeente"])
def test_a_gemeente_whose_box_is_gone_cannot_vote_and_is_named(
    database: Database, settings: Settings, kind: str
) -> None:
    with database.transaction() as session:
        session.execute(delete(BallotBox).where(col(BallotBox.kind) == kind))
    with database.reading() as session:
        assert gemeenten_without_boxes(session, MONDAY.date()) == ["Zaanstad"]
    assert any("Zaanstad heeft geen bus" in said for said in box_faults(database, MONDAY))
    tick_once(database, settings, MONDAY + QUARTER)
    with database.reading() as session:
        assert gemeenten_without_boxes(session, MONDAY.date()) == []
