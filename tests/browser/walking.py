"""The steps that several tests take on the pages, in the words of who takes them."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "fiets kameel wolk dak"


def choose(page: Page, option: str, *, doorslag: str = "Betrokkenheid") -> None:
    """Pick a werkwijze by its words, say what tipped it, and leave the two other questions."""
    page.get_by_role("radio", name=option).check()
    page.get_by_role("radio", name=doorslag).check()


def put_in_box(page: Page) -> None:
    """Send the answer and wait for the result."""
    page.get_by_role("button", name="Doe mijn keuze in de bus").click()
    expect(page.get_by_text("Uitslag", exact=True)).to_be_visible()


def answer(page: Page, slug: str, option: str = "Ik doe het anders", *, doorslag: str = "Betrokkenheid") -> None:
    """Answer a dilemma, from opening it to its result."""
    page.goto(f"/dilemma/{slug}")
    choose(page, option, doorslag=doorslag)
    put_in_box(page)


def choose_password(page: Page, button: str = "Maak mijn account") -> None:
    """Fill in the password on the page of an invitation."""
    page.get_by_label(re.compile("wachtwoord", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def kept(page: Page) -> dict[str, str]:
    """What this device keeps."""
    stored: dict[str, str] = page.evaluate("({...localStorage})")
    return stored
