"""What comes out of a printer that is shared: all there is to read, and nothing of who printed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import choose, put_in_box, werkwijze

SHEETS = 5
"""A result on A4 with its story, figures and knowledge of a card of these tests, at most."""

LOOKS = """() => {
  const shown = [...document.querySelectorAll("#keuze *")].filter((part) => part.checkVisibility());
  const how = ["border", "backgroundColor", "boxShadow", "outline", "visibility", "color"];
  return shown.map((part) => [part.tagName, ...how.map((name) => getComputedStyle(part)[name])]);
}"""
"""How every part of the form looks that is shown."""


def on_paper(page: Page) -> None:
    """Show the page as it is printed, before anything is unfolded by script."""
    page.emulate_media(media="print")


def sheets(page: Page, where: Path) -> int:
    """Print to a file and count its sheets."""
    page.pdf(path=where, prefer_css_page_size=True)
    return where.read_bytes().count(b"/Type /Page\n")


@pytest.fixture
def result(live: LiveSite, visit: Visit) -> Page:
    """The result of someone who chose to do something else, with the words for it."""
    page = visit(live.person())
    page.goto(f"/dilemma/{EARLIER}")
    choose(page, "Ik zou iets anders doen", doorslag="Wet")
    page.get_by_label("Wat zou je doen?").fill("Eerst bellen.")
    page.get_by_role("group", name="Wat kiezen de meesten, denk je?").get_by_role("radio").nth(
        1
    ).check(force=True)
    put_in_box(page)
    expect(page.get_by_text("Jij koos: Ik zou iets anders doen")).to_be_visible()
    return page


def test_the_own_choice_stays_off_paper(result: Page) -> None:
    expect(result.get_by_text("Eerst bellen.")).to_be_visible()
    on_paper(result)
    own = "[data-koos], [data-jij], [data-doorslag], [data-verwacht], [data-woorden]"
    shown: list[Any] = result.locator(own).filter(visible=True).all()
    assert shown == []
    printed = result.locator("#inhoud").inner_text()
    assert not [words for words in ("Jij koos", "jij dacht", "Eerst bellen.") if words in printed]


def test_whoever_prints_gets_the_same_question_to_talk_about(
    live: LiveSite, visit: Visit, result: Page
) -> None:
    other = visit(live.person())
    other.goto(f"/dilemma/{EARLIER}")
    choose(other, "Ik doe het zo", doorslag="Betrokkenheid")
    put_in_box(other)
    expect(other.get_by_text("Jij koos: Ik doe het zo")).to_be_visible()
    for page in (result, other):
        on_paper(page)
    assert result.locator(".kk-kraak").inner_text() == other.locator(".kk-kraak").inner_text()
    assert result.locator("[data-uitslag]").inner_text() == (
        other.locator("[data-uitslag]").inner_text()
    )


def test_what_is_folded_is_on_paper(result: Page, tmp_path: Path) -> None:
    story = result.locator("details .kk-story")
    expect(story).to_be_hidden()
    on_paper(result)
    expect(story).to_be_visible()
    assert sheets(result, tmp_path / "uitslag.pdf") <= SHEETS
    result.emulate_media(media="screen")
    expect(story).to_be_hidden()


def test_a_card_that_is_being_filled_in_is_printed_empty(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    on_paper(page)
    empty = page.evaluate(LOOKS)
    page.emulate_media(media="screen")
    werkwijze(page, "Ik zou iets anders doen").check()
    page.get_by_label("Wat zou je doen?").fill("Bellen.")
    page.mouse.move(0, 0)
    filled_in = page.evaluate(LOOKS)
    on_paper(page)
    assert page.evaluate(LOOKS) == empty != filled_in
