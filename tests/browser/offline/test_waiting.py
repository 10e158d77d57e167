"""An answer that was given without a network waits, sealed; it goes out once, for its own person
alone.
"""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from kopkrakers.answers.service import Turn
from tests.browser.offline.waiting import (
    WAITS,
    WORDS,
    WORKER_READY,
    answer_without_network,
    opened,
    send_by_itself,
    what_waits,
)
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.network import Network, network_to
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import choose, press, unfold
from tests.support.running import until


def test_it_goes_out_when_there_is_a_network_and_is_kept_as_any_own_choice(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network, "Ik zou iets anders doen")
    assert live.turn(person, TODAY) is Turn.NONE
    network.mend()
    phone.goto("/")
    expect(phone).to_have_url(f"{network.url}/dilemma/{TODAY}/1/uitslag")
    expect(phone.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    expect(phone.get_by_text("Jij koos: Ik zou iets anders doen")).to_be_visible()
    expect(phone.locator("[data-woorden]")).to_have_text(WORDS)
    assert live.turn(person, TODAY) is Turn.IN_BOX
    assert what_waits(phone) == {}
    phone.goto("/")
    expect(phone).to_have_url(f"{network.url}/")


def test_it_goes_out_while_its_page_stands_open_and_the_browser_notices_nothing(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    network.mend()
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


@pytest.mark.parametrize("page", ["/account", "/archief", "/privacy"])
def test_it_goes_out_with_whatever_page_is_opened_next(
    live: LiveSite, visit: Visit, network: Network, page: str
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    phone.goto("about:blank")
    network.mend()
    phone.goto(page)
    until(lambda: live.turn(person, TODAY) is Turn.IN_BOX, "nothing was sent")
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()


def test_who_said_nothing_of_their_experience_can_wait_as_well(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    phone.goto("/account/ervaring")
    press(phone, "Zeg ik liever niet")
    expect(phone.get_by_text("Bewaard op dit toestel.")).to_be_visible()
    answer_without_network(phone, network)
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_what_waits_tells_its_reader_nothing(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    lengths = set()
    for option in ("Ik doe het anders", "Ik zou iets anders doen"):
        phone = opened(live.person(), visit, network)
        answer_without_network(phone, network, option)
        (kept,) = what_waits(phone).values()
        record = json.loads(kept)
        assert set(record) == {"dag", "titel", "antwoord", "keuze"}
        assert not re.search("langsgaan|optie|doorslag", kept)
        assert phone.evaluate("Object.keys(localStorage)") == []
        lengths.add(len(kept))
        network.mend()
    assert len(lengths) == 1


def test_it_is_taken_back_on_the_device(live: LiveSite, visit: Visit, network: Network) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    press(phone, "Neem terug")
    told = phone.locator("[data-wacht-weg]")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Je antwoord wacht niet meer")
    assert what_waits(phone) == {}
    network.mend()
    phone.goto("/")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.NONE


def test_once_it_arrived_it_is_taken_back_as_any_answer(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    network.mend()
    phone.goto("/")
    unfold(phone, "Neem terug")
    press(phone, "Ja, neem mijn antwoord terug")
    expect(phone.get_by_text("Je hebt je antwoord teruggenomen.").first).to_be_visible()
    assert live.turn(person, TODAY) is Turn.TAKEN_BACK


def test_the_next_person_neither_sends_nor_keeps_it(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person, other = live.person(), live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    network.mend()
    name, value = live.cookie(other)
    phone.context.clear_cookies()
    phone.context.add_cookies([{"name": name, "value": value, "url": network.url}])
    phone.goto("/")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    assert what_waits(phone) == {}
    assert phone.evaluate("localStorage.length") == 0
    assert {live.turn(one, TODAY) for one in (person, other)} == {Turn.NONE}


def test_signing_out_leaves_nothing_to_wait_also_when_there_is_no_network(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    phone.goto("/account")
    page = phone.context.new_page()
    answer_without_network(page, network)
    # it has to be over: a request that still tries would arrive once the network is there
    with phone.expect_event("requestfailed", lambda asked: asked.url.endswith("/uitloggen")):
        phone.evaluate("document.querySelector('form[action=\"/uitloggen\"]').requestSubmit()")
    until_true(page, "() => caches.keys().then((names) => names.length === 0)")
    network.mend()
    page.goto("/")
    expect(page.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.NONE


def test_after_a_session_ended_it_waits_for_its_person(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    phone.context.clear_cookies()
    network.mend()
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Inloggen")).to_be_visible()
    assert len(what_waits(phone)) == 1
    name, value = live.cookie(person)
    phone.context.add_cookies([{"name": name, "value": value, "url": network.url}])
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_after_a_session_ended_the_next_person_reads_of_no_answer(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    phone = opened(live.person(), visit, network)
    answer_without_network(phone, network)
    network.mend()
    phone.context.clear_cookies()
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Inloggen")).to_be_visible()
    network.cut()
    phone.goto("/")
    expect(phone.get_by_text("Je hebt geen verbinding.")).to_be_visible()
    expect(phone.get_by_role("heading", name=WAITS)).to_be_hidden()
    assert len(what_waits(phone)) == 1


def test_what_went_out_by_itself_is_told_to_nobody_else(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    network.mend()
    phone.goto("about:blank")
    send_by_itself(phone, network)
    until(lambda: live.turn(person, TODAY) is Turn.IN_BOX, "nothing was sent")
    phone.wait_for_timeout(500)  # and the worker heard of it
    phone.context.clear_cookies()
    phone.goto("/")
    expect(phone).to_have_url(f"{network.url}/inloggen?volgende=/")


def test_while_the_server_stumbles_it_goes_on_waiting(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    live.broken = True
    network.mend()
    phone.goto("/")
    expect(phone.get_by_role("heading", name=WAITS)).to_be_visible()
    live.broken = False
    # the browser had a network all along and tells nobody of another: the page asks by itself
    expect(phone.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_an_answer_elsewhere_stays_and_the_device_claims_nothing(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    laptop = visit(person)
    laptop.goto("/")
    choose(laptop, "Ik doe het zo")
    press(laptop, "Doe mijn keuze in de bus")
    expect(laptop.get_by_text("Jij koos: Ik doe het zo")).to_be_visible()
    network.mend()
    phone.goto("/")
    expect(phone.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    expect(phone.get_by_text("Alleen jij weet wat je koos.").first).to_be_visible()
    assert what_waits(phone) == {}


def test_the_browser_sends_it_by_itself_where_it_can(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer_without_network(phone, network)
    network.mend()
    send_by_itself(phone, network)
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_who_asked_to_keep_nothing_leaves_nothing_to_wait(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    phone = opened(live.person(), visit, network)
    choose(phone, "Ik doe het anders")
    phone.get_by_role("checkbox", name="Bewaar dit niet op mijn toestel").check()
    network.cut()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_role("alert")).to_contain_text("Wat je invulde, staat er nog.")
    assert what_waits(phone) == {}


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_when_the_dilemma_closed_meanwhile_the_page_says_so_and_offers_to_practise(
    own_site: LiveSite, visit: Visit
) -> None:
    own_site.clock.moment += timedelta(weeks=25, days=5)
    person = own_site.person()
    with network_to(own_site.url) as network:
        phone = visit(person, site=own_site, url=network.url, worker=True)
        phone.goto("/")
        until_true(phone, WORKER_READY)
        answer_without_network(phone, network)
        own_site.clock.moment += timedelta(days=7)
        network.mend()
        phone.goto("/")
        expect(phone.get_by_text("intussen sloot dit dilemma")).to_be_visible()
        phone.get_by_role("link", name="Oefen met dit dilemma").click()
        expect(phone.get_by_role("button", name="Laat de uitslag zien")).to_be_visible()
        assert what_waits(phone) == {}
