"""What a page must be wherever it is met:
without axe violations, within its screen, light and dark.
"""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, FloatRect, Locator, Page, ViewportSize

from tests.support.running import until

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
EVERYTHING = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What another colour scheme can change."""
SIZES: dict[str, ViewportSize] = {
    "320": {"width": 320, "height": 640},
    "400 %": {"width": 320, "height": 256},
}
"""The narrowest phone, and 1280 by 1024 at 400 %."""


def faults_of(page: Page) -> list[str]:
    """Everything that is wrong with a page as it stands now.

    Leaves it narrow, dark and widely spaced.
    """
    page.evaluate(Axe().axe_script)
    found = [f"light: {fault}" for fault in run_check(page, "axe", EVERYTHING)]
    found += run_check(page, "outline")
    found += run_check(page, "undressed")
    found += run_check(page, "bubbles")
    found += dark_faults(page)
    found += [f"360: {fault}" for fault in run_check(page, "spills")]
    for name, size in SIZES.items():
        page.set_viewport_size(size)
        found += [f"{name}: {fault}" for fault in run_check(page, "spills")]
    run_check(page, "space")
    return found + [f"spaced: {fault}" for fault in run_check(page, "spills")]


def dark_faults(page: Page) -> list[str]:
    """Return what is wrong with a page in the dark, once axe was put in it. Leaves it dark."""
    page.emulate_media(color_scheme="dark")
    return [f"dark: {fault}" for fault in run_check(page, "axe", COLOURS)]


def run_check(page: Page, what: str, argument: Any = None) -> list[str]:
    """One function of `page_checks.js`, in the page."""
    found: list[str] | None = page.evaluate(
        f"(argument) => {SCRIPT.strip()}.{what}(argument)", argument
    )
    return found or []


def rectangle_of(part: Locator) -> FloatRect:
    """Return where a part of a page stands; asked again while a new one takes its place."""
    found: list[FloatRect] = []

    def is_there() -> bool:
        found.extend(filter(None, [part.bounding_box()]))
        return bool(found)

    until(is_there, f"{part} is nowhere on the page")
    return found[0]


def until_true(page: Page, script: str, argument: Any = None) -> None:
    """Wait until a function in the page says true, or promises it.

    `wait_for_function` takes a promise itself for true and waits for nothing.
    """

    asked = f"async (given) => Boolean(await ({script})(given))"

    def is_true() -> bool:
        try:
            return bool(page.evaluate(asked, argument))
        except Error:  # another page is on its way
            return False

    until(is_true, f"never true: {script}")
