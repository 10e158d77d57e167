"""Two tabs of one phone: what is done in one of them shows in the other."""

import pytest
from playwright.sync_api import expect

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import LABELS, VOTE, counting, open_screens

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


def test_a_second_tab_knows_that_this_phone_voted(own_site: LiveSite, visit: Visit) -> None:
    with counting(own_site):
        screens = open_screens(own_site, visit)
        phone = screens.come_in()
        screens.come_in_unseen(1)
        for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
            screens.press(name)
        second = phone.context.new_page()
        second.goto(phone.url)
        expect(second.get_by_text("De stemming is open.").first).to_be_visible()
        phone.get_by_role("radio", name=LABELS["a"]).check()
        phone.get_by_role("button", name=VOTE).click()
        expect(second.get_by_text("Je stem is binnen").first).to_be_visible()
