"""A phone with letters of 200 per cent: nothing runs out of its box, no word breaks in two."""

import pytest

from tests.browser.day.measuring import faults_at_twice_the_size
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


@pytest.mark.slow
def test_everything_of_the_day_fits_at_twice_the_size(live: LiveSite, visit: Visit) -> None:
    stage, found = Stage(live, visit), []
    for name, state in STATES.items():
        page = state(stage)
        found += [f"{name}: {fault}" for fault in faults_at_twice_the_size(page)]
        page.context.close()
    assert not found, "\n".join(found)
