"""A day with a stelling on a phone: in every state, by keyboard, without script and network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from kopkrakers.answers.service import Turn
from kopkrakers.ballots.models import Envelope
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.counter.build import make_counter
from kopkrakers.tallies.models import Tally
from tests.browser.day.measuring import BARS_AND_MENU, faults_at_twice_the_size, screens
from tests.browser.offline.waiting import WAITS, opened
from tests.browser.parts.live_site import LiveSite, live_site
from tests.browser.parts.network import network_to
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import press, put_in_box, tab_to, take_back, unfold
from tests.support.attacks import unseal
from tests.support.databases import making
from tests.support.polling import give_pools
from tests.support.tally_guard import unhooked

SLUG = "stelling-zelf-aanspreekbaar"
SENTENCE = "Ik zou zelf aanspreekbaar moeten zijn op mijn besluit, zoals een jeugdprofessional."
"""One of the longest."""
COUNTS = {"a": 5000, "b": 2777, "c": 700}
MOST_SCREENS = 2.0
"""Of a phone: a stelling is for forty seconds."""


@pytest.fixture(scope="module")
def live(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own, on which today has a stelling."""
    folder = tmp_path_factory.mktemp("stelling")
    with live_site(folder, making.copy_sqlite(sqlite_template, folder), mail=True) as site:
        seen = site.site(SLUG)
        state, today = seen.state, seen.state.today()
        with site.database.transaction() as session:
            session.merge(CalendarDay(day=today, dilemma=SLUG))
        seen.tick()
        with site.database.transaction() as session:
            give_pools(session, mac_keys(state.settings), today)
        seen.tick()
        yield site


@pytest.fixture
def figures(live: LiveSite) -> None:
    """Figures of the land and of Zaanstad, once for the module."""
    with live.database.reading() as session:
        if session.exec(select(Tally).where(Tally.dilemma == SLUG)).first() is not None:
            return
    with unhooked("a page shows totals, whoever counted them"), live.database.transaction() as now:
        for scope in ("NL", str(live.world.zaanstad)):
            for option, n in COUNTS.items():
                now.add(Tally(dilemma=SLUG, edition=1, scope=scope, option=option, n=n))
    live.site(SLUG).sign_figures()


def answer_of(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name="Wat vind jij?").get_by_role(
        "radio", name=words, exact=True
    )


def test_each_state_is_right_for_everybody(live: LiveSite, visit: Visit) -> None:
    """By axe, light and dark, at 360 and 320 wide, at 400 per cent and with wide letters."""
    phone = visit(live.person())
    phone.goto("/")
    expect(phone.get_by_role("heading", name=SENTENCE)).to_be_visible()
    found = [f"card: {fault}" for fault in faults_of(phone)]
    phone = visit(live.person())
    phone.goto("/")
    answer_of(phone, "Hangt ervan af").check()
    expect(phone.get_by_text("Jij kiest: Hangt ervan af")).to_be_visible()
    put_in_box(phone)
    expect(phone.get_by_text("Jij koos: Hangt ervan af")).to_be_visible()
    found += [f"receipt: {fault}" for fault in faults_of(phone)]
    phone.goto("/")
    found += [f"chosen: {fault}" for fault in faults_of(phone)]
    phone = visit(live.person())
    phone.goto("/zonder-verbinding")
    found += [f"no network: {fault}" for fault in faults_of(phone)]
    assert found == []


def test_everything_fits_at_twice_the_size(live: LiveSite, visit: Visit) -> None:
    phone = visit(live.person())
    phone.goto("/")
    found = faults_at_twice_the_size(phone)
    answer_of(phone, "Eens").check()
    put_in_box(phone)
    assert found + faults_at_twice_the_size(phone) == []


def test_card_and_result_are_short_and_the_bars_stand_above_the_menu(
    live: LiveSite, visit: Visit, figures: None
) -> None:
    phone = visit(live.person())
    phone.goto("/")
    assert screens(phone) <= MOST_SCREENS
    answer_of(phone, "Oneens").check()
    put_in_box(phone)
    own = phone.get_by_role("row", name="Oneens jij 33%")
    expect(own).to_be_visible()
    assert screens(phone) <= MOST_SCREENS
    bars, menu = phone.evaluate(BARS_AND_MENU)
    assert bars <= menu
    assert faults_of(phone) == []


def test_it_is_answered_by_keyboard_alone(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    phone = visit(person)
    phone.goto("/")
    unseen = tab_to(phone, answer_of(phone, "Eens"))
    phone.keyboard.press("ArrowDown")
    expect(answer_of(phone, "Oneens")).to_be_checked()
    unseen += tab_to(phone, phone.get_by_role("button", name="Doe mijn keuze in de bus"))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Jij koos: Oneens")).to_be_visible()
    assert (unseen, live.turn(person, SLUG)) == ([], Turn.IN_BOX)


def test_it_works_without_script(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    phone = visit(person, script=False)
    phone.goto("/")
    answer_of(phone, "Hangt ervan af").check()
    put_in_box(phone)
    expect(phone.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    expect(phone.get_by_text("Jij koos: Hangt ervan af")).to_be_hidden()
    unfold(phone, "Waar komt deze stelling vandaan?")
    expect(phone.get_by_text("Bron:").first).to_be_visible()
    take_back(phone)
    assert live.turn(person, SLUG) is Turn.TAKEN_BACK


def test_without_a_network_it_waits_and_arrives_once(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    with network_to(live.url) as network:
        phone = opened(person, visit, network)
        network.cut()
        phone.goto("/")
        expect(phone.get_by_text("De stelling van maandag 23 november kun je wel")).to_be_visible()
        answer_of(phone, "Oneens").check()
        press(phone, "Doe mijn keuze op slot")
        expect(phone.get_by_role("heading", name=WAITS)).to_be_focused()
        network.mend()
        phone.goto("/")
        expect(phone).to_have_url(f"{network.url}/dilemma/{SLUG}/1/uitslag")
        expect(phone.get_by_text("Jij koos: Oneens")).to_be_visible()
    assert live.turn(person, SLUG) is Turn.IN_BOX
    assert "b----" in codes_in_the_box(live)


def codes_in_the_box(live: LiveSite) -> list[str]:
    """Return what the envelopes on the stelling hold, as the counter would find it."""
    state = live.site(SLUG).state
    counter = make_counter(state.settings, state.database, state.library)
    with live.database.reading() as session:
        envelopes = session.exec(select(Envelope).where(Envelope.subject == SLUG)).all()
        found = []
        for one in envelopes:
            found.append(unseal(counter.folder.private(one.box_id) or b"", one.sealed))
    return found
