"""A Dilemmamethode on all screens: board, options, table and stems, by keyboard and without net."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.intervisie.parts import OPTIONS, QUESTION, WHOLE, write_in_table
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    VOTE,
    SessionScreens,
    counting,
    open_screens,
    seen,
)
from tests.browser.parts.walking import wait_until_typed_is_kept

SMALL_BEAMER: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}
SENTENCES = "Een zin die verder gaat dan hij hoeft, met een komma. " * 37
LINES = "Regel voor regel\n" * 110

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit, werkvorm="dilemmamethode", beamers=(SMALL_BEAMER,))


def come_in(screens: SessionScreens, how_many: int) -> None:
    screens.come_in(how_many, viewport=PHONE)
    screens.press("Begin met stap 1")
    expect(seen(screens.regie).get_by_text("Stap 1 van 11").first).to_be_visible()


def faults_here(screens: SessionScreens) -> list[str]:
    """Return the faults of regie, phone and scherm as they stand now, on pages of their own."""
    found = [f"scherm: {fault}" for fault in screens.scherm.evaluate(WHOLE)]
    for page in (screens.regie, screens.phones[-1]):
        copy = page.context.new_page()
        copy.goto(page.url)
        found += faults_of(copy)
        copy.close()
    return found


def test_a_group_makes_its_dilemma_and_votes_on_it(screens: SessionScreens) -> None:
    come_in(screens, 5)
    faults = moral_question(screens)
    faults += table(screens)
    faults += vote(screens)
    conclusion(screens)
    assert faults == []


def moral_question(screens: SessionScreens) -> list[str]:
    regie = screens.regie
    screens.press("De morele vraag")
    regie.get_by_role("textbox", name="Morele vraag").fill(QUESTION)
    for label, text in OPTIONS.items():
        regie.get_by_role("textbox", name=label).fill(text)
    screens.press("Bewaar en toon")
    screens.all_see(QUESTION)
    screens.all_see("Nadeel: Ik ben niet eerlijk tegen de gemeente")
    return faults_here(screens)


def table(screens: SessionScreens) -> list[str]:
    screens.press("Volgende stap: Kijk met ieders ogen")
    screens.press("Laat iedereen schrijven")
    screens.all_see("telefoon")
    expect(screens.phones[-1].get_by_label("Partij").first).to_be_visible()
    faults = faults_here(screens)
    for phone in screens.phones[:3]:
        write_in_table(phone, "Grootmoeder", "rust", "eerst met haar praten")
    for phone in screens.phones[3:]:
        phone.get_by_role("button", name="Ik heb niets toe te voegen").click()
        expect(seen(phone).get_by_text("Je bent klaar.")).to_be_visible()
    expect(screens.regie.get_by_text("open · 5 van 5 binnen")).to_be_visible()
    screens.press("Haal de tabel op")
    expect(screens.regie.get_by_role("heading", name="Zet de rijen op het scherm")).to_be_visible()
    faults += faults_here(screens)
    screens.press("Zet alle rijen op het scherm")
    screens.all_see("eerst met haar praten")
    return faults + faults_here(screens)


def vote(screens: SessionScreens) -> list[str]:
    screens.press("Schrijf je keuze")
    screens.press("Open de stemming")
    screens.all_see(QUESTION)
    phone = screens.phones[-1]
    expect(phone.get_by_label("Ik beperk de schade door…")).to_be_visible()
    faults = faults_here(screens)
    for place, one in enumerate(screens.phones):
        one.get_by_role("radio", name=list(OPTIONS.values())[0 if place < 3 else 2]).check()
        one.get_by_label("Ik kies dit omdat…").fill(f"reden nummer {place} telt")
        one.get_by_label("Ondanks…").fill("het nadeel dat wij opschreven")
        one.get_by_role("button", name=VOTE).click()
        expect(seen(one).get_by_text("Je stem is binnen")).to_be_visible()
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")
    screens.press("Volgende stap: Overeenkomst en verschil")
    screens.press("Zet alles op het scherm")
    screens.all_see("Ondanks het nadeel dat wij opschreven")
    faults += faults_here(screens)
    screens.press("Volgende stap: Onthul")
    screens.press("Onthul de cijfers")
    screens.all_see("Ik zwijg over de auto")
    return faults + faults_here(screens)


def conclusion(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Conclusie en actie")
    screens.regie.get_by_role("textbox", name="Conclusie").fill(
        "We zijn het oneens, en dat schrijven we op."
    )
    screens.press("Volgende stap: Evalueer")
    expect(screens.regie.get_by_text("Stap 11 van 11").first).to_be_visible()
    screens.press("Rond af en maak het verslag")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    for text in (QUESTION, "We zijn het oneens, en dat schrijven we op.", "Ik zwijg over de auto"):
        # what can be mended stands in a field too, folded
        expect(screens.regie.get_by_text(text).locator("visible=true").first).to_be_visible()
    assert not faults_of(screens.regie)


def test_a_board_of_two_thousand_characters_is_whole_or_comes_on_pages(
    screens: SessionScreens,
) -> None:
    come_in(screens, 1)
    screens.press("De morele vraag")
    for text, has_pages in ((SENTENCES, False), (LINES, True)):
        screens.regie.get_by_role("textbox", name="Morele vraag").fill(text)
        screens.press("Bewaar en toon")
        expect(screens.scherm.get_by_text(text[:16]).first).to_be_visible()
        expect(screens.scherm.locator(".ki-blader")).to_be_visible(visible=has_pages)
        assert screens.scherm.evaluate(WHOLE) == []
        screens.scherm.keyboard.press("PageDown")
        assert screens.scherm.evaluate(WHOLE) == []


def test_what_was_typed_on_a_board_outlives_a_reload_and_a_press_without_network(
    screens: SessionScreens,
) -> None:
    come_in(screens, 1)
    regie = screens.regie
    screens.press("De morele vraag")
    question = regie.get_by_role("textbox", name="Morele vraag")
    question.fill(QUESTION)
    wait_until_typed_is_kept(question)
    regie.reload()
    expect(regie.get_by_role("textbox", name="Morele vraag")).to_have_value(QUESTION)
    regie.context.set_offline(True)
    screens.press("Volgende stap: Kijk met ieders ogen")
    expect(seen(regie).get_by_text("Je druk op de knop is bewaard")).to_be_visible()
    expect(regie.get_by_role("textbox", name="Morele vraag")).to_have_value(QUESTION)
    regie.context.set_offline(False)
    expect(regie.get_by_text("Stap 5 van 11").first).to_be_visible()
    expect(seen(screens.phones[0]).get_by_text("Wat jullie opschreven")).to_be_visible()
    regie.reload()
    expect(regie.get_by_text("Het is nog niet verstuurd")).to_have_count(0)


def test_enter_in_a_werkwijze_saves_and_stays(screens: SessionScreens) -> None:
    come_in(screens, 1)
    regie = screens.regie
    screens.press("De morele vraag")
    for label, text in OPTIONS.items():
        regie.get_by_role("textbox", name=label).fill(text)
    regie.get_by_role("textbox", name="Nadeel van B").press("Enter")
    screens.all_see("Ik zwijg over de auto")
    expect(regie.get_by_text("Stap 4 van 11").first).to_be_visible()


def test_a_table_sent_without_network_goes_when_it_can_and_once(screens: SessionScreens) -> None:
    come_in(screens, 1)
    screens.press("Kijk met ieders ogen")
    screens.press("Laat iedereen schrijven")
    phone = screens.phones[0]
    phone.get_by_label("Partij").first.fill("Grootmoeder")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Doe dit in de bus").click()
    expect(seen(phone).get_by_text("Je druk op de knop is bewaard")).to_be_visible()
    expect(phone.get_by_label("Partij").first).to_have_value("Grootmoeder")
    phone.context.set_offline(False)
    expect(seen(phone).get_by_text("Je bent klaar.")).to_be_visible()
    expect(screens.regie.get_by_text("open · 1 van 1 binnen")).to_be_visible()
