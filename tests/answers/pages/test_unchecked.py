"""A card whose facts had to be checked again says so to the player, wherever that matters.

The clock is that of the site; what a person chose plays no part in it.
"""

from datetime import date, timedelta

from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, words
from tests.support.world import World

AT_LAW = "Nog niet nagekeken sinds 24 november 2026. De regels kunnen veranderd zijn."
AT_CARD = "krijgt dit dilemma geen nieuwe dag op de kalender"
DUE = date(2026, 11, 24)


def check_before(site: Site, day: date, *, touches_choice: bool) -> None:
    """Give the card of today a day on which it must be checked again."""
    path = site.state.settings.cards_dir / f"{site.slug}.md"
    word = "ja" if touches_choice else "nee"
    keys = f"controleren_voor: {day}\nraakt_keuze: {word}"
    path.write_text(path.read_text().replace("editie: 1", f"editie: 1\n{keys}"))
    site.state.library._reread_at = 0.0


def test_the_law_of_a_due_card_says_since_when(
    site: Site, world: World, clock: StoppedClock
) -> None:
    check_before(site, DUE, touches_choice=False)
    browser = site.browser(world.anna)
    give(site, browser)
    assert AT_LAW not in words(browser.get(site.url("uitslag")))
    clock.move(days=1)
    page = words(browser.get(site.url("uitslag")))
    # the card has one piece of law; research and client say nothing of it
    assert page.count("Nog niet nagekeken sinds") == 1
    assert page.index("Wet en regels") < page.index(AT_LAW) < page.index("De cliënt bij")


def test_a_due_card_that_is_not_touched_shows_as_always_before_the_choice(
    site: Site, world: World, clock: StoppedClock
) -> None:
    check_before(site, DUE, touches_choice=False)
    clock.move(days=1)
    page = words(site.browser(world.anna).get(f"/dilemma/{site.slug}"))
    assert "Wat doe jij?" in page
    assert "Nog niet nagekeken" not in page


def test_a_card_whose_choice_is_touched_says_so_in_the_archive_and_can_be_answered(
    site: Site, world: World, clock: StoppedClock
) -> None:
    check_before(site, DUE, touches_choice=True)
    clock.move(days=1)
    site.tick()
    browser = site.browser(world.anna)
    page = words(browser.get(f"/dilemma/{site.slug}"))
    assert "Nog niet nagekeken sinds 24 november 2026." in page and AT_CARD in page
    assert "Doe mijn keuze in de bus" in page
    assert give(site, browser).status_code == 303


def test_it_is_not_given_as_the_card_of_the_next_day(
    site: Site, world: World, clock: StoppedClock
) -> None:
    check_before(site, DUE, touches_choice=True)
    for _ in range(10):
        clock.move(days=1)
        site.tick()
        page = site.browser(world.anna).get("/").get_data(as_text=True)
        assert f"/dilemma/{site.slug}/" not in page
        assert "Wat doe jij?" in page


def test_the_card_of_today_that_is_due_today_stays_with_its_answers(
    site: Site, world: World
) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    check_before(site, site.state.today(), touches_choice=True)
    site.tick()
    assert "Je antwoord zit in de bus." in words(browser.get("/"))
    other = words(site.browser(world.chris).get("/"))
    assert "Doe mijn keuze in de bus" in other and AT_CARD in other


def test_once_checked_nothing_of_it_is_left(site: Site, world: World, clock: StoppedClock) -> None:
    check_before(site, DUE, touches_choice=True)
    clock.move(days=1)
    browser = site.browser(world.anna)
    assert AT_CARD in words(browser.get(f"/dilemma/{site.slug}"))
    path = site.state.settings.cards_dir / f"{site.slug}.md"
    later = DUE + timedelta(days=200)
    path.write_text(path.read_text().replace(f"voor: {DUE}", f"voor: {later}"))
    site.state.library._reread_at = 0.0
    assert "Nog niet nagekeken" not in words(browser.get(f"/dilemma/{site.slug}"))
    give(site, browser)
    assert "Nog niet nagekeken" not in words(browser.get(site.url("uitslag")))


def test_the_words_are_the_same_whatever_someone_chose(
    site: Site, world: World, clock: StoppedClock
) -> None:
    check_before(site, DUE, touches_choice=True)
    clock.move(days=1)
    site.tick()
    pages = set()
    for visitor, option in ((world.anna, "a"), (world.chris, "c")):
        browser = site.browser(visitor)
        give(site, browser, optie=option)
        page = words(browser.get(site.url("uitslag")))
        pages.add(page[page.index("Wet en regels") : page.index("De cliënt bij")])
    assert len(pages) == 1
