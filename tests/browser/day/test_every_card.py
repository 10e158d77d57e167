"""No card of the product and no result of one is longer on a phone than people read."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import cast_answer
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import asset_folder
from kopkrakers.base.keys import Use
from kopkrakers.catalogue.editions.editions import open_first_edition
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.intervisie.agenda.service import add_wish
from tests.browser.parts.live_site import TODAY, LiveSite, live_site
from tests.browser.parts.phone import PHONE, Visit
from tests.support.databases import making
from tests.support.polling import give_pools

CARD_SCREENS = 2.5
RESULT_SCREENS = 3.0
EVERY_CARD = sorted(path.stem for path in asset_folder("dilemmas").glob("*.md"))
AS_LONG_AS_IT_GETS = """() => {
  for (const one of document.querySelectorAll("main details")) one.open = false;
  document.querySelector("[data-ervaring-vraag]").hidden = false;
}"""
"""Folded, with the question that stands in the first result on a device alone."""
BARS_AND_MENU = """() => {
  const bars = [...document.querySelectorAll(".kk-bar")].map((bar) => bar.getBoundingClientRect());
  const menu = document.querySelector(".kk-nav").getBoundingClientRect();
  return [Math.max(...bars.map(({ bottom }) => bottom)), menu.top];
}"""
"""Where the figures end and the menu at the foot of the screen begins."""


@pytest.fixture
def product(sqlite_template: Path, tmp_path: Path) -> Iterator[LiveSite]:
    """A site with every card of the product."""
    with live_site(tmp_path, making.copy_sqlite(sqlite_template, tmp_path), mail=True) as site:
        shutil.copytree(asset_folder("dilemmas"), tmp_path / "dilemmas", dirs_exist_ok=True)
        site.site(TODAY).state.library._reread_at = 0.0
        yield site


def let_open(live: LiveSite, dilemma: str, colleagues: list[Visitor]) -> None:
    """Make a dilemma that of today, also out of its season, with figures and with wishes."""
    site = live.site(dilemma)
    state, today = site.state, live.clock.moment.date()
    card = state.library.card(dilemma)
    assert card is not None
    with live.database.transaction() as session:
        open_first_edition(session, card, today)
        give_pools(session, mac_keys(state.settings), today)
    site.tick()
    team, keys = live.world.team_noord, state.keys(Use.WISHES)
    with live.database.transaction() as session:
        session.merge(CalendarDay(day=today, dilemma=dilemma))
        for one in colleagues:
            add_wish(
                session, state.library, user_id=one.id, team_id=team, dilemma=dilemma, keys=keys
            )
    site.add_figures(str(live.world.zaanstad))
    site.add_reasons(w=(900, 200, 100, 50), b=(300, 900, 100, 50))


def put_in_box(live: LiveSite, person: Visitor, dilemma: str) -> None:
    """Answer without a browser."""
    state = live.site(dilemma).state
    with live.database.transaction() as session:
        cast_answer(
            session,
            voter=Voter(person.id, state.turn_keys),
            gemeente_id=person.gemeente_id,
            dilemma=dilemma,
            edition=1,
            answer=Answer("b", "w"),
            today=state.today(),
            mac_keys=mac_keys(state.settings),
        )


def screens(page: Page) -> float:
    """Return how many screens of a phone a page is long."""
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return round(height / PHONE["height"], 2)


@pytest.mark.slow
def test_no_card_and_no_result_is_longer_than_people_read(product: LiveSite, visit: Visit) -> None:
    colleagues = [product.person() for _ in range(5)]
    person = product.person()
    phone = visit(person, site=product)
    too_long = {}
    for dilemma in EVERY_CARD:
        let_open(product, dilemma, colleagues)
        phone.goto(f"/dilemma/{dilemma}")
        card = screens(phone)
        put_in_box(product, person, dilemma)
        phone.goto(f"/dilemma/{dilemma}/1/uitslag")
        phone.wait_for_selector("[role=tab]")
        phone.evaluate(AS_LONG_AS_IT_GETS)
        result, (bars, menu) = screens(phone), phone.evaluate(BARS_AND_MENU)
        if card > CARD_SCREENS or result > RESULT_SCREENS or bars > menu:
            too_long[dilemma] = (card, result, bars, menu)
    assert too_long == {}
