"""What was typed survives a broken connection, Back and the end of a session, for its writer alone;
a field says how much room is left.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kopkrakers.accounts.models import Role
from kopkrakers.base.typed import clean_line, clean_text
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import LABELS, VOTE, counting, open_screens
from tests.browser.parts.walking import (
    PASSWORD,
    choose_password,
    go_forward,
    press,
    wait_until_typed_is_kept,
)

WORDS = "De bron is van vóór 2024. Zie de nieuwe."
TOLD = "Wat je hier typte, staat er weer. Het is nog niet verstuurd."
REPORT = f"/dilemma/{TODAY}/klopt-niet"
FAMILY = "👨‍👩‍👧‍👦"


def type_report(page: Page) -> None:
    """Fill in the form and wait until it waits in the tab."""
    page.goto(f"/dilemma/{TODAY}")
    page.goto(REPORT)
    field = page.get_by_label("Wat klopt er niet?")
    field.fill(WORDS)
    wait_until_typed_is_kept(field)


def tab_keeps(page: Page) -> str:
    return str(page.evaluate("JSON.stringify({...sessionStorage})"))


def break_off(page: Page, button: str) -> None:
    """Press a button while there is no network, see the browser's page, and open the form again.

    Not by Back alone: a form that is sent to its own address leaves no step back to itself.
    """
    address = page.url
    page.context.set_offline(True)
    page.get_by_role("button", name=button).click(no_wait_after=True)
    until_true(page, "() => location.protocol === 'chrome-error:'")
    page.context.set_offline(False)
    page.go_back()
    if page.url != address:
        page.goto(address)


def go_away_and_back(page: Page) -> None:
    page.go_back()
    go_forward(page)


def open_again(page: Page) -> None:
    page.goto("/archief")
    page.goto(REPORT)


@pytest.mark.parametrize(
    "leave", [lambda page: break_off(page, "Stuur naar de redactie"), go_away_and_back, open_again]
)
def test_a_report_is_still_there(
    live: LiveSite, visit: Visit, leave: Callable[[Page], None]
) -> None:
    page = visit(live.person())
    type_report(page)
    assert "bron" not in tab_keeps(page)
    leave(page)
    expect(page.get_by_label("Wat klopt er niet?")).to_have_value(WORDS)
    expect(page.get_by_text(TOLD).first).to_be_visible()
    press(page, "Stuur naar de redactie")
    expect(page.get_by_text("Dank je. De redactie leest het.")).to_be_visible()
    assert tab_keeps(page) == "{}"
    page.goto(REPORT)
    expect(page.get_by_label("Wat klopt er niet?")).to_have_value("")


def test_a_report_outlives_the_end_of_a_session(live: LiveSite, visit: Visit) -> None:
    page = visit()
    page.goto(live.invitation("Typer"))
    choose_password(page)
    expect(page.get_by_text("Je account is klaar.")).to_be_visible()
    type_report(page)
    page.context.clear_cookies()
    press(page, "Stuur naar de redactie")
    expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()
    page.get_by_label("Werkadres").fill("typer@voorbeeld.nl")
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    press(page, "Log in")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()
    page.goto(REPORT)
    expect(page.get_by_label("Wat klopt er niet?")).to_have_value(WORDS)


def test_what_is_typed_outlives_a_page_that_goes_at_once(live: LiveSite, visit: Visit) -> None:
    """As when a phone shuts the page, or a finger slips, right after the last key."""
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    page.goto(REPORT)
    field = page.get_by_label("Wat klopt er niet?")
    for words in (WORDS, f"{WORDS} En meer.", f"{WORDS} En nog meer."):
        field.fill(words)
        page.reload()
        expect(field).to_have_value(words)
    assert WORDS.split()[1] not in tab_keeps(page)


def test_own_words_outlive_a_page_that_goes_at_once(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    page.get_by_role("radio", name="Ik zou iets anders doen").check()
    field = page.get_by_label("Wat zou je doen?")
    # the script that counts the words comes with the first choice
    field.fill("Eerst")
    expect(page.get_by_text("Nog 495 tekens.")).to_be_visible()
    for words in (WORDS, f"{WORDS} En meer."):
        field.fill(words)
        page.reload()
        expect(field).to_have_value(words)
    assert WORDS.split()[1] not in tab_keeps(page)
    page.get_by_role("checkbox", name="Bewaar dit niet op mijn toestel").check()
    until_true(page, "() => Object.keys(sessionStorage).length === 0")


def test_nobody_else_gets_to_see_it(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    type_report(page)
    name, value = live.cookie(live.person())
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": value, "url": live.url}])
    page.goto(REPORT)
    expect(page.get_by_label("Wat klopt er niet?")).to_have_value("")
    until_true(page, "() => Object.keys(sessionStorage).length === 0")


def test_an_invitation_that_did_not_arrive_is_still_filled_in(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person(Role.BEHEERDER))
    page.goto("/beheer")
    page.goto("/beheer/uitnodigen")
    page.get_by_label("Naam", exact=True).fill("Zoë van ’t Hart")
    page.get_by_label("Werkadres").fill("zoe@voorbeeld.nl")
    page.get_by_role("checkbox", name="Begeleider").check()
    page.get_by_label("Op papier").check()
    break_off(page, "Maak de uitnodiging")
    expect(page.get_by_label("Naam", exact=True)).to_have_value("Zoë van ’t Hart")
    expect(page.get_by_label("Werkadres")).to_have_value("zoe@voorbeeld.nl")
    expect(page.get_by_role("checkbox", name="Begeleider")).to_be_checked()
    expect(page.get_by_label("Op papier")).to_be_checked()


def test_nothing_that_is_pasted_is_cut_off_in_silence(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person(Role.BEHEERDER))
    page.goto("/beheer/uitnodigen")
    pasted = f"{'Een heel lange naam ' * 20}<zoe@voorbeeld.nl>"
    page.get_by_label("Werkadres").fill(pasted)
    page.get_by_label("Naam", exact=True).fill("a" * 90)
    expect(page.locator("#naam-ruimte")).to_have_text("10 tekens te veel.")
    press(page, "Maak de uitnodiging")
    expect(page.get_by_role("link", name="Maak de naam korter")).to_be_visible()
    expect(page.get_by_label("Naam", exact=True)).to_have_value("a" * 90)
    expect(page.get_by_label("Werkadres")).to_have_value(re.compile("zoe@voorbeeld.nl"))


def test_a_case_of_ones_own_outlives_a_look_at_figures(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person(Role.KLANTMANAGER, Role.BEGELEIDER))
    page.goto(f"/team/{live.world.team_noord}/intervisie")
    page.get_by_role("radio", name="Een eigen casus").check()
    page.get_by_label("Titel").fill("Een oude schuld")
    page.get_by_role("radio", name="Een dilemma").check()
    dilemma = page.locator(f"[name=dilemma][value={TODAY}]")
    dilemma.check()
    wait_until_typed_is_kept(dilemma)
    press(page, "Toon cijfers")
    page.wait_for_url("**/cijfers/**")
    page.goto(f"/team/{live.world.team_noord}/intervisie")
    page.get_by_role("radio", name="Een eigen casus").check()
    expect(page.get_by_label("Titel")).to_have_value("Een oude schuld")


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_a_vote_that_was_not_sent_is_still_filled_in_and_never_readable(
    own_site: LiveSite, visit: Visit
) -> None:
    with counting(own_site):
        screens = open_screens(own_site, visit)
        phone = screens.come_in()
        screens.come_in_unseen(1)
        for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
            screens.press(name)
        phone.get_by_role("radio", name=LABELS["b"]).check()
        reason = phone.get_by_label("Wat is je belangrijkste reden?")
        reason.fill(WORDS)
        phone.reload()
        expect(reason).to_have_value(WORDS)
        assert "bron" not in tab_keeps(phone) and "optie" not in tab_keeps(phone)
        phone.reload()
        expect(phone.get_by_role("radio", name=LABELS["b"])).to_be_checked()
        expect(reason).to_have_value(WORDS)
        press(phone, VOTE)
        expect(phone.get_by_text("Je stem zit in de bus.")).to_be_visible()
        assert tab_keeps(phone) == "{}"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  Twee   gaten\n en een regel ",
        "Samen\u00adwerking en klant\u200bmanager",
        f"Een gezin {FAMILY} en een vlag 🏳️‍🌈",
        "cafe\u0301",
        "a" * 2001,
    ],
)
def test_the_page_counts_as_the_server_does(live: LiveSite, visit: Visit, typed: str) -> None:
    page = visit(live.person())
    page.goto(REPORT)
    page.get_by_label("Wat klopt er niet?").fill(typed)
    left = 2000 - len(clean_text(typed))
    words = f"Nog {left} tekens." if left >= 0 else "1 teken te veel."
    page.locator("#uitleg").dispatch_event("input")
    expect(page.locator("#uitleg-ruimte")).to_have_text(words)
    page.evaluate("delete document.querySelector('#uitleg').dataset.regels")
    page.locator("#uitleg").dispatch_event("input")
    left = 2000 - len(clean_line(typed))
    words = f"Nog {left} tekens." if left >= 0 else "1 teken te veel."
    expect(page.locator("#uitleg-ruimte")).to_have_text(words)


def test_room_is_told_aloud_only_when_it_gets_short(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(REPORT)
    field, aloud = page.get_by_label("Wat klopt er niet?"), page.locator("#melding")
    expect(field).to_have_accessible_description("Weet je waar het goed staat? Zet het erbij. "
                                                 "Hoogstens 2000 tekens.")  # fmt: skip
    field.fill("a" * 1000)
    page.wait_for_timeout(700)
    expect(aloud).to_be_empty()
    field.fill("a" * 1995)
    expect(aloud).to_have_text("Nog 5 tekens.")
    field.fill("a" * 2010)
    expect(aloud).to_have_text("10 tekens te veel.")
    press(page, "Stuur naar de redactie")
    expect(page.get_by_role("link", name="Houd het bij 2.000.")).to_be_visible()
    expect(field).to_have_value("a" * 2010)


@pytest.mark.parametrize("address", ["/inloggen", "/account/wachtwoord"])
def test_a_password_can_be_read_while_it_is_typed(
    live: LiveSite, visit: Visit, address: str
) -> None:
    page = visit(live.person() if address.startswith("/account") else None)
    page.goto(address)
    form = page.locator("form").filter(has=page.locator("[name=wachtwoord]"))
    field, button = form.locator("[name=wachtwoord]"), form.get_by_text("Toon wachtwoord").last
    field.fill(PASSWORD)
    expect(field).to_have_attribute("type", "password")
    button.focus()
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(field).to_have_value(PASSWORD)
    form.evaluate("form => form.dispatchEvent(new Event('submit', {cancelable: true}))")
    expect(field).to_have_attribute("type", "password")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_passphrase_can_be_read_while_it_is_typed(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/dagboek")
    first = page.locator("[data-dagboek=begin]").get_by_label("Kies een wachtzin")
    shows = page.get_by_role("button", name="Toon wachtzin")
    expect(shows).to_have_count(2)  # of the other forms nothing is in view
    first.fill(PASSWORD)
    shows.first.click()
    expect(first).to_have_attribute("type", "text")
    expect(first).to_have_value(PASSWORD)
    page.get_by_role("button", name="Begin mijn dagboek").click()
    expect(first).to_have_attribute("type", "password")
    # the refusal stays on the page, with what was typed
    expect(first).to_have_value(PASSWORD)
