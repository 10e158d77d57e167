"""No card of the product and no result of one is longer on a phone than people read."""

from pathlib import Path

import pytest

from kopkrakers.base.config import asset_folder
from tests.browser.day.measuring import BARS_AND_MENU, screens
from tests.browser.day.product import let_open, make_todays, put_in_box, site_of_product
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.support.databases import making

CARD_SCREENS = 2.5
RESULT_SCREENS = 3.0
EVERY_CARD = sorted(path.stem for path in asset_folder("dilemmas").glob("*.md"))
AS_LONG_AS_IT_GETS = """() => {
  for (const one of document.querySelectorAll("main details")) one.open = false;
  document.querySelector("[data-ervaring-vraag]").hidden = false;
}"""
"""Folded, with the question that stands in the first result on a device alone."""


@pytest.mark.slow
def test_no_card_and_no_result_is_longer_than_people_read(
    sqlite_template: Path, tmp_path: Path, visit: Visit
) -> None:
    with site_of_product(tmp_path, making.copy_sqlite(sqlite_template, tmp_path)) as product:
        assert too_long(product, visit) == {}


def too_long(product: LiveSite, visit: Visit) -> dict[str, tuple[float, ...]]:
    """Return what is longer than it may be: card, result, end of the bars, and the menu."""
    colleagues = [product.person() for _ in range(5)]
    person = product.person()
    phone = visit(person, site=product)
    found: dict[str, tuple[float, ...]] = {}
    let_open(product, EVERY_CARD)
    for dilemma in EVERY_CARD:
        make_todays(product, dilemma, colleagues)
        phone.goto(f"/dilemma/{dilemma}")
        card = screens(phone)
        put_in_box(product, person, dilemma)
        phone.goto(f"/dilemma/{dilemma}/1/uitslag")
        phone.wait_for_selector("[role=tab]")
        phone.evaluate(AS_LONG_AS_IT_GETS)
        result, (bars, menu) = screens(phone), phone.evaluate(BARS_AND_MENU)
        if card > CARD_SCREENS or result > RESULT_SCREENS or bars > menu:
            found[dilemma] = (card, result, bars, menu)
    return found
