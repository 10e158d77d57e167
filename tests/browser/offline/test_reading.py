"""Without a network the card of the day is there to read, and nothing of anybody is kept for it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.offline.waiting import NO_NETWORK, caches_of, opened
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.network import Network
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, press


@pytest.fixture
def phone(live: LiveSite, visit: Visit, network: Network) -> Page:
    return opened(live.person(), visit, network)


def test_the_card_of_the_day_can_be_read_without_a_network(phone: Page, network: Network) -> None:
    network.cut()
    phone.goto("/")
    expect(phone.get_by_text(NO_NETWORK)).to_be_visible()
    expect(phone.get_by_role("heading", name="Eén plek, twee mensen")).to_be_visible()
    expect(phone.get_by_text("Zo komt deze man het snelst weer aan het werk.").last).to_be_visible()


@pytest.mark.parametrize("address", ["/team", "/account", "/archief", "/dilemma/samen-thuis"])
def test_every_other_page_says_in_dutch_that_there_is_no_network(
    phone: Page, network: Network, address: str
) -> None:
    phone.goto(address)
    network.cut()
    phone.goto(address)
    expect(phone.get_by_text(NO_NETWORK)).to_be_visible()
    network.mend()
    phone.get_by_role("link", name="Probeer het opnieuw").click()
    expect(phone.get_by_text(NO_NETWORK)).to_be_hidden()


def test_after_a_day_of_use_nothing_of_the_person_is_kept(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    answer(phone, "een-plek", "Ik zou iets anders doen")
    for address in ("/", "/team", "/account", "/archief", "/privacy", "/dilemma/een-plek"):
        phone.goto(address)
    kept = caches_of(phone)
    pages = {address for address in kept if not address.startswith("/static/")}
    assert pages == {"/zonder-verbinding", "/zonder-verbinding/slot"}
    for page in pages:
        assert not any(word in kept[page] for word in (person.name, "csrf", "data-zegel", "Noord"))


def test_signing_out_leaves_nothing(phone: Page) -> None:
    phone.goto("/account")
    press(phone, "Log uit")
    expect(phone.get_by_text("Je bent uitgelogd.")).to_be_visible()
    until_true(phone, "() => caches.keys().then((names) => names.length === 0)")
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
