"""What a first visit weighs, as it goes over the line,
and that nothing jumps when the script comes late.
"""

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.day.shifts import COUNT_SHIFTS, SHIFT, late
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.page_checks import rectangle_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import counting, open_screens
from tests.browser.parts.states import Stage, result_with_figures
from tests.browser.parts.walking import choose, put_in_box

FIRST_VISIT = 30 * 1024
"""Bytes before fonts."""
WITH_FONTS = 100 * 1024
SESSION = 60 * 1024
SESSION_AGAIN = 8 * 1024


def weigh(page: Page, url: str) -> Counter[str]:
    """The compressed bytes of everything that opening a page fetches, by kind; without headers."""
    line = page.context.new_cdp_session(page)
    begun: dict[str, tuple[str, int]] = {}
    weights: Counter[str] = Counter()

    def headers_came(told: dict[str, Any]) -> None:
        begun[told["requestId"]] = (told["type"], int(told["response"]["encodedDataLength"]))

    def all_came(told: dict[str, Any]) -> None:
        kind, headers = begun[told["requestId"]]
        # what the browser kept comes without anything over the line
        weights[kind] += max(0, int(told["encodedDataLength"]) - headers)

    line.on("Network.responseReceived", headers_came)
    line.on("Network.loadingFinished", all_came)
    line.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    return weights


def test_a_first_visit_is_light(live: LiveSite, visit: Visit) -> None:
    weights = weigh(visit(live.person()), "/")
    before_fonts = sum(weight for kind, weight in weights.items() if kind != "Font")
    assert before_fonts <= FIRST_VISIT, weights
    assert sum(weights.values()) <= WITH_FONTS, weights


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_a_phone_that_comes_to_a_session_fetches_little(own_site: LiveSite, visit: Visit) -> None:
    """With fonts: hundreds may come in at once, on the network of one building."""
    with counting(own_site):
        screens = open_screens(own_site, visit)
        phone = visit(site=own_site)
        first = weigh(phone, f"/m/{screens.code}")
        assert sum(first.values()) <= SESSION, first
        second = weigh(phone, f"/m/{screens.code}")
        assert sum(second.values()) <= SESSION_AGAIN, second
        expect(phone.get_by_role("button", name="Doe mee")).to_be_visible()


def test_nothing_jumps_when_the_script_comes_late(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    laptop, phone = visit(person), visit(person)
    laptop.goto(f"/dilemma/{EARLIER}")
    choose(laptop, "Ik doe het zo")
    put_in_box(laptop)
    phone.add_init_script(COUNT_SHIFTS)
    phone.route("**/kopkrakers.*.js", late)
    phone.goto(f"/dilemma/{EARLIER}/1/uitslag", wait_until="load")
    expect(phone.get_by_role("button", name="Deel")).to_be_visible()
    phone.wait_for_timeout(300)
    assert phone.evaluate("shift") <= SHIFT


def test_the_place_of_tabs_is_kept_while_the_page_still_arrives(
    live: LiveSite, visit: Visit
) -> None:
    """A slow phone draws the first part of a long result before the second has come."""
    phone = result_with_figures(Stage(live, visit))
    phone.route("**/kopkrakers.*.js", lambda route: route.abort())
    phone.goto(f"/dilemma/{EARLIER}/1/uitslag")
    expect(phone.locator("[data-tab]")).to_have_count(2)
    first = phone.locator("[data-tab]").first
    whole = rectangle_of(first)["y"]
    phone.evaluate("document.querySelectorAll('[data-tab] ~ [data-tab]').forEach(e => e.remove())")
    assert rectangle_of(first)["y"] == whole
