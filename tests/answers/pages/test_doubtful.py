"""Figures that somebody changed in the database are not shown, and the page says so."""

import pytest

from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, TALLY, TOTAL_MAC
from tests.support.pages import Site, give, words
from tests.support.tally_guard import unhooked
from tests.support.world import World

SAID = "Deze cijfers laten we nu niet zien: ze kloppen niet met wat er geteld is."
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
    assert text.count("Stand: 7.777 antwoorden.") == 2
    assert SAID not in text and SAID_OF_REASONS not in text


@pytest.mark.parametrize("by", [1, -1])
def test_a_changed_scope_is_not_shown_and_the_other_is(
    counted: Site, world: World, by: int
) -> None:
    change(counted, TALLY, TALLY.c.scope == NL, TALLY.c.option == "a", n=TALLY.c.n + by)
    text = page_of(counted, world)
    assert text.count(SAID) == 1
    assert text.count("Stand: 7.777 antwoorden.") == 1


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
    assert text.count("Stand: 7.777 antwoorden.") == 2
