"""The keyboard alone: every stop can be seen, and the focus goes where the page goes on."""

from playwright.sync_api import expect

from kopkrakers.answers.service import Turn
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import UNSEEN, answer, choose, press, tab_to, werkwijze


def test_the_skip_link_is_the_first_stop_and_leads_past_the_menu(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    assert page.evaluate(UNSEEN) == ""
    page.keyboard.press("Enter")
    expect(page.locator("#inhoud")).to_be_focused()
    page.keyboard.press("Tab")
    expect(werkwijze(page, "Ik doe het zo")).to_be_focused()


def test_an_answer_is_given_by_keyboard_alone(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    page = visit(person)
    page.goto("/")
    unseen = tab_to(page, werkwijze(page, "Ik doe het zo"))
    page.keyboard.press("ArrowDown")
    expect(werkwijze(page, "Ik doe het anders")).to_be_checked()
    unseen += tab_to(page, page.get_by_role("radio", name="Wet", exact=True))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Rendement")).to_be_checked()
    unseen += tab_to(page, page.get_by_role("button", name="Doe mijn keuze in de bus"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert unseen == []
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_the_result_is_read_and_taken_back_by_keyboard_alone(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, TODAY)
    unseen = tab_to(page, page.locator("summary").filter(has_text="Wet en regels"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="De wet bij een-plek")).to_be_visible()
    expect(page.get_by_role("heading", name="Kennis uit onderzoek")).to_be_hidden()
    undo = page.locator("summary").filter(has_text="Neem terug")
    unseen += tab_to(page, undo, key="Shift+Tab")
    page.keyboard.press("Enter")
    unseen += tab_to(page, page.get_by_role("button", name="Ja, neem mijn antwoord terug"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Je hebt je antwoord teruggenomen.").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert unseen == []


def test_a_form_that_comes_back_puts_the_focus_on_what_is_wrong(
    live: LiveSite, visit: Visit
) -> None:
    page = visit()
    page.goto(live.invitation("Toets"))
    page.get_by_label("Kies een wachtwoord").fill("wachtwoord123")
    page.keyboard.press("Enter")
    expect(page.locator(".utrecht-alert--error[data-focus]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kies een wachtwoord")).to_be_focused()
    expect(page.get_by_label("Kies een wachtwoord")).to_have_attribute("aria-invalid", "true")


def test_a_refusal_in_the_page_takes_the_focus(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    first, second = visit(person), visit(person)
    second.goto("/")
    choose(second, "Ik doe het zo")
    answer(first, TODAY)
    press(second, "Doe mijn keuze in de bus")
    expect(second.get_by_role("heading", name="Dit kan niet meer")).to_be_focused()
    second.keyboard.press("Tab")
    expect(second.get_by_role("link", name="Bekijk de uitslag")).to_be_focused()


def test_every_page_is_walked_by_tab_with_the_focus_in_sight(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    for url in ("/team", "/archief", "/account", "/privacy"):
        page.goto(url)
        unseen = tab_to(
            page, page.get_by_role("contentinfo").get_by_role("link", name="Toegankelijkheid")
        )
        assert unseen == [], url
