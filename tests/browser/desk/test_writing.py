"""Writing at the desk in a browser: marks while typing, advice beside a field, nothing lost."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from kopkrakers.desk.sending.marks import BSN, marks_in
from tests.browser.parts.desk import editor, editor_with_a_card
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.states import Stage
from tests.browser.parts.walking import press, wait_until_typed_is_kept

SAMPLES = (
    "BSN 111222333 en geen BSN 111222334. ",
    "Bel 06-12345678 of mail jan.de.vries@voorbeeld.nl. ",
    "Mevrouw De Vries woont in de Dorpsstraat 12, 1506 AB. ",
    "Op 3 mei 2026 kwam meneer Çelik, van Bakkerij Ünal B.V. ",
    "Rekening NL91 ABNA 0417 1643 00. Niets bijzonders vandaag.",
)


def test_the_device_marks_what_the_server_marks(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/inzenden")
    text = "".join(SAMPLES)
    place = page.locator("[data-gemerkt]")
    expect(place).to_be_hidden()
    page.get_by_label("Wat gebeurde er?").fill(text)
    expect(place).to_be_visible()
    told = place.locator("li").all_inner_texts()
    assert told == [f"‘{mark.text}’ lijkt {mark.what}" for mark in marks_in(text)]
    assert sum(BSN in words for words in told) == 1
    page.get_by_label("Wat gebeurde er?").fill("Een man slaapt steeds ergens anders.")
    expect(place).to_be_hidden()


def test_marking_sends_nothing(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/inzenden")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Wat gebeurde er?").fill("Mevrouw De Vries")
    expect(page.locator("[data-gemerkt]")).to_be_visible()
    assert asked == []


def opened(live: LiveSite, visit: Visit) -> Page:
    return editor(Stage(live, visit))


def test_advice_comes_beside_the_field_while_somebody_types(live: LiveSite, visit: Visit) -> None:
    page = opened(live, visit)
    page.locator("#titel").fill("x" * 50)
    expect(page.locator("#bij-titel")).to_contain_text("hoogstens 45 tekens, nu 50")
    page.locator("#titel").fill("Een titel")
    expect(page.locator("#bij-titel")).to_be_empty()
    expect(page.locator("#titel")).to_have_value("Een titel")


def test_a_slip_loses_nothing_of_a_card(live: LiveSite, visit: Visit) -> None:
    page = opened(live, visit)
    address = page.url
    page.locator("#titel").fill("Nog niet bewaard")
    page.locator("#deel-verhaal").evaluate("(part) => { part.open = true }")
    page.locator("#verhaal").fill("Zij belt. Jij kiest.")
    wait_until_typed_is_kept(page.locator("#verhaal"))
    page.goto("/redactie")
    page.goto(address)
    expect(page.locator("#titel")).to_have_value("Nog niet bewaard")
    expect(page.locator("#verhaal")).to_have_value("Zij belt. Jij kiest.")


def test_a_second_tab_overwrites_nothing(live: LiveSite, visit: Visit) -> None:
    page = opened(live, visit)
    second = page.context.new_page()
    second.goto(page.url)
    page.locator("#titel").fill("Uit de eerste tab")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_text("Versie 2 is bewaard")).to_be_visible()
    second.locator("#titel").fill("Uit de tweede tab")
    second.get_by_role("button", name="Bewaar", exact=True).click()
    expect(second.get_by_text("intussen ook")).to_be_visible()
    expect(second.locator("#titel")).to_have_value("Uit de tweede tab")
    expect(second.locator("ins").first).to_contain_text("Uit de eerste tab")


def test_the_editor_needs_no_script(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person(Role.REDACTEUR), script=False)
    page.goto("/redactie/kaarten")
    page.get_by_label("Begin een nieuwe kaart").fill("zonder-script")
    page.get_by_role("button", name="Begin de kaart").click()
    page.locator("#titel").fill("x" * 50)
    page.get_by_role("button", name="Kijk na zonder te bewaren").click()
    expect(page.locator("#bij-titel")).to_contain_text("hoogstens 45 tekens, nu 50")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect(page.get_by_text("Versie 2 is bewaard")).to_be_visible()
    expect(page.locator("#titel")).to_have_value("x" * 50)


CARD_COLOUR = """() => {
  const card = document.querySelector("#nagekeken .kk-card");
  return [getComputedStyle(card).backgroundColor, getComputedStyle(card).color];
}"""


@pytest.mark.parametrize(("device", "other"), [("light", "dark"), ("dark", "light")])
def test_the_preview_shows_in_the_colours_of_another_device(
    live: LiveSite, visit: Visit, device: Literal["light", "dark"], other: Literal["light", "dark"]
) -> None:
    page = editor_with_a_card(Stage(live, visit))
    page.emulate_media(color_scheme=other)
    theirs = page.evaluate(CARD_COLOUR)
    page.emulate_media(color_scheme=device)
    own = page.evaluate(CARD_COLOUR)
    assert own != theirs
    button = page.get_by_role("button", name=re.compile("Bekijk haar in het"))
    press(page, "Bekijk haar in het donker" if other == "dark" else "Bekijk haar in het licht")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(CARD_COLOUR) == theirs
    button.click()
    assert page.evaluate(CARD_COLOUR) == own
    button.click()
    assert faults_of(page) == []
