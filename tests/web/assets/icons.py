"""Draws the icons of the home screen from the mark: `.venv/bin/python -m tests.web.assets.icons`.

The files are kept with the code. Draw them anew when `static/icon.svg` changes.
"""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kopkrakers.base.config import asset_folder
from tests.browser.engines.chromium import chromium

PAPER = "#FAF6EF"
"""The ground of the product; without one a phone puts black behind the mark."""


@dataclass(frozen=True)
class Icon:
    """One file. `share`: how much of its width the mark takes."""

    name: str
    pixels: int
    share: float
    ground: str = PAPER


ICONS = (
    Icon("icon-192", 192, 0.96, ground="transparent"),
    Icon("icon-512", 512, 0.96, ground="transparent"),
    # a launcher may cut away all but the circle of four fifths in the middle
    Icon("maskable-192", 192, 0.7),
    Icon("maskable-512", 512, 0.7),
    Icon("apple-touch", 180, 0.76),
)


def draw(page: Page, icon: Icon, mark: str, path: Path) -> None:
    """Write the mark in the middle of a square as a PNG file."""
    page.set_viewport_size({"width": icon.pixels, "height": icon.pixels})
    size = round(icon.pixels * icon.share)
    style = f"margin:0;height:100vh;display:grid;place-items:center;background:{icon.ground}"
    page.set_content(f'<body style="{style}"><div style="width:{size}px">{mark}</div></body>')
    page.screenshot(path=path, omit_background=True)


def main() -> None:
    """Draw all of them."""
    mark = (asset_folder("static") / "icon.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        for icon in ICONS:
            draw(page, icon, mark, asset_folder("static") / "icons" / f"{icon.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
