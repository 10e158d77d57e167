"""A phone with letters of 200 per cent: nothing runs out of its box, no word breaks in two."""

import pytest

from tests.browser.day.measuring import faults_at_twice_the_size, sideways_on_the_smallest
from tests.browser.parts.desk import DESK
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.states import Stage, State
from tests.browser.parts.table import COMING_IN, TEAM_AND_ACCOUNT, THE_DAY

STATES: dict[str, State] = {
    **THE_DAY,
    **{name: COMING_IN[name] for name in ("sign in", "invitation", "uitleg", "privacy")},
    **{
        name: TEAM_AND_ACCOUNT[name]
        for name in ("account", "herinneringen", "team, agenda", "what is new")
    },
}
SMALL: dict[str, State] = {
    "account": TEAM_AND_ACCOUNT["account"],
    "beheer, invite": TEAM_AND_ACCOUNT["beheer, invite"],
    "editor": DESK["editor with everything open"],
}


@pytest.mark.slow
def test_everything_of_the_day_fits_at_twice_the_size(live: LiveSite, visit: Visit) -> None:
    stage, found = Stage(live, visit), []
    for name, state in STATES.items():
        page = state(stage)
        found += [f"{name}: {fault}" for fault in faults_at_twice_the_size(page)]
        page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", SMALL)
def test_nothing_is_wider_than_the_smallest_phone(live: LiveSite, visit: Visit, name: str) -> None:
    page = SMALL[name](Stage(live, visit))
    assert sideways_on_the_smallest(page) == 0
