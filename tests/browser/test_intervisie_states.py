"""What the walk through Kraak 45 passes by: joining, late, too few, refused, called off, planned;
a phone as remote, two presses on one spot, a press without network.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from kopkrakers.accounts.models import Role
from tests.browser.intervisie.parts import LARGE
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.page_checks import faults_of, rectangle_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LABELS,
    LAPTOP,
    REMOTE,
    VOTE,
    SessionScreens,
    counting,
    faults_of_copies,
    open_screens,
    seen,
)
from tests.support.running import until

REASON = "Omdat het maandag koud is."
Box = tuple[float, float, float, float]

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


def faults_everywhere(screens: SessionScreens, state: str) -> list[str]:
    """Return the faults of regie, scherm and the last phone as they stand now."""
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
    screens.come_in_unseen(2)
    open_the_vote(screens)
    phone = screens.visit(site=screens.live)
    phone.goto(f"/m/{screens.code}")
    phone.get_by_role("button", name="Kijk mee").click()
    expect(seen(phone).get_by_text("Jij kwam later binnen")).to_be_visible()
    screens.phones.append(phone)


def too_few(screens: SessionScreens) -> None:
    screens.come_in()
    screens.come_in_unseen(1)
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


def large_button(page: Page, label: str) -> Box:
    """Left, top, right and bottom of the large button, which has this label."""
    found = rectangle_of(page.locator(LARGE).filter(has_text=label))
    right, bottom = found["x"] + found["width"], found["y"] + found["height"]
    return found["x"], found["y"], right, bottom


def in_view(page: Page, label: str) -> bool:
    """Whether all of the large button can be pressed without scrolling."""
    left, top, right, bottom = large_button(page, label)
    size = page.viewport_size
    assert size is not None
    inside = left >= 0 and top >= 0 and right <= size["width"] and bottom <= size["height"]
    at_middle = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y)?.closest('button')?.textContent.trim()",
        [(left + right) / 2, (top + bottom) / 2],
    )
    return inside and label in str(at_middle)


def overlap(one: Box, other: Box) -> bool:
    return one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("size", [REMOTE, LAPTOP], ids=["phone", "laptop"])
def test_the_large_button_is_in_view_and_no_slip_hits_what_cannot_be_undone(
    screens: SessionScreens, size: ViewportSize
) -> None:
    screens.come_in_unseen(5)
    screens.regie.set_viewport_size(size)
    boxes: dict[str, Box] = {}

    def press(label: str) -> None:
        if size == REMOTE:
            expect(screens.regie.locator(".kk-nav")).to_be_hidden()
            until(lambda: in_view(screens.regie, label), f"{label} is out of view")
        boxes[label] = large_button(screens.regie, label)
        screens.regie.locator(LARGE).filter(has_text=label).click()

    press("Begin met stap 1")
    press("Volgende stap: Kies zelf")
    screens.agree_on_heads()
    press("Open de stemming")
    expect(screens.regie.locator(LARGE)).to_have_text("Sluit de stemming")
    screens.vote("aabbc", lambda place: f"Reden {place}. " * 6)
    press("Sluit de stemming")
    press("Volgende stap: Argumenten")
    press("Volgende stap: Praat")
    press("Volgende stap: Onthul")
    press("Onthul de cijfers")
    for step in ("Samen", "Kies opnieuw"):
        press(f"Volgende stap: {step}")
    screens.press("Sla deze stap over")
    press("Volgende stap: Werkafspraken")
    press("Rond af en maak het verslag")
    assert not overlap(boxes["Open de stemming"], boxes["Sluit de stemming"])
    assert not overlap(boxes["Volgende stap: Onthul"], boxes["Onthul de cijfers"])


@pytest.mark.parametrize("size", [REMOTE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("early", [False, True], ids=["at the end", "early"])
def test_ending_with_a_double_tap_stays_ended(
    screens: SessionScreens, size: ViewportSize, *, early: bool
) -> None:
    screens.come_in_unseen(2)
    page = screens.regie
    page.set_viewport_size(size)
    screens.press("Begin met stap 1")
    if early:
        page.get_by_text("Eerder stoppen").click()
        button = page.get_by_role("button", name="Beëindig de sessie")
    else:
        screens.press("Werkafspraken")
        button = page.get_by_role("button", name="Rond af en maak het verslag")
    button.scroll_into_view_if_needed()
    found = rectangle_of(button)
    spot = found["x"] + found["width"] / 2, found["y"] + found["height"] / 2
    page.mouse.click(*spot)
    expect(page.get_by_role("heading", name="De sessie is afgelopen")).to_be_visible()
    for _ in range(3):
        page.mouse.click(*spot)
        page.wait_for_timeout(300)
    page.goto(f"/intervisie/{screens.code}/regie")
    expect(page.get_by_role("heading", name="De sessie is afgelopen")).to_be_visible()
    page.get_by_text("Te vroeg afgerond?").click()
    screens.press("Ga terug naar de sessie")
    expect(page.get_by_text("Stap ").first).to_be_visible()


def test_a_press_without_network_stays_on_the_page_and_goes_when_it_can(
    screens: SessionScreens,
) -> None:
    phone, waits = screens.come_in(), "Je druk op de knop is bewaard"
    screens.regie.context.set_offline(True)
    screens.press("Begin met stap 1")
    expect(seen(screens.regie).get_by_text(waits)).to_be_visible()
    screens.regie.context.set_offline(False)
    expect(screens.regie.get_by_text("Stap 1 van 9").first).to_be_visible()
    expect(seen(screens.regie).get_by_text(waits)).to_be_hidden()
    screens.press("Volgende stap: Kies zelf")
    screens.press("Open de stemming")
    phone.get_by_role("radio", name=LABELS["b"]).check()
    phone.get_by_label("Wat is je belangrijkste reden?").fill(REASON)
    phone.context.set_offline(True)
    phone.get_by_role("button", name=VOTE).click()
    # where they press, and not at the end of the page alone
    phone.get_by_role("button", name=VOTE).evaluate("button => button.scrollIntoView(false)")
    expect(seen(phone).get_by_text(waits)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_label("Wat is je belangrijkste reden?")).to_have_value(REASON)
    expect(phone.get_by_role("radio", name=LABELS["b"])).to_be_checked()
    phone.context.set_offline(False)
    expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
    expect(screens.regie.get_by_text("open · 1 van 1 binnen")).to_be_visible()


def test_a_vote_whose_reply_was_lost_is_in_once(screens: SessionScreens) -> None:
    phone = screens.come_in()
    for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
        screens.press(name)
    phone.get_by_role("radio", name=LABELS["b"]).check()
    sent = []

    def lose_the_reply(route: Route) -> None:
        sent.append(1)
        if len(sent) > 1:
            route.continue_()
            return
        route.fetch(max_redirects=0)
        route.abort()

    phone.route("**/stem", lose_the_reply)
    phone.get_by_role("button", name=VOTE).click()
    expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
    expect(seen(phone).get_by_text("De eerste telt")).to_have_count(0)
    expect(screens.regie.get_by_text("open · 1 van 1 binnen")).to_be_visible()
    assert len(sent) == 2


def test_werkafspraken_that_were_typed_are_in_the_report(screens: SessionScreens) -> None:
    screens.come_in_unseen(2)
    screens.press("Begin met stap 1")
    screens.regie.get_by_text("Werkafspraken alvast opschrijven").click()
    screens.regie.get_by_label("Afspraak 1").fill("We bellen eerst.")
    screens.press("Volgende stap: Kies zelf")
    expect(screens.regie.get_by_text("Stap 2 van 9").first).to_be_visible()
    expect(screens.regie.get_by_label("Afspraak 1")).to_have_value("We bellen eerst.")
    screens.regie.get_by_text("Eerder stoppen").click()
    screens.press("Beëindig de sessie")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    expect(screens.regie.get_by_text("We bellen eerst.").first).to_be_visible()


def test_the_question_before_closing_can_be_read_and_answered_by_everyone(
    screens: SessionScreens,
) -> None:
    screens.come_in_unseen(2)
    open_the_vote(screens)
    screens.press("Sluit de stemming")
    expect(screens.regie.get_by_role("button", name="Ja, sluit toch")).to_be_visible()
    expect(screens.regie.locator(".ki-vraag")).to_be_focused()
    screens.regie.context.set_offline(True)  # else the next answer could take its place meanwhile
    assert not faults_of(screens.regie)
