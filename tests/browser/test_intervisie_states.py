"""The states that the walk through Kraak 45 passes by:
joining, late, too few, refused, called off, planned.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.looking import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LAPTOP,
    SessionScreens,
    counting,
    faults_of_copies,
    open_screens,
)

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


def faults_everywhere(screens: SessionScreens, state: str) -> list[str]:
    """What is wrong with regie, scherm and the last phone as they stand now."""
    phone = {"phone": screens.phones[-1]} if screens.phones else {}
    pages = {"regie": screens.regie, "scherm": screens.scherm, **phone}
    return [f"{state}, {fault}" for fault in faults_of_copies(pages)]


def open_the_vote(screens: SessionScreens) -> None:
    for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
        screens.press(name)
    screens.all_see("De stemming is open")


def joining(screens: SessionScreens) -> None:
    phone = screens.visit(site=screens.live)
    phone.goto(f"/m/{screens.code}")
    expect(phone.get_by_role("button", name="Doe mee")).to_be_visible()
    screens.phones.append(phone)


def late(screens: SessionScreens) -> None:
    screens.come_in(2)
    open_the_vote(screens)
    phone = screens.visit(site=screens.live)
    phone.goto(f"/m/{screens.code}")
    phone.get_by_role("button", name="Kijk mee").click()
    expect(phone.get_by_text("Jij kwam later binnen")).to_be_visible()
    screens.phones.append(phone)


def too_few(screens: SessionScreens) -> None:
    screens.come_in(2)
    open_the_vote(screens)
    screens.vote("ab", "Reden {}.".format)
    screens.press("Sluit de stemming")
    for name in ("Argumenten", "Praat", "Onthul"):
        screens.press(f"Volgende stap: {name}")
    screens.press("Onthul de cijfers")
    screens.all_see("minder dan 5 mensen", regie=True)


def refused(screens: SessionScreens) -> None:
    phone = screens.come_in()
    open_the_vote(screens)
    phone.get_by_role("radio").first.check()
    phone.get_by_label("Wat is je belangrijkste reden?").fill("te lang " * 100)
    phone.get_by_role("button", name="Doe mijn stem in de bus").click()
    expect(phone.get_by_text("Maak er hoogstens").first).to_be_visible()
    expect(phone.locator("[data-focus]")).to_be_focused()


def called_off(screens: SessionScreens) -> None:
    screens.come_in()
    screens.regie.get_by_text("Sessie afzeggen").click()
    screens.press("Zeg de sessie af")
    screens.all_see("Deze sessie gaat niet door.")


@pytest.mark.parametrize(
    "reach", [joining, late, too_few, refused, called_off], ids=lambda reach: reach.__name__
)
def test_every_page_can_be_used_by_everyone(
    screens: SessionScreens, reach: Callable[[SessionScreens], None]
) -> None:
    reach(screens)
    faults = faults_everywhere(screens, reach.__name__)
    assert not faults, "\n".join(faults)


def test_a_planned_session_and_the_second_begeleider_too(own_site: LiveSite, visit: Visit) -> None:
    own_site.person(Role.BEGELEIDER)
    regie = visit(own_site.world.gerda, site=own_site, viewport=LAPTOP)
    regie.goto("/team/1/intervisie")
    regie.get_by_role("radio", name="Een eigen casus").check()
    regie.get_by_label("Titel").fill("De scooter")
    regie.get_by_label("Wat is er aan de hand").fill("Wat doe je met de scooter?")
    for letter, words in (("A", "Melden"), ("B", "Eerst bellen")):
        regie.get_by_label(f"Werkwijze {letter}").fill(words)
    regie.get_by_text("Later, samen met iemand").click()
    regie.get_by_role("button", name="Plan vooruit").click()
    regie.get_by_text("Kies een tweede begeleider").click()
    regie.get_by_label("Tweede begeleider").select_option(index=1)
    regie.get_by_role("button", name="Bewaar").click()
    regie.get_by_text("Verander de tweede begeleider").click()
    assert not faults_of(regie)
