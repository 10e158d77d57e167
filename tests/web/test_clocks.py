"""A machine whose clock is wrong, or passes a border of the calendar: no page fails."""

from datetime import UTC, datetime

import pytest

from kopkrakers.web.limits import Limits
from tests.support.clock import StoppedClock
from tests.support.pages import Site, address_of
from tests.support.world import World

MOMENTS = {
    "a clock without a battery": datetime(1970, 1, 1, tzinfo=UTC),
    "seconds do not fit in 31 bits": datetime(2038, 1, 19, 4, tzinfo=UTC),
    "a century without a leap day": datetime(2100, 2, 28, 23, 30, tzinfo=UTC),
    "the hour that comes twice": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    "the hour that is not there": datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_no_clock_makes_a_page_fail(
    site: Site, world: World, clock: StoppedClock, moment: datetime
) -> None:
    site.app.testing = False
    clock.moment = moment
    wrong = set()
    signed_in = [site.browser(who) for who in (world.anna, world.gerda, world.farid, world.dewi)]
    for browser in [site.app.test_client(), *signed_in]:
        for rule in site.app.url_map.iter_rules():
            # `/klaar` says 503 of a counter that never looked by this clock
            if "GET" in (rule.methods or ()) and rule.rule != "/klaar":
                site.app.extensions["kopkrakers_limits"] = Limits()
                if browser.get(address_of(rule.rule)).status_code >= 500:
                    wrong.add(rule.rule)
    assert wrong == set()
