"""Stellingen on all screens: what begeleider, beamer and phones see of one after another."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.intervisie.parts import LETTERS, does_not_fit, without_script
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LAPTOP,
    SessionScreens,
    counting,
    faults_of_copies,
    seen,
    start_now,
)

SET = "Een paar uur werk"
FIRST = "Een paar uur werk is altijd winst"
THIRD = "Een vast aantal sollicitatiebrieven"
LEFT_OUT = "Eén vast bedrag ineens"
CHOICES = {"a": "Eens", "b": "Oneens", "c": "Hangt ervan af"}

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    """A session with a set from which one stelling was left out; nobody came in yet."""
    with counting(own_site):
        regie = visit(own_site.world.gerda, site=own_site, viewport=LAPTOP)
        regie.goto("/team/1/intervisie")
        regie.get_by_role("radio", name="Stellingen", exact=True).check()
        regie.get_by_role("radio", name=SET).check()
        regie.get_by_text(f"Bekijk en kies de stellingen van {SET}").click()
        regie.get_by_role("checkbox", name=LEFT_OUT).uncheck()
        assert regie.get_by_text("Kraak 45").is_hidden()
        yield start_now(own_site, visit, regie)


def choose(phone: Page, option: str) -> None:
    phone.get_by_role("radio", name=CHOICES[option], exact=True).check()
    phone.get_by_role("button", name="Doe mijn stem in de bus").click()
    expect(seen(phone).get_by_text("Je stem zit in de bus.")).to_be_visible()


def choose_by_keyboard(phone: Page) -> None:
    """The third tile: with arrows, and then the button, which a tile alone never presses."""
    phone.get_by_role("radio", name="Eens", exact=True).focus()
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowDown")
    expect(phone.get_by_role("radio", name=CHOICES["c"])).to_be_checked()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(seen(phone).get_by_text("Je stem zit in de bus.")).to_be_visible()


def faults_now(screens: SessionScreens, state: str) -> list[str]:
    pages = {"regie": screens.regie, "scherm": screens.scherm, "phone": screens.phones[0]}
    return [f"{state}, {fault}" for fault in faults_of_copies(pages)]


def too_small(scherm: Page) -> list[str]:
    """The letters of sentence and figures that cannot be read from the last row."""
    texts = scherm.locator(".ki-zeggen__zin, .ki-stand__n")
    sizes = [texts.nth(place).evaluate(LETTERS) for place in range(texts.count())]
    return [f"{size} px" for size in sizes if size < 60]


def test_two_stellingen_with_a_begeleider_a_beamer_and_six_phones(screens: SessionScreens) -> None:
    screens.come_in(5)
    plain = without_script(screens)
    screens.phones.append(plain)
    screens.press("Begin met stap 1")
    screens.press("Volgende stap: Stelling 1")
    expect(screens.scherm.get_by_text(FIRST)).to_be_visible()
    assert not too_small(screens.scherm)
    faults = faults_now(screens, "before the vote")
    first_vote(screens, plain)
    faults += faults_now(screens, "voting")
    late = screens.visit(site=screens.live)
    late.goto(f"/m/{screens.code}")
    late.get_by_role("button", name="Doe mee").click()
    expect(seen(late).get_by_text("Vanaf de volgende stelling doe je mee.")).to_be_visible()
    faults += [f"late, {fault}" for fault in faults_of(late)]
    revealed(screens, plain)
    faults += faults_now(screens, "revealed")
    screens.phones.append(late)
    alike(screens, plain)
    faults += faults_now(screens, "alike")
    assert not faults, "\n".join(faults)
    report(screens)


def first_vote(screens: SessionScreens, plain: Page) -> None:
    screens.phones.remove(plain)
    for phone in screens.phones[:2]:
        # who says so to an older number is told that it changed, and asked again
        expect(phone.locator(".ki-aantal strong")).to_have_text("6")
        phone.get_by_role("button", name="Ja, dat klopt").click()
        expect(phone.get_by_role("button", name="Ja, dat klopt")).to_have_count(0)
    screens.regie.get_by_role("button", name="Open de stemming").click()
    screens.all_see("stem")
    expect(screens.phones[0].get_by_role("radio", name="Eens", exact=True)).to_be_visible()
    choose_by_keyboard(screens.phones[4])
    for phone, option in zip(screens.phones[:4], "aaab", strict=True):
        choose(phone, option)
    plain.get_by_role("link", name="Ververs").click()
    choose(plain, "b")
    screens.nobody_sees("van 6 kozen")


def revealed(screens: SessionScreens, plain: Page) -> None:
    screens.press("Sluit de stemming")
    screens.press("Onthul de cijfers")
    for page in (screens.scherm, screens.regie, *screens.phones):
        figures = page.locator(".ki-stand__cijfers li")
        expect(figures).to_have_text(["Eens 3 van 6", "Oneens 2 van 6", "Hangt ervan af 1 van 6"])
        assert "%" not in seen(page).inner_text()
    plain.get_by_role("link", name="Ververs").click()
    expect(plain.locator(".ki-stand__cijfers li").first).to_have_text("Eens 3 van 6")
    assert not too_small(screens.scherm)
    assert not does_not_fit(screens.scherm)
    screens.press("Zet de vraag op het scherm")
    question = screens.scherm.locator(".ki-groot")
    expect(question).to_have_text("Voor wie van jullie cliënten is het geen winst?")


def alike(screens: SessionScreens, plain: Page) -> None:
    """The next with seven people, all but one of one mind."""
    screens.press("Stelling 2")
    expect(screens.scherm.get_by_text(THIRD)).to_be_visible()
    for phone in screens.phones[:2]:
        expect(phone.locator(".ki-aantal strong")).to_have_text("7")
        phone.get_by_role("button", name="Ja, dat klopt").click()
        expect(phone.get_by_role("button", name="Ja, dat klopt")).to_have_count(0)
    screens.regie.get_by_role("button", name="Open de stemming").click()
    for phone, option in zip(screens.phones, "aaaaab", strict=True):
        choose(phone, option)
    plain.get_by_role("link", name="Ververs").click()
    choose(plain, "a")
    screens.press("Sluit de stemming")
    screens.press("Onthul de cijfers")
    screens.all_see("Jullie zitten bijna op één lijn.", regie=True)
    assert not too_small(screens.scherm)


def report(screens: SessionScreens) -> None:
    screens.press("Werkafspraken")
    screens.press("Rond af en maak het verslag")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    expect(screens.regie.get_by_role("heading", name="Wat jullie vonden")).to_be_visible()
    expect(screens.regie.locator(".ki-stand__cijfers li").first).to_have_text("Eens 3 van 6")
    assert not faults_of(screens.regie)
