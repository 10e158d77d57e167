"""Figures that somebody changed in the database are not shown, and the page says so."""

from typing import Any

import pytest
from sqlalchemy import Table

from kopkrakers.answers.service import Result, result_of
from kopkrakers.base.keys import Keys
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, TALLY, TOTAL_MAC
from kopkrakers.tallies.reading import (
    read_verified_attribute,
    read_verified_scopes,
    read_verified_scopes_of,
)
from tests.support.pages import Site, give, words
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
        assert vars(many) == vars(read_verified_scopes(session, keys, *place))
        assert read_verified_scopes_of(session, keys, [counted.slug])[place] is many
    change(counted, TALLY, TALLY.c.scope == NL, TALLY.c.option == "a", n=4001)
    with counted.state.database.reading() as session:
        assert NL not in read_verified_scopes_of(session, keys, [counted.slug])[place].counts
