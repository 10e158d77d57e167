"""The archive: listed, searched by words and by choices, and fetched alone while someone types."""

from tests.support.pages import Site, give, words
from tests.support.world import World


def test_the_archive_lists_what_was_published_with_the_own_turn(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    assert "1 dilemma gevonden" in words(browser.get("/archief"))
    give(site, browser)
    assert "Je antwoord zit in de bus." in words(browser.get("/archief"))
    assert "Je antwoord zit in de bus." not in words(site.browser(world.bram).get("/archief"))


def test_a_dilemma_stands_under_its_month_with_its_day(site: Site, world: World) -> None:
    for url in ("/archief", "/archief/lijst"):
        page = site.browser(world.anna).get(url)
        assert "<h2>November 2026</h2>" in page.get_data(as_text=True)
        assert "maandag 23 november" in words(page)


SEARCHES = {
    "": 1,
    "?zoek=SAM": 1,
    "?zoek=sa\u00adm\u200b": 1,
    "?zoek=nergens": 0,
    "?beurt=gedaan": 0,
    "?beurt=nieuw": 1,
    "?editie=open": 1,
    "?editie=gesloten": 0,
    "?beurt=onzin&editie=onzin": 1,
    "?thema=bestaat+niet": 0,
    "?zoek=%00": 1,
    "?zoek=😀": 0,
    "?_scheme=x&_external=1&_anchor=y": 1,
    "?zoek=" + "a" * 5000: 0,
    "?zoek=Iedereen+krijgt+hetzelfde": 0,
}


def test_the_archive_is_searched_by_form_and_by_fragment(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    for query, found in SEARCHES.items():
        says = "1 dilemma gevonden" if found else "0 dilemma’s gevonden"
        for url in ("/archief", "/archief/lijst"):
            assert says in words(browser.get(url + query)), query


def test_the_fragment_tells_the_address_of_its_page(site: Site, world: World) -> None:
    fragment = site.browser(world.anna).get("/archief/lijst?zoek=sam&thema=&editie=open")
    assert fragment.headers["HX-Replace-Url"] == "/archief?zoek=sam&editie=open"
    assert (
        fragment.get_data(as_text=True)
        .lstrip()
        .startswith('<section class="kk-stack" id="archief-lijst"')
    )
