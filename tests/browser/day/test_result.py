"""The result on a phone: its length, that nothing moves in it, what is folded and what is told."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from kopkrakers.base.config import asset_folder
from kopkrakers.catalogue.editions.models import CalendarDay
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite, live_site
from tests.browser.parts.phone import PHONE, Visit
from tests.browser.parts.walking import answer, unfold, wait_until_kept, werkwijze
from tests.browser.test_weight import COUNT_SHIFTS, SHIFT, late
from tests.support.databases import making

RESULT_SCREENS = 3.0
CARDS = {
    "timo-of-kevin": 2.5,
    "kom-maar-terug-na-de-scheiding": 2.7,
    "melden-of-vasthouden": 2.6,
    "honderdtwintig-mensen": 2.65,
}
"""Of the product: the first day, the longest card, a long one with a safety notice, and the one
with the longest result of all.

With the most screens that each may fill before the choice.
"""
FOLD = "for (const one of document.querySelectorAll('main details')) one.open = false"
BARS_END = """() => Math.max(...[...document.querySelectorAll(".kk-bar")]
  .map((bar) => bar.getBoundingClientRect().bottom))"""


@pytest.fixture
def with_real_cards(sqlite_template: Path, tmp_path: Path) -> Iterator[LiveSite]:
    """A site with cards of the product, each with figures."""
    with live_site(tmp_path, making.copy_sqlite(sqlite_template, tmp_path), mail=True) as site:
        shutil.copy(asset_folder("dilemmas") / "themas.yaml", tmp_path / "dilemmas")
        for name in CARDS:
            shutil.copy(asset_folder("dilemmas") / f"{name}.md", tmp_path / "dilemmas")
        site.site(TODAY).state.library._reread_at = 0.0
        for name in CARDS:
            site.clock.move(days=1)
            with site.database.transaction() as session:
                session.merge(CalendarDay(day=site.clock.moment.date(), dilemma=name))
            site.site(TODAY).tick()
            site.site(name).add_figures(str(site.world.zaanstad))
            site.site(name).add_reasons(w=(900, 200, 100, 50), b=(300, 900, 100, 50))
        yield site


def screens(page: Page) -> float:
    """Return the length of the page in screens of a phone."""
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return height / PHONE["height"]


def test_the_result_is_at_most_three_screens_and_the_card_two_and_a_half(
    with_real_cards: LiveSite, visit: Visit
) -> None:
    """Folded; the figures stand within the first screen."""
    page = visit(with_real_cards.person(), site=with_real_cards)
    lengths = {}
    for name in CARDS:
        page.goto(f"/dilemma/{name}")
        card = screens(page)
        answer_here(page)
        page.evaluate(FOLD)
        lengths[name] = (round(card, 2), round(screens(page), 2), page.evaluate(BARS_END))
    within = page.evaluate("document.querySelector('.kk-nav').getBoundingClientRect().top")
    for name, (card, result, bars) in lengths.items():
        assert card <= CARDS[name] and result <= RESULT_SCREENS and bars <= within, lengths


def test_nothing_moves_when_the_device_shows_its_own_choice(live: LiveSite, visit: Visit) -> None:
    """The script comes late, so that the page was drawn without what the device knows."""
    person = live.person()
    phone = visit(person)
    phone.goto(f"/dilemma/{EARLIER}")
    answer_here(phone)
    wait_until_kept(phone, f"kk.keuze.{EARLIER}.1")
    phone.add_init_script(COUNT_SHIFTS)
    phone.route("**/kopkrakers.*.js", late)
    phone.goto(f"/dilemma/{EARLIER}/1/uitslag", wait_until="load")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    expect(phone.locator('[data-werkwijze="b"]')).to_have_attribute("open", "")
    phone.wait_for_timeout(300)
    assert phone.evaluate("shift") <= SHIFT


def answer_here(page: Page) -> None:
    for question, code in (("optie", "b"), ("doorslag", "b"), ("verwacht", "b")):
        page.locator(f"[name={question}][value={code}]").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.locator("[data-uitslag]")).to_be_visible()


def test_only_the_own_arguments_stand_open_and_looking_further_sends_nothing(
    live: LiveSite, visit: Visit
) -> None:
    """What is unfolded, and the own werkwijze that unfolds itself, would tell the choice."""
    page = visit(live.person())
    answer(page, TODAY, "Ik doe het anders")
    expect(page.locator("[data-werkwijze][open]")).to_have_count(1)
    expect(
        page.locator('[data-werkwijze="b"]').get_by_role("heading", name="Ervoor")
    ).to_be_visible()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    for row in ("Ik doe het zo", "Lees het dilemma terug", "Onderzoek", "Cliënt", "Neem terug"):
        unfold(page, row)
    unfold(page, "Ik doe het anders")
    page.wait_for_timeout(300)
    assert sent == []


def test_what_was_unfolded_stays_when_the_page_goes_on(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, TODAY, "Ik doe het anders")
    unfold(page, "Ik doe het anders")
    page.get_by_role("button", name="Zet op onze agenda").click()
    expect(page.get_by_text("Niemand ziet dat jij het was.")).to_be_visible()
    expect(page.locator("[data-werkwijze][open]")).to_have_count(0)


def test_own_words_come_back_in_the_result_and_nowhere_else(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    werkwijze(page, "Ik zou iets anders doen").check()
    page.get_by_label("Wat zou je doen?").fill("Eerst bellen.")
    page.get_by_role("radio", name="Betrokkenheid").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.get_by_text("Eerst bellen.")).to_be_visible()
    expect(page.locator("[data-werkwijze][open]")).to_have_count(0)


def test_what_is_shared_is_what_stands_there(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.add_init_script("navigator.share = (what) => { window.shared = what }")
    answer(page, EARLIER, "Ik doe het anders")
    page.get_by_role("button", name="Deel").click()
    told = page.locator("[data-deel-vraag]").inner_text()
    shared = page.evaluate("shared.text")
    assert f"‘{shared}’" in told and told.startswith("Deze vraag deel je:")
