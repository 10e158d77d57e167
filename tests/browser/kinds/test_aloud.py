"""What a screen reader hears of what changes by itself, and when the same words come again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import SessionScreens, counting, open_screens, seen
from tests.browser.parts.walking import answer, press, werkwijze

SQLITE = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
LISTEN = """
document.addEventListener("DOMContentLoaded", () => {
  const region = document.getElementById("melding");
  window.heard = [];
  new MutationObserver(() => region.textContent && heard.push(region.textContent))
    .observe(region, { childList: true });
});
"""
STEPS = ("Argumenten", "Praat", "Onthul")


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


def listening(page: Page | BrowserContext) -> None:
    """Write down from the next page on what is read aloud."""
    page.add_init_script(LISTEN)


def hears(page: Page, words: str, times: int = 1) -> None:
    """Wait until these words were read so often."""
    until_true(
        page,
        "([words, times]) => heard.filter((text) => text.includes(words)).length >= times",
        [words, times],
    )


def heard(page: Page) -> list[str]:
    words: list[str] = page.evaluate("heard")
    return words


def with_phones(screens: SessionScreens) -> Page:
    """Five phones at the vote, of which one is listened to, and so are regie and scherm."""
    for page in (screens.regie, screens.scherm):
        listening(page)
        page.reload()
    phone = screens.come_in()
    screens.come_in_unseen(4)
    listening(phone)
    phone.reload()
    hears(screens.regie, "5 telefoons")
    screens.press("Begin met stap 1")
    for page in (phone, screens.regie, screens.scherm):
        hears(page, "Stap 1 van 9")
    screens.press("Volgende stap: Kies zelf")
    return phone


@SQLITE
def test_every_step_is_told_on_phone_scherm_and_regie(screens: SessionScreens) -> None:
    phone = with_phones(screens)
    screens.press("Open de stemming")
    for page in (phone, screens.regie, screens.scherm):
        hears(page, "De stemming is open")
    screens.vote("aabbc", lambda place: f"Reden nummer {place}.")
    hears(screens.regie, "Iedereen stemde.")
    screens.press("Sluit de stemming")
    for page in (phone, screens.regie, screens.scherm):
        hears(page, "De stemming is dicht")
    for number, step in enumerate(STEPS, start=3):
        screens.press(f"Volgende stap: {step}")
        for page in (phone, screens.regie, screens.scherm):
            hears(page, f"Stap {number} van 9")
        if step == "Argumenten":
            screens.press("Zet op het scherm")
            hears(phone, "Redenen: 1.")
            screens.press("Zet op het scherm")
            hears(phone, "Redenen: 2.")
    screens.press("Onthul de cijfers")
    hears(phone, "Dit kozen jullie.")
    hears(screens.regie, "De stemming is onthuld.")
    assert not [words for words in heard(phone) if "%" in words or "nummer" in words]


@SQLITE
def test_the_end_of_the_time_is_told(screens: SessionScreens) -> None:
    listening(screens.scherm)
    screens.scherm.reload()
    screens.come_in_unseen(1)
    screens.press("Begin met stap 1")
    screens.press("Zet de tijd op")
    clock = seen(screens.scherm).locator("[data-tijd]").first
    expect(clock).to_be_visible()
    clock.evaluate("(timer) => { timer.kkEnd = Date.now() + 600 }")
    hears(screens.scherm, "tijd om")
    screens.scherm.wait_for_timeout(1500)
    assert len([words for words in heard(screens.scherm) if "tijd om" in words]) == 1


@SQLITE
def test_what_lies_on_the_scherm_instead_of_the_step_is_told(screens: SessionScreens) -> None:
    listening(screens.scherm)
    screens.scherm.reload()
    screens.come_in_unseen(1)
    screens.press("Begin met stap 1")
    screens.press("Volgende stap")
    screens.all_see("Stap 2 van 9", regie=True)
    screens.regie.locator("summary").filter(has_text="met vragen en kennis").click()
    screens.press("Toon het verhaal nog eens")
    hears(screens.scherm, "Nu op het scherm: het verhaal")


@SQLITE
def test_a_lost_connection_and_its_return_are_told_once_each(screens: SessionScreens) -> None:
    phone = screens.come_in()
    listening(phone)
    phone.reload()
    phone.context.set_offline(True)
    hears(phone, "Even geen verbinding.")
    phone.wait_for_timeout(7000)  # it was asked again meanwhile
    assert len([words for words in heard(phone) if "verbinding" in words]) == 1
    phone.context.set_offline(False)
    hears(phone, "Je bent binnen.")


def test_the_same_words_are_read_again_when_they_come_again(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    listening(page)
    page.goto("/")
    werkwijze(page, "Ik doe het zo").check()
    for times in (1, 2):
        press(page, "Doe mijn keuze in de bus")
        hears(page, "doorslag", times)


def test_a_link_that_is_copied_twice_says_so_twice(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    listening(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live.url)
    answer(page, TODAY)
    for times in (1, 2):
        page.locator("[data-deel]:visible").first.click()
        hears(page, "opieerd", times)
