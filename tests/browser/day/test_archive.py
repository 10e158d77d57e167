"""Looking for a dilemma by words, on a phone and with a mouse."""

import re

from playwright.sync_api import expect

from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.phone import Visit

TO_SHOW = 500
"""In milliseconds: a list that is asked for is shown well within it."""


def test_what_is_found_is_opened_however_slowly_it_is_pressed(live: LiveSite, visit: Visit) -> None:
    """Pressing takes the focus from the field: the list must not be fetched anew by that."""
    page = visit(live.person())
    page.goto("/archief")
    page.get_by_label("Zoek op woorden").press_sequentially("samen thuis")
    expect(page).to_have_url(re.compile("zoek=samen"))
    page.get_by_role("link", name="Samen thuis").hover()
    page.mouse.down()
    page.wait_for_timeout(TO_SHOW)
    page.mouse.up()
    expect(page).to_have_url(re.compile(EARLIER))


def test_a_theme_that_is_chosen_narrows_the_list_by_itself(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/archief")
    page.get_by_text("Kies een thema").click()
    page.get_by_label("Thema").select_option(index=1)
    expect(page).to_have_url(re.compile("thema=[^&]"))
