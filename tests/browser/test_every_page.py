"""The walk along every page in every state:
what a machine can find of accessibility, on a narrow screen too.
"""

import pytest

from tests.browser.day.unfolding import UNFOLDING
from tests.browser.parts.desk import DESK
from tests.browser.parts.diary import DIARY
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.states import Stage, State
from tests.browser.parts.table import COMING_IN, DEMO, TEAM_AND_ACCOUNT, THE_DAY


def walk(stage: Stage, states: dict[str, State]) -> list[str]:
    """The faults found on the way. Each phone is put away as soon as its page was looked at."""
    found = []
    for name, state in states.items():
        page = state(stage)
        found += [f"{name}: {fault}" for fault in faults_of(page)]
        page.context.close()
    return found


@pytest.mark.parametrize(
    "states",
    [COMING_IN, THE_DAY, UNFOLDING, TEAM_AND_ACCOUNT, DIARY, DESK],
    ids=[
        "coming in",
        "the day",
        "a card that unfolds",
        "team and account",
        "the diary",
        "the desk",
    ],
)
def test_every_page_in_every_state_can_be_used_by_everyone(
    live: LiveSite, visit: Visit, states: dict[str, State]
) -> None:
    faults = walk(Stage(live, visit), states)
    assert not faults, "\n".join(faults)


def test_the_demo_and_a_site_without_mail_can_be_used_by_everyone(
    demo_site: LiveSite, visit: Visit
) -> None:
    faults = walk(Stage(demo_site, visit), DEMO)
    assert not faults, "\n".join(faults)
