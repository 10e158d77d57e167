"""On the card that was opened without a network somebody can choose too. What they choose is sealed
for them alone, and goes out once.
"""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlmodel import select

from kopkrakers.answers.service import Turn
from kopkrakers.ballots.models import Envelope
from kopkrakers.counter.build import make_counter
from tests.browser.offline.waiting import (
    NO_NETWORK,
    WAITS,
    WORDS,
    caches_of,
    in_the_box,
    opened,
    send_by_itself,
    what_waits,
)
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.network import Network, network_to
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import choose, press, werkwijze
from tests.support.attacks import unseal
from tests.support.running import until

LOCKED = "Doe mijn keuze op slot"
LOCKS = "/zonder-verbinding/slot"
OTHER_LOCKS = """async (theirs) => {
  const kept = await caches.match("/zonder-verbinding/slot");
  return kept && (await kept.text()) !== theirs;
}"""
OTHER = "Ik zou iets anders doen"


def open_without_network(phone: Page, network: Network) -> None:
    """Open the product where there is no network."""
    network.cut()
    phone.goto("/")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()


def choose_without_network(
    phone: Page, network: Network, option: str = "Ik doe het anders"
) -> None:
    """Choose on a card that was opened without a network."""
    open_without_network(phone, network)
    choose(phone, option)
    if option == OTHER:
        phone.get_by_label("Wat zou je doen?").fill(WORDS)
    press(phone, LOCKED)
    expect(phone.get_by_role("heading", name=WAITS)).to_be_focused()


@pytest.fixture
def phone(live: LiveSite, visit: Visit, network: Network) -> Page:
    return opened(live.person(), visit, network)


def sign_in_as(phone: Page, live: LiveSite, network: Network, visitor: object) -> None:
    """Let somebody else's browser session be the one of this phone."""
    name, value = live.cookie(visitor)  # type: ignore[arg-type]
    phone.context.clear_cookies()
    phone.context.add_cookies([{"name": name, "value": value, "url": network.url}])


@pytest.mark.parametrize("option", ["Ik doe het anders", OTHER])
def test_it_arrives_once_and_the_own_choice_and_words_are_kept(
    live: LiveSite, visit: Visit, network: Network, option: str
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    choose_without_network(phone, network, option)
    assert live.turn(person, TODAY) is Turn.NONE
    network.mend()
    phone.goto("/")
    expect(phone).to_have_url(f"{network.url}/dilemma/{TODAY}/1/uitslag")
    expect(phone.get_by_text(f"Jij koos: {option}")).to_be_visible()
    if option == OTHER:
        expect(phone.locator("[data-woorden]")).to_have_text(WORDS)
    assert (live.turn(person, TODAY), in_the_box(live, person)) == (Turn.IN_BOX, 1)
    assert what_waits(phone) == {}
    phone.reload()
    expect(phone.get_by_text(f"Jij koos: {option}")).to_be_visible()


def test_what_waits_tells_its_reader_nothing(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    lengths = set()
    for option in ("Ik doe het anders", OTHER):
        phone = opened(live.person(), visit, network)
        choose_without_network(phone, network, option)
        (kept,) = what_waits(phone).values()
        assert set(json.loads(kept)) == {"dag", "titel", "antwoord", "keuze"}
        assert not re.search("langsgaan|optie|doorslag", kept)
        assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
        lengths.add(len(kept))
        network.mend()
    assert len(lengths) == 1


def test_the_next_person_neither_sends_nor_keeps_it(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person, other = live.person(), live.person()
    phone = opened(person, visit, network)
    choose_without_network(phone, network)
    sign_in_as(phone, live, network, other)
    network.mend()
    phone.goto("/")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    assert what_waits(phone) == {}
    assert {live.turn(one, TODAY) for one in (person, other)} == {Turn.NONE}


def test_the_next_person_seals_with_locks_of_their_own(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person, other = live.person(), live.person()
    phone = opened(person, visit, network)
    theirs = caches_of(phone)[LOCKS]
    sign_in_as(phone, live, network, other)
    phone.goto("/")
    until_true(phone, OTHER_LOCKS, theirs)
    choose_without_network(phone, network)
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert (live.turn(person, TODAY), live.turn(other, TODAY)) == (Turn.NONE, Turn.IN_BOX)


def test_after_a_session_ended_nobody_can_choose_until_somebody_signed_in(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    phone = opened(live.person(), visit, network)
    phone.context.clear_cookies()
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Inloggen")).to_be_visible()
    assert LOCKS not in caches_of(phone)
    network.cut()
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Ik doe het anders")).to_be_visible()
    expect(phone.get_by_text("Kiezen kan zodra je weer verbinding hebt.")).to_be_visible()
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_hidden()


def test_an_answer_from_before_stays_and_the_device_claims_nothing(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    laptop = visit(person)
    laptop.goto("/")
    choose(laptop, "Ik doe het zo")
    press(laptop, "Doe mijn keuze in de bus")
    expect(laptop.get_by_text("Jij koos: Ik doe het zo")).to_be_visible()
    choose_without_network(phone, network)
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Alleen jij weet wat je koos.").first).to_be_visible()
    assert in_the_box(live, person) == 1


def test_who_chooses_again_keeps_the_first(live: LiveSite, visit: Visit, network: Network) -> None:
    """The first went out by itself, with no page open that could tell."""
    person = live.person()
    phone = opened(person, visit, network)
    choose_without_network(phone, network)
    network.mend()
    phone.goto("about:blank")
    send_by_itself(phone, network)
    until(lambda: live.turn(person, TODAY) is Turn.IN_BOX, "nothing was sent")
    phone.wait_for_timeout(500)  # and the worker heard of it
    choose_without_network(phone, network, "Ik doe het zo")
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert in_the_box(live, person) == 1


def test_it_is_taken_back_on_the_device(live: LiveSite, visit: Visit, network: Network) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    choose_without_network(phone, network)
    press(phone, "Neem terug")
    expect(phone.locator("[data-wacht-weg]")).to_be_focused()
    network.mend()
    phone.goto("/")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.NONE


def test_a_forgotten_doorslag_is_said_in_a_sentence(phone: Page, network: Network) -> None:
    open_without_network(phone, network)
    werkwijze(phone, "Ik doe het anders").check()
    press(phone, LOCKED)
    expect(phone.locator("#keuze").get_by_text("Kies eerst wat de doorslag gaf.")).to_be_visible()
    assert what_waits(phone) == {}


def test_a_network_that_comes_back_does_not_take_away_what_was_chosen(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    open_without_network(phone, network)
    choose(phone, "Ik doe het anders")
    network.mend()
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.get_by_text(NO_NETWORK)).to_be_visible()
    expect(werkwijze(phone, "Ik doe het anders")).to_be_checked()
    press(phone, LOCKED)
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_leaving_with_a_choice_that_is_not_sealed_yet_asks_first(
    phone: Page, network: Network
) -> None:
    open_without_network(phone, network)
    choose(phone, "Ik doe het anders")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    phone.on("dialog", stay)
    phone.get_by_role("link", name="Probeer het opnieuw").click()
    expect(werkwijze(phone, "Ik doe het anders")).to_be_checked()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("days", [-400, -1, 1])
def test_a_clock_that_is_wrong_meanwhile_loses_nothing(
    live: LiveSite, visit: Visit, network: Network, days: int
) -> None:
    """A phone without a network may have lost its clock, which is right again with one."""
    person = live.person()
    phone = opened(person, visit, network)
    network.cut()
    phone.clock.set_fixed_time(live.clock() + timedelta(days=days))
    choose_without_network(phone, network)
    phone.clock.set_fixed_time(live.clock())
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_when_the_dilemma_closed_meanwhile_the_page_says_so_and_offers_to_practise(
    own_site: LiveSite, visit: Visit
) -> None:
    own_site.clock.moment += timedelta(weeks=25, days=5)
    person = own_site.person()
    with network_to(own_site.url) as network:
        phone = opened(person, lambda *a, **k: visit(*a, site=own_site, **k), network)
        choose_without_network(phone, network)
        own_site.clock.moment += timedelta(days=7)
        network.mend()
        phone.goto("/")
        expect(phone.get_by_text("intussen sloot dit dilemma")).to_be_visible()
        assert what_waits(phone) == {}


BAND = "kk.ervaring"
HAS_SLOT = """() => Boolean(JSON.parse(localStorage.getItem("kk.ervaring") ?? "{}").slot)"""
OPENS_SLOT = """async () => {
  const { slot } = JSON.parse(localStorage.getItem("kk.ervaring"));
  const keys = [document.body.dataset.zegel];
  for (const { dataset } of document.querySelectorAll("[data-zegels]")) {
    keys.push(...dataset.zegels.split(" "));
  }
  const tries = keys.map((key) => kkZegel.opened(slot, key));
  return [keys.length, (await Promise.allSettled(tries)).filter((one) => one.value).length];
}"""


def say_experience(phone: Page) -> None:
    """Say how long one does this work, and open Vandaag once more with a network."""
    phone.goto("/account/ervaring")
    press(phone, "6 tot en met 10 jaar")
    expect(phone.get_by_text("Bewaard op dit toestel.")).to_be_visible()
    assert not phone.evaluate(HAS_SLOT)
    phone.goto("/")
    until_true(phone, HAS_SLOT)


def codes_of(live: LiveSite) -> list[str]:
    """Return the codes that the counter would read in every envelope on the site."""
    state = live.site(TODAY).state
    folder = make_counter(state.settings, state.database, state.library).folder
    with state.database.reading() as session:
        waiting = session.exec(select(Envelope)).all()
    return [unseal(folder.private(one.box_id) or b"", one.sealed) for one in waiting]


def test_the_experience_goes_along_and_nobody_reads_it_on_the_device(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    lengths = set()
    for says in (True, False):
        phone = opened(live.person(), visit, network)
        before = len(codes_of(live))
        if says:
            say_experience(phone)
            number_of_keys, opened_with = phone.evaluate(OPENS_SLOT)
            assert number_of_keys >= 3 and opened_with == 0
        choose_without_network(phone, network)
        (kept,) = what_waits(phone).values()
        lengths.add(len(kept))
        network.mend()
        phone.goto("/")
        expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
        found = sorted(codes_of(live))
        assert len(found) == before + 1
        assert any(codes.endswith("2") for codes in found) is True
    assert len(lengths) == 1


def test_a_new_experience_or_the_next_person_takes_the_sealed_one_away(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    phone = opened(live.person(), visit, network)
    say_experience(phone)
    phone.goto("/account/ervaring")
    press(phone, "0 tot en met 2 jaar")
    expect(phone.get_by_text("Bewaard op dit toestel.")).to_be_visible()
    assert not phone.evaluate(HAS_SLOT)
    phone.goto("/")
    until_true(phone, HAS_SLOT)
    sign_in_as(phone, live, network, live.person())
    phone.goto("/")
    until_true(phone, f"() => localStorage.getItem('{BAND}') === null")
