"""Pages of a card, measured as they stand on a phone."""

from playwright.sync_api import Page, ViewportSize

from tests.browser.parts.page_checks import run_check
from tests.browser.parts.phone import PHONE

TWICE_AS_LARGE: ViewportSize = {"width": 180, "height": 370}
"""A phone of 360 by 740 on which everything is twice as large."""
SMALLEST: ViewportSize = {"width": 160, "height": 284}
"""A phone of 320 by 568 on which everything is twice as large."""
UNFOLD = "() => document.querySelectorAll('details').forEach(part => { part.open = true })"

BARS_AND_MENU = """() => {
  const bars = [...document.querySelectorAll(".kk-bar")].map((bar) => bar.getBoundingClientRect());
  const menu = document.querySelector(".kk-nav").getBoundingClientRect();
  return [Math.max(...bars.map(({ bottom }) => bottom)), menu.top];
}"""
"""Where the figures end and the menu at the foot of the screen begins."""


def screens(page: Page) -> float:
    """Return how many screens of a phone a page is long."""
    height: int = page.evaluate("document.documentElement.scrollHeight")
    return round(height / PHONE["height"], 2)


def sideways_on_the_smallest(page: Page) -> int:
    """Return how many pixels a page is too wide there, with all that folds unfolded."""
    page.set_viewport_size(SMALLEST)
    page.evaluate(UNFOLD)
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return wide


def faults_at_twice_the_size(page: Page) -> list[str]:
    page.set_viewport_size(TWICE_AS_LARGE)
    page.evaluate(UNFOLD)
    return [*run_check(page, "spills"), *run_check(page, "broken")]
