"""Makes the pictures in docs/beeld, and those that a phone shows when it installs the product, from
a running demo in which nobody answered yet.

Run `make demo` in one terminal and `.venv/bin/python docs/beeld/schermen.py` in another, with the
address that the demo printed if it is another than usual.
"""

import argparse
import os
import re
import shutil
from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

OUT = Path(__file__).parent
INSTALLED = Path(__file__).parents[2] / "static" / "schermen"
"""Named by static/app.webmanifest, with their sizes."""
PHONE: ViewportSize = {"width": 360, "height": 740}
LAPTOP: ViewportSize = {"width": 1280, "height": 860}
WIDE: ViewportSize = {"width": 1280, "height": 800}
SHARPNESS = 2
QUALITY = 45
"""Of a JPEG: a picture of a page weighs some fifty kilobytes."""
ASK_AGAIN_MS = 2000
SHOWN_WIDTH = 360
FRAME = """<!doctype html><style>
  body {{ margin: 0; display: inline-flex; gap: 40px; padding: 36px; background: {ground} }}
  img {{ width: {width}px; border-radius: 34px; outline: 9px solid #1B2430 }}
  img {{ box-shadow: 0 18px 40px rgb(0 0 0 / .22) }}
</style>{pictures}"""
WITHOUT_DEMO = ".kk-ribbon, #kijken { display: none }"
"""What only the demo has."""
TABLES = {
    "onderzoek-doorslag": "choice_by_consideration",
    "onderzoek-samen": "pooled_by_consideration",
}
"""Pictures of tables: one of each dilemma, and one of all dilemmas together."""
GROUNDS = {"light": "#E9E2D5", "dark": "#2A3745"}


def main() -> None:
    """Take the day in light and dark, for personas who have not answered yet,
    and what the onderzoeker sees.
    """
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("address", nargs="?", default="http://localhost:8000")
    address = options.parse_args().address.rstrip("/")
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=arguments
        )
        for scheme, persona in (("light", "Anna"), ("dark", "Bram")):
            name = "kaart-en-uitslag" if scheme == "light" else "kaart-en-uitslag-donker"
            shots = the_day(browser, address, persona, scheme)
            side_by_side(browser, shots, GROUNDS[scheme], OUT / f"{name}.png")
        the_figures(browser, address)
        for_installing(browser, address)
        browser.close()


def the_day(browser: Browser, address: str, persona: str, scheme: str) -> list[bytes]:
    """The card, the result and the kraakvraag, as one persona meets them."""
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=SHARPNESS,
        color_scheme="dark" if scheme == "dark" else "light",
        locale="nl-NL",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/inloggen")
    page.get_by_role("button", name=re.compile(f"^{persona} ")).click()
    if page.locator("[name=optie]").count() == 0:
        raise SystemExit(
            f"{persona} answered already, or there is no card. Start a fresh demo: make demo"
        )
    card = picture(page)
    answer(page)
    bring_up(page, "[aria-labelledby=verdeling-kop]")
    result = picture(page)
    bring_up(page, ".kk-kraak")
    kraakvraag = picture(page)
    context.close()
    return [card, result, kraakvraag]


def answer(page: Page) -> None:
    """Answer the card that is shown, and wait for the result."""
    page.locator("[name=optie]").nth(1).check()
    page.get_by_role("radio", name="Betrokkenheid").check()
    page.locator("[name=verwacht][value=a]").check()
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    page.locator("[data-uitslag]").wait_for()


def the_figures(browser: Browser, address: str) -> None:
    """Picture the spread of opinions and two tables as the onderzoeker sees them, once the demo has
    made its first release.
    """
    page = browser.new_page(viewport=LAPTOP, locale="nl-NL", reduced_motion="reduce")
    page.goto(f"{address}/inloggen")
    page.get_by_role("button", name=re.compile("^Dewi ")).click()
    page.goto(f"{address}/onderzoek")
    promise = page.get_by_role("button", name="Ga naar de cijfers")
    if promise.count():
        page.get_by_role("checkbox").check()
        promise.click()
    while page.get_by_role("link", name="Waar zijn mensen verdeeld?").count() == 0:
        page.wait_for_timeout(ASK_AGAIN_MS)
        page.reload()
    for name, table in TABLES.items():
        page.goto(f"{address}/onderzoek?tabel={table}")
        bring_up(page, "section:has(> .kk-scroll) >> nth=0")
        (OUT / f"{name}.png").write_bytes(picture(page))
    page.get_by_role("link", name="Waar zijn mensen verdeeld?").click()
    (OUT / "onderzoek.png").write_bytes(picture(page))
    page.close()


def for_installing(browser: Browser, address: str) -> None:
    """The card and the result on a phone, and Vandaag on a laptop."""
    INSTALLED.mkdir(exist_ok=True)
    sizes = (("laptop", WIDE, 1), ("kaart", PHONE, SHARPNESS), ("uitslag", PHONE, SHARPNESS))
    for name, viewport, sharpness in sizes:
        context = browser.new_context(
            viewport=viewport,
            device_scale_factor=sharpness,
            locale="nl-NL",
            reduced_motion="reduce",
            bypass_csp=True,  # for the style that hides what only the demo has
        )
        page = context.new_page()
        page.goto(f"{address}/inloggen")
        page.get_by_role("button", name=re.compile("^Gerda ")).click()
        if name == "uitslag":
            answer(page)
        page.add_style_tag(content=WITHOUT_DEMO)
        bring_up(page, "[aria-labelledby=verdeling-kop]" if name == "uitslag" else "article")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=INSTALLED / f"{name}.jpg", type="jpeg", quality=QUALITY)
        context.close()


def bring_up(page: Page, block: str) -> None:
    """Scroll a part of the page to just under the top."""
    page.locator(block).evaluate(
        "block => scrollTo(0, block.getBoundingClientRect().top + scrollY - 24)"
    )


def picture(page: Page) -> bytes:
    """Return a picture of the screen, once the letters have arrived."""
    page.evaluate("document.fonts.ready")
    return page.screenshot()


def side_by_side(browser: Browser, shots: list[bytes], ground: str, file: Path) -> None:
    """Put phones beside each other in one picture."""
    pictures = "".join(
        f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots
    )
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_content(
        FRAME.format(ground=ground, width=SHOWN_WIDTH, pictures=pictures), wait_until="load"
    )
    page.locator("body").screenshot(path=file)
    page.close()


if __name__ == "__main__":
    main()
