"""Figures that somebody changed in the database are not shown, and the page says so."""

from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import Table, event

from kopkrakers.answers.figures import Result, national_distributions, result_of
from kopkrakers.base.keys import Keys
from kopkrakers.privacy.release import ReleasedNational
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, TALLY, TOTAL_MAC
from kopkrakers.tallies.reading import (
    read_national_rows,
    read_shown_rows,
    read_verified_attribute,
    read_verified_scopes,
    read_verified_scopes_of,
)
from tests.support.pages import Site, forget_what_was_shown, give, words
from tests.support.tally_guard import unhooked
from tests.support.world import World

SAID = "Deze cijfers laten we nu niet zien: we weten niet zeker of ze kloppen."
SAID_OF_REASONS = "Wat de doorslag gaf, laten we nu niet zien"
WHY = "someone who writes to the database"


@pytest.fixture
def counted(site: Site, world: World) -> Site:
    site.add_figures(str(world.zaanstad))
    site.add_reasons(w=(60, 30, 20, 10), r=(40, 40, 30, 20))
    return site


def change(site: Site, table: object, *where: object, **values: object) -> None:
    with unhooked(WHY), site.state.database.transaction() as session:
        session.connection().execute(table.update().where(*where).values(**values))  # type: ignore[attr-defined]


def page_of(site: Site, world: World) -> str:
    browser = site.browser(world.anna)
    give(site, browser)
    return words(browser.get(site.url("uitslag")))


def test_right_figures_are_shown(counted: Site, world: World) -> None:
    text = page_of(counted, world)
    assert text.count("Geteld: 7.777 antwoorden.") == 2
    assert SAID not in text and SAID_OF_REASONS not in text


@pytest.mark.parametrize("by", [1, -1])
def test_a_changed_scope_is_not_shown_and_the_other_is(
    counted: Site, world: World, by: int
) -> None:
    change(counted, TALLY, TALLY.c.scope == NL, TALLY.c.option == "a", n=TALLY.c.n + by)
    text = page_of(counted, world)
    assert text.count(SAID) == 1
    assert text.count("Geteld: 7.777 antwoorden.") == 1


def test_with_one_gemeente_the_national_figures_go_too(counted: Site, world: World) -> None:
    """What they may tell depends on how every gemeente leaves."""
    change(counted, TALLY, TALLY.c.scope == str(world.zaanstad), n=TALLY.c.n + 1)
    text = page_of(counted, world)
    assert (text.count(SAID), text.count("Stand:")) == (2, 0)


def test_without_any_figure_that_holds_the_page_says_so_for_each(
    counted: Site, world: World
) -> None:
    change(counted, TOTAL_MAC, mac=b"0" * 32)
    text = page_of(counted, world)
    assert (text.count(SAID), text.count("Stand:")) == (2, 0)
    assert "Er is nog geen uitslag" not in text
    assert SAID_OF_REASONS in text and "Wat gaf bij hen de doorslag?" not in text


def test_changed_reasons_are_not_shown(counted: Site, world: World) -> None:
    change(counted, ATTRIBUTE_TALLY, ATTRIBUTE_TALLY.c.value == "w", n=ATTRIBUTE_TALLY.c.n + 5)
    text = page_of(counted, world)
    assert SAID_OF_REASONS in text and "Wat gaf bij hen de doorslag?" not in text
    assert text.count("Geteld: 7.777 antwoorden.") == 2


CHANGES: dict[str, tuple[Table, list[Any], dict[str, Any]]] = {
    "a number": (TALLY, [TALLY.c.option == "a"], {"n": TALLY.c.n + 1}),
    "people that moved": (TALLY, [TALLY.c.option == "b"], {"option": "d"}),
    "another MAC": (TOTAL_MAC, [TOTAL_MAC.c.kind == TALLY.name], {"mac": b"0" * 32}),
    "a scope without its MAC": (TOTAL_MAC, [TOTAL_MAC.c.kind == TALLY.name], {"part": "R9"}),
}
FIGURES = "Geteld: 7.777 antwoorden."


@pytest.mark.parametrize("how", CHANGES)
def test_a_total_that_was_shown_and_then_changed_is_not_shown_any_more(
    counted: Site, world: World, how: str
) -> None:
    """It is remembered which totals hold: those, and no others in their place."""
    assert page_of(counted, world).count(FIGURES) == 2
    browser = counted.browser(world.anna)
    table, where, values = CHANGES[how]
    national = (TALLY.c.scope if table is TALLY else TOTAL_MAC.c.part) == NL
    change(counted, table, national, *where, **values)
    text = words(browser.get(counted.url("uitslag")))
    assert (text.count(SAID), text.count(FIGURES)) == (1, 1)


def test_what_another_gemeente_is_said_to_have_chosen_changes_no_figure_that_was_shown(
    counted: Site, world: World
) -> None:
    """What holds stays as it was shown; who reads all totals for the first time leaves it out."""
    elsewhere = str(world.almere)
    counted.add_totals(elsewhere, (9, 8, 7, 6))
    shown = page_of(counted, world)
    assert shown.count(FIGURES) == 2
    change(counted, TALLY, TALLY.c.scope == elsewhere, TALLY.c.option == "a", n=7000)
    url = counted.url("uitslag")
    assert words(counted.browser(world.anna).get(url)) == shown
    forget_what_was_shown()
    text = words(counted.browser(world.anna).get(url))
    assert (text.count(SAID), text.count(FIGURES)) == (1, 1)


def test_a_count_elsewhere_changes_what_the_national_figures_tell(
    counted: Site, world: World
) -> None:
    """Of a gemeente of nearly one mind, the national figures may not tell its numbers."""
    keys, codes = counted.state.row_keys, ("a", "b", "c", "x")

    def national() -> tuple[ReleasedNational | None, ReleasedNational | None]:
        place = (counted.slug, 1)
        with counted.state.database.reading() as session:
            alone = result_of(session, keys, counted.slug, 1, codes, str(world.zaanstad))
            return alone.national, national_distributions(session, keys, {place: codes})[place]

    before = national()
    counted.add_totals(str(world.almere), (97, 1, 1, 1))
    after = national()
    assert after != before
    forget_what_was_shown()
    assert after == national()


def test_the_figures_of_a_page_cost_as_much_with_hundreds_of_gemeenten(
    counted: Site, world: World
) -> None:
    place, codes = (counted.slug, 1), ("a", "b", "c", "x")

    def read() -> list[int]:
        keys = counted.state.row_keys
        with counted.state.database.reading() as session:
            result_of(session, keys, *place, codes, str(world.zaanstad))
            national_distributions(session, keys, {place: codes})
            local = len(read_shown_rows(session, *place, str(world.zaanstad)))
            return [local, len(read_national_rows(session, {counted.slug}, 1)[place])]

    assert read() == [8, 4]
    for number in range(300):
        counted.add_totals(f"9{number}", (9, 8, 7, 6), sign=False)
    counted.sign_figures()
    read()
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(counted.state.database.reader, "before_cursor_execute", note)
    try:
        assert read() == [8, 4]
    finally:
        event.remove(counted.state.database.reader, "before_cursor_execute", note)
    # every statement that reads totals of scopes names the scopes
    of_totals = [one for one in sent if "FROM tally" in one]
    assert len(of_totals) == 4 and all("tally.scope IN" in one for one in of_totals)


def test_reasons_that_were_shown_and_then_changed_are_not_shown_any_more(
    counted: Site, world: World
) -> None:
    assert SAID_OF_REASONS not in page_of(counted, world)
    change(counted, ATTRIBUTE_TALLY, ATTRIBUTE_TALLY.c.value == "w", n=ATTRIBUTE_TALLY.c.n + 5)
    assert SAID_OF_REASONS in words(counted.browser(world.anna).get(counted.url("uitslag")))


def test_totals_that_were_put_right_are_shown_again(counted: Site, world: World) -> None:
    largest = (TALLY.c.scope == NL, TALLY.c.option == "a")
    change(counted, TALLY, *largest, n=4001)
    assert page_of(counted, world).count(FIGURES) == 1
    change(counted, TALLY, *largest, n=4000)
    text = words(counted.browser(world.anna).get(counted.url("uitslag")))
    assert (text.count(SAID), text.count(FIGURES)) == (0, 2)


def test_the_same_totals_are_verified_once_and_by_each_key(counted: Site) -> None:
    keys, other = counted.state.row_keys, Keys(b"o" * 32)
    with counted.state.database.reading() as session:
        scopes, again = (read_verified_scopes(session, keys, counted.slug, 1) for _ in range(2))
        assert scopes.counts and scopes is again
        assert not read_verified_scopes(session, other, counted.slug, 1).counts
        reasons = read_verified_attribute(session, keys, counted.slug, 1, "consideration")
        assert reasons is read_verified_attribute(session, keys, counted.slug, 1, "consideration")
        assert read_verified_attribute(session, other, counted.slug, 1, "consideration").doubtful


def test_what_is_released_is_worked_out_once_and_never_kept_for_other_totals(counted: Site) -> None:
    keys, codes = counted.state.row_keys, ("a", "b", "c", "x")

    def released(by: Keys) -> Result:
        with counted.state.database.reading() as session:
            return result_of(session, by, counted.slug, 1, codes, None)

    first = released(keys)
    assert first.national is not None
    assert released(keys) is first
    assert released(Keys(b"o" * 32)).national is None
    change(counted, TALLY, TALLY.c.scope == NL, TALLY.c.option == "a", n=4001)
    assert released(keys).national is None
    assert NL in released(keys).doubtful


def test_many_editions_at_once_are_remembered_as_one_is(counted: Site) -> None:
    keys, place = counted.state.row_keys, (counted.slug, 1)
    with counted.state.database.reading() as session:
        many = read_verified_scopes_of(session, keys, [counted.slug])[place]
        one = read_verified_scopes(session, keys, *place)
        assert asdict(many) | {"rows": ()} == asdict(one) | {"rows": ()}
        assert read_verified_scopes_of(session, keys, [counted.slug])[place] is many
    change(counted, TALLY, TALLY.c.scope == NL, TALLY.c.option == "a", n=4001)
    with counted.state.database.reading() as session:
        assert NL not in read_verified_scopes_of(session, keys, [counted.slug])[place].counts
