"""When the train enters a tunnel, a thumb slips or the server stumbles:
nothing is lost, nothing counts twice.
"""

import pytest
from playwright.sync_api import expect

from kopkrakers.answers.service import Turn
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    answer,
    choose,
    go_forward,
    kept,
    press,
    put_in_box,
    werkwijze,
)


def test_without_a_connection_the_form_stays_and_says_so(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    page = visit(person)
    page.goto("/")
    choose(page, "Ik doe het anders")
    page.context.set_offline(True)
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("alert")).to_contain_text("Wat je invulde, staat er nog.")
    expect(werkwijze(page, "Ik doe het anders")).to_be_checked()
    assert kept(page) == {}
    page.context.set_offline(False)
    put_in_box(page)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_when_the_server_stumbles_the_form_stays_and_says_so(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    page = visit(person)
    page.goto("/")
    choose(page, "Ik doe het anders")
    live.broken = True
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("alert")).to_contain_text("probeer het opnieuw")
    live.broken = False
    expect(werkwijze(page, "Ik doe het anders")).to_be_checked()
    assert kept(page) == {}
    put_in_box(page)
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_a_double_tap_is_one_answer(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    page, posts = visit(person), []
    page.on(
        "request", lambda request: posts.append(request.url) if request.method == "POST" else None
    )
    page.goto("/")
    choose(page, "Ik doe het anders")
    page.get_by_role("button", name="Doe mijn keuze in de bus").dblclick()
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert len(posts) == 1
    assert live.turn(person, TODAY) is Turn.IN_BOX


def test_the_back_button_never_brings_the_form_back(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het anders")
    put_in_box(page)
    page.go_back()
    expect(page.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()
    expect(page.get_by_role("button", name="Doe mijn keuze in de bus")).to_be_hidden()
    go_forward(page)
    expect(page.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()


def test_a_stale_page_asks_again_with_everything_still_filled_in(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill("Bellen.")
    page.evaluate(
        "document.querySelectorAll('[name=csrf_token]').forEach((field) => { field.value = 'oud' })"
    )
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_text("Deze pagina stond lang open.")).to_be_visible()
    expect(werkwijze(page, "Ik zou iets anders doen")).to_be_checked()
    expect(page.get_by_label("Wat zou je doen?")).to_have_value("Bellen.")
    assert kept(page) == {}
    put_in_box(page)


def test_a_second_tab_learns_that_the_answer_was_given(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    first, second = visit(person), visit(person)
    second.goto("/")
    choose(second, "Ik doe het zo")
    answer(first, TODAY)
    press(second, "Doe mijn keuze in de bus")
    expect(second.get_by_text("Je eerste antwoord blijft staan.")).to_be_visible()
    second.get_by_role("link", name="Bekijk de uitslag").click()
    expect(second.get_by_text("Je antwoord zit in de bus.").first).to_be_visible()


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_the_sentence_of_a_refusal_stands_beside_the_form(own_site: LiveSite, visit: Visit) -> None:
    person = own_site.person()
    page = visit(person, site=own_site)
    page.goto("/")
    choose(page, "Ik zou iets anders doen")
    page.get_by_label("Wat zou je doen?").fill("Bellen.")
    with own_site.database.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM ballot_box")
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("alert")).to_contain_text("Antwoorden kan nu even niet.")
    expect(page.get_by_role("alert")).not_to_contain_text("verbinding")
    expect(page.get_by_label("Wat zou je doen?")).to_have_value("Bellen.")
    own_site.site(TODAY).tick()
    put_in_box(page)
    assert own_site.turn(person, TODAY) is Turn.IN_BOX


def test_too_often_is_said_beside_a_form_that_stays(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto("/")
    choose(page, "Ik doe het zo")
    form = page.locator("#keuze")
    own_address = form.get_attribute("data-hx-post")
    form.evaluate("(form) => { form.dataset.hxPost = '/te-vaak' }")
    press(page, "Doe mijn keuze in de bus")
    expect(page.get_by_role("alert")).to_contain_text("Dit ging te vaak achter elkaar.")
    expect(werkwijze(page, "Ik doe het zo")).to_be_checked()
    form.evaluate("(form, address) => { form.dataset.hxPost = address }", own_address)
    put_in_box(page)
    expect(page.locator("#storing")).to_be_hidden()
