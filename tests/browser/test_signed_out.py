"""Whoever was signed out while choosing finds the choice back;
whoever signs in there next never does.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.answers.service import Turn
from tests.browser.parts.live_site import CLOSED, EARLIER, TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    PASSWORD,
    choose,
    choose_password,
    kept,
    press,
    put_in_box,
    sign_in,
    werkwijze,
)

WORDS = "Eerst zelf langsgaan."
ELSE = "Ik zou iets anders doen"


def with_account(live: LiveSite, visit: Visit, name: str) -> Page:
    """A phone on which this person just came in, with a password to come in again."""
    phone = visit()
    phone.goto(live.invitation(name))
    choose_password(phone)
    expect(phone.get_by_text("Je account is klaar.")).to_be_visible()
    return phone


def sign_in_here(phone: Page, name: str) -> None:
    """On the page where the phone is now."""
    phone.get_by_label("Werkadres").fill(f"{name.lower()}@voorbeeld.nl")
    phone.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    press(phone, "Log in")
    expect(phone.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()


def choose_and_be_signed_out(phone: Page, slug: str = TODAY) -> None:
    """Fill in a card, and lose the session before the button is pressed."""
    phone.goto(f"/dilemma/{slug}")
    choose(phone, ELSE)
    phone.get_by_label("Wat zou je doen?").fill(WORDS)
    phone.get_by_role("radio", name="Redelijk").check()
    phone.context.clear_cookies()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_text("Er is niets verstuurd.")).to_be_visible()


def tab_keeps(phone: Page) -> str:
    """Return everything that this tab keeps, as its reader would see it."""
    return str(phone.evaluate("JSON.stringify({...sessionStorage})"))


def test_after_signing_in_again_the_choice_is_still_filled_in(live: LiveSite, visit: Visit) -> None:
    phone = with_account(live, visit, "Esra")
    choose_and_be_signed_out(phone, EARLIER)
    expect(phone.get_by_text("Daarna staat je keuze er weer.")).to_be_visible()
    sign_in_here(phone, "Esra")
    expect(phone).to_have_url(f"{live.url}/dilemma/{EARLIER}")
    expect(phone.get_by_text("Je keuze staat hieronder nog.").first).to_be_visible()
    expect(werkwijze(phone, ELSE)).to_be_checked()
    expect(phone.get_by_role("radio", name="Betrokkenheid")).to_be_checked()
    expect(phone.get_by_role("radio", name="Redelijk")).to_be_checked()
    expect(phone.get_by_label("Wat zou je doen?")).to_have_value(WORDS)
    put_in_box(phone)
    expect(phone.locator("[data-woorden]")).to_have_text(WORDS)
    until_true(phone, "() => sessionStorage.length === 0")


def test_the_next_person_on_the_same_phone_never_sees_the_choice(
    live: LiveSite, visit: Visit
) -> None:
    with_account(live, visit, "Loes")
    phone = with_account(live, visit, "Kees")
    choose_and_be_signed_out(phone)
    sign_in_here(phone, "Loes")
    expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
    until_true(phone, "() => sessionStorage.length === 0")
    assert phone.locator("input:checked:not([value='-'])").count() == 0
    assert phone.get_by_label("Wat zou je doen?").input_value() == ""
    expect(phone.get_by_text("Je keuze staat hieronder nog.")).to_be_hidden()
    assert WORDS not in phone.content() and kept(phone) == {}
    phone.context.clear_cookies()
    sign_in(phone, "kees@voorbeeld.nl")
    expect(werkwijze(phone, ELSE)).not_to_be_checked()


def test_meanwhile_nobody_can_read_it_in_the_tab_the_address_or_the_cookies(
    live: LiveSite, visit: Visit
) -> None:
    phone = visit(live.person())
    choose_and_be_signed_out(phone)
    expect(phone.get_by_text("Daarna staat je keuze er weer.")).to_be_visible()
    left = tab_keeps(phone)
    assert not re.search("langsgaan|optie|doorslag|zeker", left)
    assert not re.search("langsgaan|optie|Redelijk", phone.locator("main").inner_html())
    assert phone.url == f"{live.url}/inloggen?volgende=/dilemma/{TODAY}&onverstuurd=ja"
    assert not any("optie" in cookie["value"] for cookie in phone.context.cookies())
    assert kept(phone) == {}


def test_what_is_kept_is_as_long_for_every_choice(live: LiveSite, visit: Visit) -> None:
    lengths = set()
    for option in ("Ik doe het anders", ELSE):
        phone = visit(live.person())
        phone.goto("/")
        choose(phone, option)
        phone.context.clear_cookies()
        press(phone, "Doe mijn keuze in de bus")
        expect(phone.get_by_text("Daarna staat je keuze er weer.")).to_be_visible()
        lengths.add(phone.evaluate("JSON.parse(sessionStorage['kk.onverstuurd']).sealed.length"))
    assert len(lengths) == 1


def test_who_asked_to_keep_nothing_on_the_phone_leaves_nothing(
    live: LiveSite, visit: Visit
) -> None:
    phone = visit(live.person())
    phone.goto("/")
    choose(phone, "Ik doe het anders")
    phone.get_by_role("checkbox", name="Bewaar dit niet op mijn toestel").check()
    phone.context.clear_cookies()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_text("Er is niets verstuurd.")).to_be_visible()
    expect(phone.get_by_text("Daarna staat je keuze er weer.")).to_be_hidden()
    assert tab_keeps(phone) == "{}"


def test_it_is_gone_after_an_hour_and_after_signing_out(live: LiveSite, visit: Visit) -> None:
    phone = with_account(live, visit, "Sam")
    phone.goto("/account")
    unsent = "JSON.stringify({key: 'x', at: Date.now() - minutes * 6e4})"
    leave = f"(minutes) => sessionStorage.setItem('kk.onverstuurd', {unsent})"
    for minutes, is_kept in ((59, True), (61, False)):
        phone.evaluate(leave, minutes)
        phone.reload()
        assert ("kk.onverstuurd" in tab_keeps(phone)) is is_kept
    phone.evaluate(leave, 1)
    press(phone, "Log uit")
    expect(phone.get_by_text("Je bent uitgelogd.")).to_be_visible()
    assert tab_keeps(phone) == "{}"


def test_overal_uitloggen_on_the_laptop_keeps_what_was_being_chosen_on_the_phone(
    live: LiveSite, visit: Visit
) -> None:
    phone, laptop = with_account(live, visit, "Mina"), visit()
    sign_in(laptop, "mina@voorbeeld.nl")
    choose(phone, "Ik doe het anders")
    laptop.goto("/account")
    press(laptop, "Log overal uit")
    expect(laptop.get_by_text("Je bent overal uitgelogd.")).to_be_visible()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_text("Daarna staat je keuze er weer.")).to_be_visible()
    sign_in_here(phone, "Mina")
    expect(werkwijze(phone, "Ik doe het anders")).to_be_checked()
    put_in_box(phone)


def test_practising_goes_on_too(live: LiveSite, visit: Visit) -> None:
    phone = with_account(live, visit, "Roos")
    phone.goto(f"/dilemma/{CLOSED}")
    werkwijze(phone, "Ik doe het zo").check()
    phone.context.clear_cookies()
    press(phone, "Laat de uitslag zien")
    sign_in_here(phone, "Roos")
    expect(werkwijze(phone, "Ik doe het zo")).to_be_checked()


def test_without_script_it_is_said_that_nothing_was_sent(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    phone = visit(person, script=False)
    phone.goto(f"/dilemma/{EARLIER}")
    choose(phone, "Ik doe het anders")
    phone.context.clear_cookies()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_text("Er is niets verstuurd.")).to_be_visible()
    assert phone.url == f"{live.url}/inloggen?volgende=/dilemma/{EARLIER}&onverstuurd=ja"
    assert live.turn(person, EARLIER) is Turn.NONE


@pytest.mark.parametrize("again", ["reload", "back"])
def test_the_browser_fills_in_no_choice_of_its_own(
    live: LiveSite, visit: Visit, again: str
) -> None:
    """What the page itself keeps, sealed, is thrown away here: see `day/test_card.py`."""
    phone = visit(live.person())
    phone.goto("/")
    choose(phone, "Ik doe het anders")
    until_true(phone, "() => sessionStorage.getItem('kk.onverstuurd') !== null")
    phone.evaluate("sessionStorage.clear()")
    if again == "reload":
        phone.reload()
    else:
        phone.goto("/privacy")
        phone.go_back()
    expect(werkwijze(phone, "Ik doe het anders")).not_to_be_checked()
    assert phone.locator("form[data-keuze]").get_attribute("autocomplete") == "off"
