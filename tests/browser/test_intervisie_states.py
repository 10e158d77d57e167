"""The states that the walk through Kraak 45 passes by:
joining, late, too few, refused, called off, planned.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.live import Live
from tests.browser.parts.looking import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.room import LAPTOP, Hall, counting, faults_of_copies, open_hall

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def hall(own_site: Live, visit: Visit) -> Iterator[Hall]:
    with counting(own_site):
        yield open_hall(own_site, visit)


def faults_everywhere(hall: Hall, state: str) -> list[str]:
    """What is wrong with regie, scherm and the last phone as they stand now."""
    phone = {"phone": hall.phones[-1]} if hall.phones else {}
    pages = {"regie": hall.regie, "scherm": hall.scherm, **phone}
    return [f"{state}, {fault}" for fault in faults_of_copies(pages)]


def open_the_vote(hall: Hall) -> None:
    for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
        hall.press(name)
    hall.all_see("De stemming is open")


def joining(hall: Hall) -> None:
    phone = hall.visit(site=hall.live)
    phone.goto(f"/m/{hall.code}")
    expect(phone.get_by_role("button", name="Doe mee")).to_be_visible()
    hall.phones.append(phone)


def late(hall: Hall) -> None:
    hall.come_in(2)
    open_the_vote(hall)
    phone = hall.visit(site=hall.live)
    phone.goto(f"/m/{hall.code}")
    phone.get_by_role("button", name="Kijk mee").click()
    expect(phone.get_by_text("Jij kwam later binnen")).to_be_visible()
    hall.phones.append(phone)


def too_few(hall: Hall) -> None:
    hall.come_in(2)
    open_the_vote(hall)
    hall.vote("ab", "Reden {}.".format)
    hall.press("Sluit de stemming")
    for name in ("Argumenten", "Praat", "Onthul"):
        hall.press(f"Volgende stap: {name}")
    hall.press("Onthul de cijfers")
    hall.all_see("minder dan 5 mensen", regie=True)


def refused(hall: Hall) -> None:
    phone = hall.come_in()
    open_the_vote(hall)
    phone.get_by_role("radio").first.check()
    phone.get_by_label("Wat is je belangrijkste reden?").fill("te lang " * 100)
    phone.get_by_role("button", name="Doe mijn stem in de bus").click()
    expect(phone.get_by_text("Maak er hoogstens").first).to_be_visible()


def called_off(hall: Hall) -> None:
    hall.come_in()
    hall.regie.get_by_text("Sessie afzeggen").click()
    hall.press("Zeg de sessie af")
    hall.all_see("Deze sessie gaat niet door.")


@pytest.mark.parametrize(
    "reach", [joining, late, too_few, refused, called_off], ids=lambda reach: reach.__name__
)
def test_every_page_can_be_used_by_everyone(hall: Hall, reach: Callable[[Hall], None]) -> None:
    reach(hall)
    faults = faults_everywhere(hall, reach.__name__)
    assert not faults, "\n".join(faults)


def test_a_planned_session_and_the_second_begeleider_too(own_site: Live, visit: Visit) -> None:
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
