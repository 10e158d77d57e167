"""Many reasons on the scherm: always as many as fit, never a beamer that must be scrolled."""

from collections.abc import Iterator
from itertools import chain

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    BEAMER,
    OVERFLOWS,
    SMALL_BEAMER,
    SessionScreens,
    counting,
    open_screens,
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
        screens.come_in(7)
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
    """What each page shows, once around; every page fits."""
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
    screens.scherm.get_by_role("button", name="Volgende redenen").click()
    assert shown(screens.scherm) != before


def test_a_few_reasons_need_no_pages_and_a_new_one_is_in_view(screens: SessionScreens) -> None:
    let_through(screens, 1)
    expect(screens.scherm.locator("[data-reden]:visible")).to_have_count(1)
    expect(screens.scherm.get_by_role("button")).to_have_count(0)
    seen = set(shown(screens.scherm))
    waiting = screens.regie.get_by_role("button", name="Zet op het scherm")
    for left in range(5, -1, -1):
        new = waiting.first.inner_text().split(": ", 1)[1].split(".")[0]
        waiting.first.click()
        expect(waiting).to_have_count(left)
        expect(screens.scherm.locator("[data-reden]:visible").filter(has_text=new)).to_have_count(1)
        seen.add(new)
    assert len(seen) == 7
