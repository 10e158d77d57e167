"""Buttons can be read while what was pressed is on its way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import COLOURS, dark_faults, run_check
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import YES, counting, open_screens

ON_ITS_WAY = """() => {
  for (const form of document.forms) {
    form.classList.add("htmx-request");
    form.setAttribute("aria-busy", "true");
  }
  const shown = [...document.querySelectorAll(".utrecht-button")];
  return shown.filter((one) => getComputedStyle(one).opacity < 1).length;
}"""
"""As the scripts mark a form that was sent. Gives the number of buttons that look otherwise."""


def faults_while_busy(page: Page) -> list[str]:
    assert page.evaluate(ON_ITS_WAY), page.url
    page.evaluate(Axe().axe_script)
    return run_check(page, "axe", COLOURS) + dark_faults(page)


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("/", Role.KLANTMANAGER),
        ("/account/verwijderen", Role.KLANTMANAGER),
        ("/beheer/mensen/1/verwijderen", Role.BEHEERDER),
    ],
)
def test_a_button_that_was_pressed(live: LiveSite, visit: Visit, address: str, role: Role) -> None:
    page = visit(live.person(role))
    page.goto(address)
    assert faults_while_busy(page) == []


def test_the_buttons_of_a_session(live: LiveSite, visit: Visit) -> None:
    with counting(live):
        screens = open_screens(live, visit)
        phone = screens.come_in()
        expect(phone.get_by_role("button", name=YES)).to_be_visible()
        assert faults_while_busy(phone) + faults_while_busy(screens.regie) == []
