"""Makes the pictures of a real session, with a begeleider and six phones, from a running demo.

Run `make demo` in one terminal and `.venv/bin/python docs/beeld/schermen_intervisie.py` in another,
with the address that the demo printed if it is another than usual.
"""

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from kopkrakers.intervisie.session import rehearsal

OUT = Path(__file__).parent
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
BEAMER: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 740}
BEGELEIDER = "Gerda"
REASONS = (*filter(None, rehearsal.REASONS), "Eén brief te veel, en we zijn hem kwijt.")
CHOICES = (0, 1, 0, 1, 2, 1)
"""Which werkwijze each phone takes, from 0."""


def main() -> None:
    """Walk through a session as far as the reveal and take three pictures on the way."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("address", nargs="?", default="http://localhost:8000")
    address = options.parse_args().address.rstrip("/")
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        regie = signed_in(browser, address)
        scherm = regie.context.new_page()
        scherm.set_viewport_size(BEAMER)
        phones = come_in(browser, regie, scherm)
        vote(regie, phones)
        show_reasons(regie)
        reveal(regie, scherm)
        press(regie, "Beëindig de sessie", within="Eerder stoppen")
        browser.close()


def signed_in(browser: Browser, address: str) -> Page:
    """The begeleider's laptop, with a session whose lobby is open."""
    regie = window(browser, LAPTOP, address)
    regie.goto("/inloggen")
    regie.get_by_role("button", name=BEGELEIDER).first.click()
    regie.goto("/team")
    regie.get_by_role("link", name="Start of plan een sessie").click()
    regie.locator("[name=dilemma]").first.check()
    press(regie, "Start nu")
    expect(regie.get_by_role("heading", name="Laat iedereen binnen")).to_be_visible()
    return regie


def come_in(browser: Browser, regie: Page, scherm: Page) -> list[Page]:
    """The beamer shows the code, and six phones follow it."""
    scherm.goto(regie.url.replace("/regie", "/scherm"))
    code = regie.url.split("/")[-2]
    phones = []
    for _ in REASONS:
        phone = window(browser, PHONE, regie.url.split("/intervisie")[0])
        phone.goto(f"/m/{code}")
        press(phone, "Doe mee")
        phones.append(phone)
    return phones


def vote(regie: Page, phones: list[Page]) -> None:
    """A first vote; the first phone is in a picture before it votes."""
    for name in ("Begin met stap 1", "Volgende stap", "Open de stemming"):
        press(regie, name)
    for place, phone in enumerate(phones):
        phone.get_by_role("radio").nth(CHOICES[place]).check()
        phone.get_by_label("Wat is je belangrijkste reden?").fill(REASONS[place])
        if place == 0:
            take(phone, "telefoon", whole=True)
        press(phone, "Doe mijn stem in de bus")
        expect(phone.get_by_text("Je stem is binnen")).to_be_visible()
    press(regie, "Sluit de stemming")


def show_reasons(regie: Page) -> None:
    """Three reasons on the scherm, one of them also in the report."""
    press(regie, "Volgende stap: Argumenten")
    waiting = regie.get_by_role("button", name="Zet op het scherm")
    for left in (5, 4, 3):
        waiting.first.click()
        expect(waiting).to_have_count(left)
    press(regie, "In het verslag")
    expect(regie.get_by_text("op het scherm en in het verslag")).to_be_visible()
    take(regie, "regie", whole=True)


def reveal(regie: Page, scherm: Page) -> None:
    """Own group, gemeente and land side by side on the beamer."""
    for name in ("Volgende stap: Praat", "Volgende stap: Onthul", "Onthul de cijfers"):
        press(regie, name)
    expect(scherm.get_by_role("columnheader", name="Jullie")).to_be_visible()
    take(scherm, "scherm", whole=False)


def window(browser: Browser, size: ViewportSize, address: str) -> Page:
    """A fresh browser window of this size."""
    return browser.new_context(
        viewport=size, locale="nl-NL", reduced_motion="reduce", base_url=address
    ).new_page()


def press(page: Page, name: str, *, within: str = "") -> None:
    """A button by its words, in a fold when that is named."""
    if within:
        page.get_by_text(within).click()
    page.get_by_role("button", name=name).first.click()


def take(page: Page, name: str, *, whole: bool) -> None:
    """One picture, once the letters have arrived."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=OUT / f"{name}.png", full_page=whole)


if __name__ == "__main__":
    main()
