"""A diary as a file: copied, and put back."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.parts.diary import (
    PHRASE,
)
from tests.browser.parts.walking import press, unfold

FORM = "[data-doe=terugzetten]"


def copied(page: Page, folder: Path) -> Path:
    """Save a copy of the open diary."""
    page.get_by_role("tab", name="Kopie").click()
    with page.expect_download() as waiting:
        press(page, "Bewaar een kopie")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def put_back(page: Page, path: Path, phrase: str = PHRASE) -> None:
    """Put a copy back, on the page of the diary."""
    form = page.locator(FORM)
    if not form.is_visible():
        unfold(page, "Zet een kopie terug")
    form.get_by_label("Het bestand").set_input_files(path)
    form.get_by_label("De wachtzin van de kopie").fill(phrase)
    press(form, "Zet terug")
