"""What a new instance begins with: its first days, and starters in the archive."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.editions.beginning import Beginning, read_beginning
from kopkrakers.catalogue.library import Library
from tests.catalogue.editions.planning import days_of, plan, shown
from tests.support.cards import Change, open_editions, tick, tick_at_once

MONDAY = date(2026, 11, 23)
BEGIN = "eerste_dagen: [tweede-kans, een-plek]\nplank: [paar-uur]\n"


def begin_with(cards_dir: Path, text: str = BEGIN) -> None:
    (cards_dir / "begin.yaml").write_text(text, encoding="utf-8")


def in_archive(database: Database, library: Library, today: date) -> set[str]:
    with database.reading() as session:
        return {entry.card.slug for entry in archive(session, library, today)}


def test_the_first_working_days_follow_the_list(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir)
    planned = list(plan(database, library, MONDAY).values())
    assert planned[:2] == ["tweede-kans", "een-plek"]


def test_the_starters_are_open_in_the_archive_from_day_one(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir)
    tick(database, library, MONDAY)
    assert in_archive(database, library, MONDAY) == {"tweede-kans", "paar-uur"}
    with database.reading() as session:
        opened = {edition.dilemma: edition.opens_on for edition in open_editions(session, MONDAY)}
    assert opened == {"tweede-kans": MONDAY, "paar-uur": MONDAY}
    assert shown(database, MONDAY) == "tweede-kans"


def test_a_starter_gets_its_own_day_after_the_cards_nobody_saw(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir, "eerste_dagen: []\nplank: [paar-uur, een-plek]\n")
    planned = list(plan(database, library, MONDAY).values())
    assert set(planned[:2]) == {"tweede-kans", "samen-thuis"}


def test_a_tick_later_and_a_day_later_nothing_more_opens(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir)
    tick(database, library, MONDAY)
    before = days_of(database)
    tick(database, library, MONDAY)
    tick(database, library, MONDAY + timedelta(days=1))
    assert before.items() <= days_of(database).items()
    assert in_archive(database, library, MONDAY + timedelta(days=1)) == {
        "tweede-kans",
        "een-plek",
        "paar-uur",
    }


def test_an_instance_with_history_is_not_touched(
    database: Database, library: Library, cards_dir: Path
) -> None:
    tick(database, library, MONDAY)
    before, open_before = days_of(database), in_archive(database, library, MONDAY)
    begin_with(cards_dir)
    tick(database, library, MONDAY)
    assert days_of(database) == before
    assert in_archive(database, library, MONDAY) == open_before


def test_a_start_in_a_weekend_begins_on_the_friday_that_shows(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir)
    saturday = date(2026, 11, 21)
    tick(database, library, saturday)
    assert shown(database, saturday) == "tweede-kans"
    assert in_archive(database, library, saturday) == {"tweede-kans", "paar-uur"}


@pytest.mark.parametrize(
    "why", ["ingetrokken: ja", "seizoen: kerst", "controleren_voor: 2026-11-22\nraakt_keuze: ja"]
)
def test_a_first_card_that_cannot_be_shown_is_passed_over(
    database: Database, library: Library, cards_dir: Path, change: Change, why: str
) -> None:
    begin_with(cards_dir)
    change("tweede-kans", "editie: 1", f"editie: 1\n{why}")
    assert plan(database, library, MONDAY)[MONDAY] == "een-plek"


def test_a_starter_that_is_not_sure_does_not_open(
    database: Database, library: Library, cards_dir: Path, change: Change
) -> None:
    begin_with(cards_dir)
    change("paar-uur", "editie: 1", "editie: 1\ncontroleren_voor: 2026-11-22\nraakt_keuze: ja")
    tick(database, library, MONDAY)
    assert in_archive(database, library, MONDAY) == {"tweede-kans"}


def test_a_list_that_cannot_be_read_stops_nothing(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir, "eerste_dagen: [een-plek\n")
    with capture_logs() as logs:
        tick(database, library, MONDAY)
    assert len(days_of(database)) == 20
    assert [line["event"] for line in logs if line["log_level"] == "error"] == [
        "beginning_unreadable"
    ]


@pytest.mark.parametrize(
    "text", ["- een-plek", "eerste_dagen: [1]\nplank: []", "plank: []", "eerste_dagen: a\nplank: b"]
)
def test_another_shape_is_a_fault(tmp_path: Path, text: str) -> None:
    begin_with(tmp_path, text)
    with pytest.raises(CardFaults, match="twee lijsten"):
        read_beginning(tmp_path)


def test_a_card_that_is_named_twice_is_a_fault(tmp_path: Path) -> None:
    begin_with(tmp_path, "eerste_dagen: [een-plek]\nplank: [een-plek]\n")
    with pytest.raises(CardFaults, match="twee keer"):
        read_beginning(tmp_path)


def test_a_folder_without_the_file_begins_with_nothing(tmp_path: Path) -> None:
    assert read_beginning(tmp_path) == Beginning()


def test_processes_that_begin_at_once_agree(
    database: Database, library: Library, cards_dir: Path
) -> None:
    begin_with(cards_dir)
    assert tick_at_once(database, library, MONDAY) == []
    assert len(days_of(database)) == 20
    with database.reading() as session:
        opened = [edition.dilemma for edition in open_editions(session, MONDAY)]
    assert sorted(opened) == ["paar-uur", "tweede-kans"]
