"""How one gets to the pages of a card that unfolds, in each state."""

import re

from playwright.sync_api import Locator, Page, expect

from kopkrakers.tallies.models import NL, Tally
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.states import KLANTMANAGER, Stage, State, open_everything
from tests.browser.parts.walking import answer, press
from tests.support.pages import OPTIONS, WHY
from tests.support.tally_guard import unhooked

PAGE = f"/dilemma/{EARLIER}/1/vervolg"
"""Of the dilemma whose first chapter comes today."""


def option(page: Page, name: str) -> Locator:
    """The radio button of a werkwijze, under the question of the chapter."""
    group = page.get_by_role("group", name="Wat doe je nu je dit weet?")
    return group.get_by_role("radio", name=name)


def add_parts(live: LiveSite) -> None:
    """National totals of the card and its first chapter, as after a count."""
    totals = {1: (60, 28, 10, 2), 2: (18, 66, 14, 2)}
    with unhooked(WHY), live.database.transaction() as session:
        for edition, counts in totals.items():
            for code, n in zip(OPTIONS, counts, strict=True):
                session.merge(Tally(dilemma=EARLIER, edition=edition, scope=NL, option=code, n=n))
    live.site(EARLIER).sign_figures()


def asked(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    answer(page, EARLIER)
    page.goto(PAGE)
    open_everything(page)
    return page


def told_on_today(stage: Stage) -> Page:
    page = stage.open("/", KLANTMANAGER)
    answer(page, EARLIER)
    page.goto("/")
    expect(page.get_by_text("er kwam iets bij")).to_be_visible()
    return page


def nothing_chosen(stage: Stage) -> Page:
    page = asked(stage)
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    press(page, "Doe mijn keuze in de bus")
    expect(page.locator(".utrecht-alert--error[data-focus]")).to_be_visible()
    return page


def chosen_again(stage: Stage) -> Page:
    page = asked(stage)
    option(page, "Ik doe het samen met hem").check()
    press(page, "Doe mijn keuze in de bus")
    expect(page).to_have_title(re.compile("In de bus: het vervolg"))
    open_everything(page)
    return page


def parts_beside_each_other(stage: Stage) -> Page:
    add_parts(stage.live)
    page = chosen_again(stage)
    expect(page.get_by_role("table", name="Aandeel per werkwijze, na elk deel")).to_be_visible()
    return page


UNFOLDING: dict[str, State] = {
    "today, with a new fact": told_on_today,
    "a new fact": asked,
    "a new fact, nothing chosen": nothing_chosen,
    "a new fact, chosen": chosen_again,
    "all parts beside each other": parts_beside_each_other,
}
