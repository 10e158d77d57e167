"""A page that a browser had put away and shows again, as after Back: another person may sit there.

Safari does so with every page over http; Chromium here does so with none, so the page that stands
is told what Safari tells one from memory.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import SessionScreens, counting, open_screens, seen
from tests.browser.parts.walking import answer, choose

SQLITE = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
FROM_MEMORY = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
WORDS = "Eerst zelf langsgaan."


def result(page: Page) -> None:
    answer(page, TODAY)
    expect(page.get_by_text("Jij koos:").locator("visible=true").first).to_be_visible()


def card(page: Page) -> None:
    page.goto("/")
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill(WORDS)


def invitation(page: Page) -> None:
    page.goto("/beheer/uitnodigen")
    page.get_by_label("Naam").fill(WORDS)


def account(page: Page) -> None:
    page.goto("/account")


STATES = (result, card, invitation, account)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


def become(page: Page, live: LiveSite, visitor: Visitor | None) -> None:
    """Let this browser be the next person's, or nobody's, while the page stands."""
    page.context.clear_cookies()
    if visitor is not None:
        name, value = live.cookie(visitor)
        page.context.add_cookies([{"name": name, "value": value, "url": live.url}])


@pytest.mark.parametrize("state", STATES)
def test_nothing_of_who_was_here_before_is_shown_again(
    live: LiveSite, visit: Visit, state: Callable[[Page], None]
) -> None:
    before, after = live.person(Role.KLANTMANAGER, Role.BEHEERDER), live.person()
    page = visit(before)
    state(page)
    seal = page.locator("body").get_attribute("data-zegel")
    become(page, live, after)
    with page.expect_navigation():
        shown = page.evaluate(f"{FROM_MEMORY}; getComputedStyle(document.body).display")
    assert shown == "none", "it stands there until the server answered"
    expect(page.locator("body")).to_be_visible()
    assert page.locator("body").get_attribute("data-zegel") not in (seal, None)
    fields = page.evaluate("[...document.querySelectorAll('input, textarea')].map((f) => f.value)")
    assert WORDS not in page.content() and WORDS not in fields
    expect(page.get_by_text("Jij koos:").locator("visible=true")).to_have_count(0)


def test_nor_is_it_after_signing_out(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    account(page)
    become(page, live, None)
    with page.expect_navigation():
        page.evaluate(FROM_MEMORY)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def test_a_page_of_nobody_is_asked_for_again_too(live: LiveSite, visit: Visit) -> None:
    page = visit()
    page.goto("/inloggen")
    page.get_by_label("Wachtwoord", exact=True).fill("van wie hier was")
    become(page, live, live.person())
    with page.expect_navigation():
        page.evaluate(FROM_MEMORY)
    assert not page.locator("[type=password]:visible").evaluate_all("all => all.map(f => f.value)")


@SQLITE
def test_the_pages_of_a_session_are_asked_for_again(screens: SessionScreens) -> None:
    phone = screens.come_in()
    for page in (screens.regie, screens.scherm, phone):
        page.context.clear_cookies()
        with page.expect_navigation():
            page.evaluate(FROM_MEMORY)
    expect(screens.regie.get_by_role("button", name="Log in")).to_be_visible()
    expect(screens.scherm.get_by_role("button", name="Log in")).to_be_visible()
    expect(seen(phone).get_by_role("button", name="Doe mee")).to_be_visible()
