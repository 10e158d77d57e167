"""The covers in the archive: one small file, fetched once."""

import gzip
import re

from kopkrakers.catalogue.editions.archive import archive
from tests.support.pages import Site
from tests.support.world import World


def test_the_covers_of_the_archive_are_one_file_that_a_browser_keeps(
    site: Site, world: World
) -> None:
    browser = site.browser(world.anna)
    page = browser.get("/archief").get_data(as_text=True)
    address = re.search(rf'href="(/archief/omslagen-\w+\.svg)#{site.slug}"', page)
    assert address is not None
    sheet = browser.get(address[1])
    assert sheet.mimetype == "image/svg+xml" and "private" in sheet.headers["Cache-Control"]
    assert f'id="{site.slug}"' in sheet.get_data(as_text=True)
    packed = browser.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.get_data()) == sheet.get_data()
    assert browser.get("/archief/omslagen-oud.svg").headers["Cache-Control"] == "no-store"


def test_the_covers_tell_nothing_of_what_is_planned(site: Site, world: World) -> None:
    """The slugs of cards that were not published yet are not in it, and a stranger gets nothing."""
    sheet = site.browser(world.chris).get("/archief/omslagen-x.svg").get_data(as_text=True)
    with site.state.database.reading() as session:
        published = {
            entry.card.slug for entry in archive(session, site.state.library, site.state.today())
        }
    assert set(re.findall(r'id="([^"]+)"', sheet)) == published != set(site.state.library.cards())
    assert site.app.test_client().get("/archief/omslagen-x.svg").status_code == 302
