"""The archive: listed, searched by words and by choices, and fetched alone while someone types."""

import re
from datetime import timedelta

from kopkrakers.catalogue.editions.models import Edition
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
        says = "1 dilemma gevonden" if found else "Niets gevonden"
        for url in ("/archief", "/archief/lijst"):
            page = words(browser.get(url + query))
            # nothing is said once, and not as a number as well
            assert says in page and " 0 " not in page, query


def test_the_fragment_tells_the_address_of_its_page(site: Site, world: World) -> None:
    fragment = site.browser(world.anna).get("/archief/lijst?zoek=sam&thema=&editie=open")
    assert fragment.headers["HX-Replace-Url"] == "/archief?zoek=sam&editie=open"
    assert (
        fragment.get_data(as_text=True)
        .lstrip()
        .startswith('<section class="kk-stack" id="archief-lijst"')
    )


def publish(site: Site, count: int) -> None:
    """Have this many dilemmas in the archive, one a day up to today; all but today's are closed."""
    with site.state.database.transaction() as session:
        newest = session.get_one(Edition, (site.slug, 1))
        for number in range(1, count):
            day = newest.opens_on - timedelta(days=number)
            days = {"opens_on": day, "closes_on": day + timedelta(days=1)}
            session.add(Edition(**newest.model_dump() | days | {"dilemma": f"oud-{number}"}))


def test_a_long_archive_stands_on_pages(site: Site, world: World) -> None:
    publish(site, 95)
    browser = site.browser(world.anna)
    first, last = browser.get("/archief").text, browser.get("/archief?pagina=99").text
    assert "1 tot en met 40 van 95 dilemma’s" in first
    assert "81 tot en met 95 van 95 dilemma’s" in last
    assert ">Volgende</a>" in first and ">Vorige</a>" not in first
    assert ">Vorige</a>" in last and ">Volgende</a>" not in last
    shown: list[str] = []
    for number in (1, 2, 3):
        page = browser.get(f"/archief?pagina={number}").text
        shown += re.findall(r'<li><a href="/dilemma/([a-z0-9-]+)"', page)
    assert len(shown) == len(set(shown)) == 95


def test_the_way_to_the_next_page_keeps_the_search(site: Site, world: World) -> None:
    publish(site, 95)
    page = site.browser(world.anna).get("/archief?beurt=nieuw&zoek=de")
    link = re.search(r'href="(/archief[^"#]+)#archief-lijst">Volgende', page.text)
    assert link is not None
    again = site.browser(world.anna).get(link[1].replace("&amp;", "&")).text
    assert 'value="de"' in again and "41 tot en met" in again
