"""The scherm always fits: many reasons, long texts, every size of beamer, light and dark."""

from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.intervisie.parts import SIZES, WHOLE
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    BEAMER,
    LAPTOP,
    OVERFLOWS,
    SMALL_BEAMER,
    SessionScreens,
    counting,
    open_screens,
    seen,
)

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
LONG = "Dit is een lange reden, zoals mensen die schrijven als het echt ergens over gaat. "
CUT_OFF = """() => {
  const panel = document.querySelector(".ki-paneel");
  return panel.scrollHeight > panel.clientHeight;
}"""


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    """Seven reasons wait for the begeleider."""
    with counting(own_site):
        screens = open_screens(own_site, visit)
        screens.come_in_unseen(7)
        for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
            screens.press(name)
        screens.vote("aabbccb", lambda place: f"Reden {place}. {LONG * (place % 3)}")
        screens.press("Sluit de stemming")
        screens.press("Volgende stap: Argumenten")
        yield screens


def let_through(screens: SessionScreens, how_many: int) -> None:
    waiting = screens.regie.get_by_role("button", name="Zet op het scherm")
    expect(waiting).to_have_count(7)
    for left in range(6, 6 - how_many, -1):
        waiting.first.click()
        expect(waiting).to_have_count(left)


def shown(page: Page) -> list[str]:
    return [text.split(".")[0] for text in page.locator("[data-reden]:visible").all_inner_texts()]


def leaf_through(page: Page, key: str) -> list[list[str]]:
    """Return the texts of each page, once around; every page fits."""
    leaves: list[list[str]] = []
    while (now := shown(page)) not in leaves:
        leaves.append(now)
        assert not page.evaluate(CUT_OFF) and not page.evaluate(OVERFLOWS)
        page.keyboard.press(key)
    return leaves


@pytest.mark.parametrize("size", [BEAMER, SMALL_BEAMER], ids=["1280", "800"])
def test_every_reason_can_be_read_without_scrolling(
    screens: SessionScreens, size: ViewportSize
) -> None:
    let_through(screens, 7)
    screens.scherm.set_viewport_size(size)
    expect(screens.scherm.get_by_text("van 7 redenen")).to_be_visible()
    leaves = leaf_through(screens.scherm, "PageDown")
    assert len(leaves) > 1 and sorted(chain(*leaves)) == [f"Reden {place}" for place in range(7)]
    assert len(leaf_through(screens.scherm, "ArrowLeft")) == len(leaves)
    before = shown(screens.scherm)
    screens.scherm.get_by_role("button", name="Volgend blad").click()
    assert shown(screens.scherm) != before


def test_the_regie_turns_the_pages_of_the_scherm_by_a_hand_presenter_and_by_buttons(
    screens: SessionScreens,
) -> None:
    regie, scherm = screens.regie, screens.scherm
    forth = regie.get_by_role("button", name="Volgend blad")
    expect(forth).to_have_count(0)
    scherm.set_viewport_size(SMALL_BEAMER)
    let_through(screens, 7)
    expect(forth).to_be_visible()
    mark = scherm.locator(".ki-blader > span")
    expect(mark).to_contain_text("van 7 redenen")
    first = mark.inner_text()
    for key in ("PageDown", "PageUp"):
        before = mark.inner_text()
        regie.keyboard.press(key)
        expect(mark).not_to_have_text(before)
    expect(mark).to_have_text(first)
    regie.set_viewport_size({"width": 360, "height": 640})
    expect(forth).to_be_in_viewport(ratio=1)
    forth.click()
    expect(mark).not_to_have_text(first)
    screens.press("Volgende stap: Praat")
    screens.press("Volgende stap: Onthul")
    expect(regie.get_by_text("Stap 5 van 9").first).to_be_visible()
    expect(forth).to_have_count(0)


def test_a_few_reasons_need_no_pages_and_a_new_one_is_in_view(screens: SessionScreens) -> None:
    let_through(screens, 1)
    expect(screens.scherm.locator("[data-reden]:visible")).to_have_count(1)
    expect(screens.scherm.get_by_role("button")).to_have_count(0)
    met = set(shown(screens.scherm))
    waiting = screens.regie.get_by_role("button", name="Zet op het scherm")
    for left in range(5, -1, -1):
        new = waiting.first.inner_text().split(": ", 1)[1].split(".")[0]
        waiting.first.click()
        expect(waiting).to_have_count(left)
        expect(screens.scherm.locator("[data-reden]:visible").filter(has_text=new)).to_have_count(1)
        met.add(new)
    assert len(met) == 7


def test_one_reason_large_and_one_tick_for_the_report_leave_the_regie_where_it_was(
    screens: SessionScreens,
) -> None:
    """By keyboard: the focus stays on the button, and the page where it was."""
    regie, scherm = screens.regie, screens.scherm
    screens.press("Zet alles op het scherm")
    expect(regie.get_by_role("button", name="Zet op het scherm")).to_have_count(0)
    large, tick = (regie.get_by_role("button", name=name) for name in ("Groot", "In het verslag"))
    for button, place in ((tick, 5), (large, 6)):
        one = button.nth(place)
        one.focus()
        before = regie.evaluate("scrollY")
        regie.keyboard.press("Enter")
        expect(one).to_have_attribute("aria-pressed", "true")
        expect(one).to_be_focused()
        assert abs(regie.evaluate("scrollY") - before) < 200
    text = large.nth(6).inner_text().split(": ", 1)[1]
    expect(scherm.locator(".ki-uitgelicht")).to_contain_text(text[:40])
    for size in (SMALL_BEAMER, BEAMER):
        scherm.set_viewport_size(size)
        expect(scherm.locator(".ki-uitgelicht")).to_be_visible()
        assert not scherm.evaluate(CUT_OFF) and not scherm.evaluate(OVERFLOWS)
    large.nth(6).click()
    expect(scherm.locator("[data-reden]:visible").first).to_be_visible()
    expect(large.nth(6)).to_have_attribute("aria-pressed", "false")
    # what goes to another list: the focus goes to the place where it was
    regie.get_by_role("button", name="Haal van het scherm").first.click()
    regie.get_by_role("button", name="Leg weg").press("Enter")
    expect(regie.get_by_text("Weggelegd: 1")).to_be_visible()
    assert regie.evaluate("!!document.activeElement.closest('#redenen')")


WORD = "verantwoordelijkheid "


def of_length(n: int, start: str) -> str:
    """A text of exactly so many characters."""
    return (start + " " + WORD * (n // len(WORD) + 1))[:n].rstrip().ljust(n, "x")


def not_whole(screens: SessionScreens, what: str) -> list[str]:
    """Return the texts of the scherm that cannot be read, in each size, on each of its pages."""
    found, page = [], screens.scherm
    for size in SIZES:
        page.set_viewport_size(size)
        page.wait_for_timeout(150)
        first = page.locator(".ki-blader > span").text_content()
        for _ in range(12):
            found += [f"{what}, {size['width']}: {fault}" for fault in page.evaluate(WHOLE)]
            page.keyboard.press("PageDown")
            if page.locator(".ki-blader > span").text_content() == first:
                break
    return found


@pytest.fixture
def at_the_limits(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    """An eigen casus with the longest texts that planning takes."""
    with counting(own_site):
        regie = visit(own_site.world.gerda, site=own_site, viewport=LAPTOP)
        regie.goto("/team/1/intervisie")
        regie.get_by_role("radio", name="Een eigen casus").check()
        regie.get_by_label("Titel").fill(of_length(80, "De scooter"))
        regie.get_by_label("Wat is er aan de hand").fill(of_length(600, "Een man"))
        for letter in "ABCD":
            regie.get_by_label(f"Werkwijze {letter}").fill(of_length(120, letter))
        regie.get_by_role("button", name="Start nu").click()
        regie.get_by_role("button", name="Nee", exact=True).click()
        code = regie.url.split("/")[-2].split("#")[0]
        scherm = visit(own_site.world.gerda, site=own_site, viewport=BEAMER)
        scherm.goto(f"/intervisie/{code}/scherm")
        yield SessionScreens(own_site, visit, regie, scherm, code)


def test_nothing_on_the_scherm_is_away_without_a_mark(at_the_limits: SessionScreens) -> None:
    """Four werkwijzen of 120 characters, a title of 80, a story of 600, agreements of 280."""
    screens = at_the_limits
    screens.come_in_unseen(5)
    faults = not_whole(screens, "lobby")
    for name, sign in (
        ("Begin met stap 1", "Stap 1 van 9"),
        ("Volgende stap: Kies zelf", "gaat zo open"),
        ("Open de stemming", "De stemming is open"),
    ):
        screens.press(name)
        expect(seen(screens.scherm).get_by_text(sign).first).to_be_visible()
        faults += not_whole(screens, name)
    screens.vote("aabbx")
    screens.press("Sluit de stemming")
    for name in ("Argumenten", "Praat", "Onthul"):
        screens.press(f"Volgende stap: {name}")
    screens.press("Onthul de cijfers")
    expect(screens.scherm.get_by_role("cell", name="2 van 5").first).to_be_visible()
    faults += not_whole(screens, "revealed")
    screens.press("Werkafspraken")
    for number in (1, 2, 3):
        screens.regie.get_by_label(f"Afspraak {number}").fill(of_length(280, str(number)))
    screens.press("Bewaar de afspraken")
    expect(seen(screens.scherm).get_by_text("verantwoordelijkheid").first).to_be_visible()
    faults += not_whole(screens, "agreements")
    screens.scherm.keyboard.press("l")
    faults += not_whole(screens, "agreements, light")
    assert not faults, "\n".join(faults)
