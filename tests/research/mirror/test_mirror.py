"""The mirror gives away nothing that a release and the own result pages do not."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pages.reading import Person, find_edition, may_see_result
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import use_turn_by_looking
from kopkrakers.answers.visible import visible_editions
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.research.mirror import reading
from kopkrakers.research.release.releases import PART, Release, parts_of
from kopkrakers.tallies.models import Tally
from tests.research.small import SLUG, TODAY, add_attribute, add_edition, add_totals, release_of
from tests.support.pages import words
from tests.support.polling import give_pools
from tests.support.tally_guard import unhooked
from tests.support.world import ROW_KEYS, SECRET, World, add_people, browser_of

TURN_KEYS = Keys(derive(SECRET, Use.TURNS))
OTHER = "tweede-kans"
EXPECTED = {"a": (8, 12, 4, 1), "b": (30, 21, 9, 2), "-": (14, 10, 4, 1)}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Tests change a release, which never changes."""
    reading._ROWS.forget_where(lambda _: True)
    yield
    reading._ROWS.forget_where(lambda _: True)


@pytest.fixture
def mirrored(filled: Database, world: World, cards_dir: Path) -> Release:
    """A release with figures of two gemeenten in two dilemmas that are open."""
    add_attribute(filled, "expected", EXPECTED)
    add_totals(filled, "NL", (30, 31, 22, 2), slug=OTHER)
    add_totals(filled, str(world.zaanstad), (16, 11, 9, 0), slug=OTHER)
    add_totals(filled, str(world.almere), (9, 13, 6, 1), slug=OTHER)
    with filled.transaction() as session:
        give_pools(session, ROW_KEYS, TODAY)
    return release_of(filled, cards_dir)


def open_mirror(database: Database, person: Visitor, slug: str = SLUG) -> None:
    """Use this person's turn on a dilemma."""
    with database.transaction() as session:
        use_turn_by_looking(session, voter=Voter(person.id, TURN_KEYS), dilemma=slug, edition=1)


def page_of(app: Flask, person: Visitor, address: str = "/spiegel") -> str:
    answer = browser_of(app, person).get(address)
    assert answer.status_code == 200
    return words(answer)


def close(database: Database, slug: str) -> None:
    with database.transaction() as session:
        session.execute(
            update(EDITION).where(EDITION.c.dilemma == slug).values(closes_on=date(2026, 11, 20))
        )


def test_without_a_release_there_is_no_mirror(app: Flask, world: World) -> None:
    assert "Nog geen spiegel" in page_of(app, world.anna)


def test_who_answered_nothing_sees_nothing_that_is_open(
    app: Flask, world: World, mirrored: Release
) -> None:
    page = page_of(app, world.anna)
    assert "Nog niets te zien" in page
    assert "Eén plek" not in page and "Een tweede kans" not in page


def test_it_shows_what_was_answered_and_what_is_closed(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    page = page_of(app, world.anna)
    assert "Spiegel: Zaanstad" in page
    assert "hier 57% , land 48%" in page
    assert "Eén plek" in page and "Een tweede kans" not in page
    assert "Nog open." in page
    assert "Nog niets te zien" in page_of(app, world.anna, "/spiegel?wat=gesloten")
    close(database, OTHER)
    closed = page_of(app, world.anna, "/spiegel?wat=gesloten")
    assert "Een tweede kans" in closed and "Eén plek" not in closed
    assert "Nog open." not in closed


def test_another_gemeente_is_not_in_it(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    open_mirror(database, world.chris)
    assert "Almere" not in page_of(app, world.anna)
    assert "Spiegel: Almere" in page_of(app, world.chris)


def changed(row: list[object]) -> list[object]:
    """Return a row with another number of people and another share."""
    return [*row[:3], *(cell + 3 if type(cell) is int else cell for cell in row[3:])]


def change_rows(database: Database, table: str, slug: str) -> None:
    """Give every cell of one dilemma in a release another number."""
    mine = (PART.c.table_id == table, PART.c.dilemma == slug)
    with database.transaction() as session:
        rows = json.loads(session.execute(select(PART.c.rows).where(*mine)).scalar_one())
        session.execute(update(PART).where(*mine).values(rows=json.dumps(list(map(changed, rows)))))
    reading._ROWS.forget_where(lambda _: True)


def test_a_dilemma_that_must_be_answered_blind_changes_nothing_in_it(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    before = page_of(app, world.anna)
    change_rows(database, "choice", OTHER)
    change_rows(database, "choice_by_gemeente", OTHER)
    assert page_of(app, world.anna) == before
    # and it would have been seen: the same in the one that was answered does change it
    change_rows(database, "choice", SLUG)
    assert page_of(app, world.anna) != before


def test_the_figures_of_others_change_nothing_in_it(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    before = page_of(app, world.anna)
    mine = (PART.c.table_id == "choice_by_gemeente", PART.c.dilemma == SLUG)
    with database.transaction() as session:
        rows = json.loads(session.execute(select(PART.c.rows).where(*mine)).scalar_one())
        kept = [row for row in rows if row[2] == "Zaanstad"]
        assert len(kept) < len(rows)
        session.execute(update(PART).where(*mine).values(rows=json.dumps(kept)))
    reading._ROWS.forget_where(lambda _: True)
    assert page_of(app, world.anna) == before


def test_what_is_counted_after_the_release_is_not_in_it(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    before = page_of(app, world.anna)
    with unhooked("more is counted"), database.transaction() as session:
        session.execute(update(Tally).values(n=Tally.n + 7))
        add_people(session, world.zaanstad, 3)
    assert page_of(app, world.anna) == before


def test_a_team_is_nowhere_in_it(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    open_mirror(database, world.farid)
    assert "Team Noord" not in page_of(app, world.anna)
    # who is in no team, and has another role, reads the same
    assert page_of(app, world.farid) == page_of(app, world.anna)


def test_two_of_one_pool_who_may_see_the_same_read_the_same(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    for person in (world.anna, world.bram):
        open_mirror(database, person)
    assert page_of(app, world.anna) == page_of(app, world.bram)


def test_what_may_be_seen_is_what_the_result_pages_say(
    database: Database, world: World, mirrored: Release, cards_dir: Path
) -> None:
    """Editions that are open, closed, come back, answered and not, for each of three people."""
    open_mirror(database, world.anna)
    close(database, OTHER)
    add_edition(database, cards_dir, OTHER, 2)
    open_mirror(database, world.bram, SLUG)
    with database.transaction() as session:
        use_turn_by_looking(
            session, voter=Voter(world.bram.id, TURN_KEYS), dilemma=OTHER, edition=2
        )
    library = Library(cards_dir)
    places = [(SLUG, 1), (OTHER, 1), (OTHER, 2)]
    found = set()
    for visitor in (world.anna, world.bram, world.farid):
        voter = Voter(visitor.id, TURN_KEYS)
        person = Person(voter, visitor.gemeente_id, votes=True)
        with database.reading() as session:
            visible = visible_editions(session, voter, TODAY)
            for slug, number in places:
                edition = find_edition(session, library, person, slug, TODAY, number=number)
                may = may_see_result(session, person, edition, TODAY)
                assert ((slug, number) in visible) is may, (visitor.name, slug, number)
                found.add(may)
                if may:
                    assert visible[slug, number] is edition.is_open
    assert found == {True, False}


def test_it_tells_what_people_expected_and_what_came(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    open_mirror(database, world.anna)
    page = page_of(app, world.anna)
    assert "Bij 1 van 1 dilemma verwachtten de meesten iets anders" in page
    assert "De meesten verwachtten B" in page


def test_expectations_are_read_from_sums_that_were_rounded_once(
    app: Flask, world: World, mirrored: Release, database: Database
) -> None:
    with database.reading() as session:
        [of_cells] = parts_of(session, 1, "choice_by_expectation", [SLUG])
        [of_sums] = parts_of(session, 1, "value_totals", [SLUG])
    once = reading._expected(of_cells.rows, of_sums.rows)
    added_up = reading._expected(of_cells.rows, ())
    for code, counts in EXPECTED.items():
        low, high = once["niet" if code == "-" else code]
        assert low <= sum(counts) <= high
        least, most = added_up["niet" if code == "-" else code]
        assert least <= low and high <= most and high - low < most - least


def test_a_dilemma_that_the_redactie_took_away_is_gone(
    app: Flask, world: World, mirrored: Release, database: Database, cards_dir: Path
) -> None:
    open_mirror(database, world.anna)
    path = cards_dir / f"{SLUG}.md"
    path.write_text(path.read_text().replace("---\n", "---\ningetrokken: ja\n", 1))
    assert "Nog niets te zien" in page_of(app, world.anna)
