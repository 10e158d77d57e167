"""The card while it is filled in: what it says, and that a look elsewhere loses nothing."""

import json
from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    choose,
    choose_password,
    press,
    put_in_box,
    werkwijze,
)

DRAFT = "kk.onverstuurd"


def draft(page: Page) -> dict[str, Any]:
    """Return the choice that this tab keeps because it was not sent."""
    until_true(page, "(key) => sessionStorage.getItem(key) !== null", DRAFT)
    kept: dict[str, Any] = json.loads(page.evaluate("(key) => sessionStorage.getItem(key)", DRAFT))
    return kept


def wait_until_dropped(page: Page) -> None:
    until_true(page, "(key) => sessionStorage.getItem(key) === null", DRAFT)


def test_a_look_at_another_page_keeps_what_was_chosen(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het anders", doorslag="Rendement")
    page.get_by_role("radio", name="Redelijk").check()
    draft(page)
    page.get_by_role("link", name="Archief").click()
    expect(page.get_by_role("heading", name="Archief")).to_be_visible()
    page.goto("/")
    expect(werkwijze(page, "Ik doe het anders")).to_be_checked()
    expect(page.get_by_role("radio", name="Rendement")).to_be_checked()
    expect(page.get_by_role("radio", name="Redelijk")).to_be_checked()
    expect(page.get_by_text("Je bent weer ingelogd.")).to_be_hidden()
    put_in_box(page)
    wait_until_dropped(page)


def test_what_is_kept_meanwhile_tells_its_reader_nothing(live: LiveSite, visit: Visit) -> None:
    lengths = set()
    for option in ("Ik doe het zo", "Ik doe het anders"):
        page = visit(live.person())
        page.goto("/")
        werkwijze(page, option).check()
        kept = draft(page)
        assert set(kept) == {"key", "at", "iv", "sealed"}
        lengths.add(len(kept["sealed"]))
        assert page.evaluate("Object.keys(localStorage).length") == 0
    assert len(lengths) == 1


def test_it_opens_on_no_other_card_and_for_no_other_person(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het anders")
    draft(page)
    page.goto(f"/dilemma/{EARLIER}")
    expect(page.locator("[name=optie]:checked")).to_have_count(0)
    page.context.clear_cookies()
    page.goto(live.invitation("Opvolger"))
    choose_password(page)
    page.goto(f"/dilemma/{TODAY}")
    wait_until_dropped(page)
    expect(page.locator("[name=optie]:checked")).to_have_count(0)


def test_nothing_is_kept_for_who_asks_so(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het anders")
    draft(page)
    page.get_by_role("checkbox", name="Bewaar dit niet op mijn toestel").check()
    wait_until_dropped(page)


def test_a_forgotten_doorslag_is_told_in_the_page_and_nothing_is_sent(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/")
    werkwijze(page, "Ik doe het anders").check()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    press(page, "Doe mijn keuze in de bus")
    told = page.locator("#keuze").get_by_text("Kies eerst wat de doorslag gaf.")
    expect(told).to_be_visible()
    expect(page.get_by_role("radio", name="Wet", exact=True)).to_be_focused()
    expect(page.locator("#melding")).to_have_text("Kies eerst wat de doorslag gaf.")
    assert sent == []
    page.get_by_role("radio", name="Wet", exact=True).check()
    expect(told).to_be_hidden()
    put_in_box(page)


def test_enter_before_anything_is_chosen_is_answered_in_the_page(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/")
    werkwijze(page, "Ik doe het zo").focus()
    page.keyboard.press("Enter")
    told = page.locator("#keuze").get_by_text("Kies eerst een werkwijze.")
    expect(told).to_be_visible()
    expect(page.locator("#melding")).to_have_text("Kies eerst een werkwijze.")
    werkwijze(page, "Ik doe het anders").check()
    expect(told).to_be_hidden()
    # one thing at a time: of the next question nothing is said yet
    expect(page.locator("#keuze").get_by_text("Kies eerst wat de doorslag gaf.")).to_be_hidden()


def test_the_choice_can_be_read_above_the_button_and_in_the_guesses(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/")
    werkwijze(page, "Ik doe het zo").check()
    werkwijze(page, "Ik doe het samen met hem").check()
    expect(page.locator("[data-kiest]")).to_have_text("Jij kiest: C Ik doe het samen met hem")
    guesses = page.get_by_role("group", name="Wat kiezen de meesten, denk je?")
    expect(guesses.get_by_text("Ik doe het anders")).to_be_visible()
    expect(page.get_by_text("Wat levert het op?")).to_be_visible()


def test_own_words_say_how_much_room_is_left(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    with page.expect_response("**/getypt.*.js"):
        choose(page, "Ik zou iets anders doen")
    page.wait_for_load_state("networkidle")
    field = page.get_by_label("Wat zou je doen?")
    expect(field).to_have_accessible_description("Dit blijft op je toestel. Hoogstens 500 tekens.")
    field.fill("Eerst bellen.")
    expect(page.get_by_text("Nog 487 tekens.")).to_be_visible()
    field.fill("x" * 495)
    expect(page.locator("#melding")).to_have_text("Nog 5 tekens.")


def requests_of(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_what_a_choice_fetches_is_the_same_for_every_option(live: LiveSite, visit: Visit) -> None:
    fetched = {}
    for option in ("Ik doe het zo", "Ik doe het anders", "Ik zou iets anders doen"):
        page = visit(live.person())
        page.goto("/", wait_until="networkidle")
        asked = requests_of(page)
        for _ in range(2):
            choose(page, option)
        page.wait_for_load_state("networkidle")
        fetched[option] = tuple(asked)
    assert len(set(fetched.values())) == 1, fetched
    assert len(fetched["Ik doe het zo"]) == 1
