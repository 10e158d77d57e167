"""A case that unfolds on all screens: what begeleider, beamer and phones see of each new fact."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.intervisie.parts import LETTERS, does_not_fit, without_script
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LABELS,
    LAPTOP,
    VOTE,
    SessionScreens,
    counting,
    faults_of_copies,
    seen,
    start_now,
)

FACT = "Ze belt. Sam slaapt al weken niet."
STILL = "De stand bleef bijna gelijk aan een eerdere."

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    """A session on a card with two chapters; nobody came in yet."""
    with counting(own_site):
        regie = visit(own_site.world.gerda, site=own_site, viewport=LAPTOP)
        regie.goto("/team/1/intervisie")
        expect(regie.locator(f"label:has([value={EARLIER}])")).to_contain_text("met vervolg")
        regie.locator(f"[name=dilemma][value={EARLIER}]").check()
        regie.get_by_text("Een andere werkvorm").click()
        regie.locator("[name=werkvorm][value=vervolg]").check()
        yield start_now(own_site, visit, regie)


def choose(phone: Page, option: str) -> None:
    phone.get_by_role("radio", name=LABELS[option]).check()
    phone.get_by_role("button", name=VOTE).click()
    expect(seen(phone).get_by_text("zit in de bus")).to_be_visible()


def choose_by_keyboard(phone: Page) -> None:
    """The second option: with an arrow, and then the button."""
    phone.get_by_role("radio", name=LABELS["a"]).focus()
    phone.keyboard.press("ArrowDown")
    expect(phone.get_by_role("radio", name=LABELS["b"])).to_be_checked()
    while phone.evaluate("document.activeElement.type") != "submit":
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(seen(phone).get_by_text("zit in de bus")).to_be_visible()


def faults_now(screens: SessionScreens, state: str) -> list[str]:
    pages = {"regie": screens.regie, "scherm": screens.scherm, "phone": screens.phones[0]}
    return [f"{state}, {fault}" for fault in faults_of_copies(pages)]


def hold(screens: SessionScreens, plain: Page, options: str, step: str) -> None:
    """Walk to a vote, open it, let all choose, and close it. `plain` has no script."""
    screens.press(step)
    screens.regie.get_by_role("button", name="Open de stemming").click()
    expect(screens.phones[0].get_by_role("button", name=VOTE)).to_be_visible()
    choose_by_keyboard(screens.phones[0])
    for phone, option in zip(screens.phones[1:], options[1:], strict=False):
        choose(phone, option)
    plain.get_by_role("link", name="Ververs").click()
    choose(plain, options[-1])
    screens.press("Sluit de stemming")


def test_two_new_facts_with_a_begeleider_a_beamer_and_six_phones(screens: SessionScreens) -> None:
    screens.come_in(5)
    plain = without_script(screens)
    screens.press("Begin met stap 1")
    screens.phones.append(plain)
    for phone in screens.phones[:2]:
        expect(phone.locator(".ki-aantal strong")).to_have_text("6")
        phone.get_by_role("button", name="Ja, dat klopt").click()
        expect(phone.get_by_role("button", name="Ja, dat klopt")).to_have_count(0)
    screens.phones.remove(plain)
    hold(screens, plain, "baaacc", "Volgende stap: Kies zelf")
    screens.press("Volgende stap: Nieuw feit 1")
    screens.all_see(FACT)
    faults = faults_now(screens, "before the vote")
    assert not does_not_fit(screens.scherm)
    screens.regie.get_by_role("button", name="Open de stemming").click()
    expect(screens.phones[0].get_by_role("button", name=VOTE)).to_be_visible()
    faults += faults_now(screens, "voting")
    for phone, option in zip(screens.phones, "bbbba", strict=True):
        choose(phone, option)
    faults += faults_now(screens, "voted")
    plain.get_by_role("link", name="Ververs").click()
    choose(plain, "c")
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")
    faults += faults_now(screens, "closed")
    hold(screens, plain, "bbbbcc", "Volgende stap: Nieuw feit 2")
    screens.press("Volgende stap: Argumenten")
    screens.nobody_sees("De stand bij elke stemming")
    screens.press("Volgende stap: Zo verschoof het")
    screens.press("Onthul de cijfers")
    revealed(screens, plain)
    faults += faults_now(screens, "revealed")
    assert not faults, "\n".join(faults)
    report(screens)


def revealed(screens: SessionScreens, plain: Page) -> None:
    expect(screens.scherm.locator(".ki-reeks")).to_be_visible()
    screens.phones.append(plain)
    plain.get_by_role("link", name="Ververs").click()
    for page in (screens.scherm, screens.regie, *screens.phones):
        rows = page.locator(".ki-reeks tbody tr")
        expect(rows.first).to_contain_text(LABELS["a"])
        expect(rows.first.locator(".ki-getal")).to_have_text(["3", "1"])
        expect(rows.nth(1).locator(".ki-getal")).to_have_text(["1", "4"])
        expect(seen(page).get_by_text(STILL)).to_be_visible()
    sizes = screens.scherm.locator(".ki-reeks .ki-getal")
    small = [one for one in range(sizes.count()) if sizes.nth(one).evaluate(LETTERS) < 60]
    assert not small
    assert not does_not_fit(screens.scherm)


def report(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Welk feit")
    screens.press("Volgende stap: Spreek iets af")
    screens.press("Rond af en maak het verslag")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    expect(screens.regie.get_by_text(FACT)).to_be_visible()
    expect(screens.regie.locator(".ki-reeks .ki-getal").first).to_have_text("3")
    assert not faults_of(screens.regie)
