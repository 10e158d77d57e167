"""Links that stand alone are as high as a finger wants them."""

import pytest

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import rectangle_of
from tests.browser.parts.phone import Visit

FINGER = 44


@pytest.mark.parametrize("name", ["Verwijder je account", "Wat beheerders met je account deden"])
def test_a_link_that_stands_alone_is_high_enough(live: LiveSite, visit: Visit, name: str) -> None:
    page = visit(live.person())
    page.goto("/account")
    assert rectangle_of(page.get_by_role("link", name=name))["height"] >= FINGER
