"""Keeping a choice in the diary, and opening it again."""

import pytest
from playwright.sync_api import expect

from tests.browser.parts.diary import (
    PHRASE,
    REASON,
    answer_and_keep,
    begin,
    expect_told,
    fill_in_to_begin,
    keep,
    open_diary,
    opened_pieces,
    stored,
    to_keep,
    wipe,
)
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, press, unfold


def test_a_choice_that_was_kept_opens_with_the_passphrase(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.close()
    page = page.context.new_page()
    open_diary(page)
    piece = page.get_by_role("article")
    expect(piece).to_contain_text("Jij koos: B Ik doe het anders")
    expect(piece).to_contain_text(REASON)
    expect(piece).to_contain_text("De doorslag: Betrokkenheid")


def test_a_wrong_passphrase_opens_nothing_and_may_be_tried_again(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    open_diary(page, "een andere zin dan die")
    expect_told(page, "Deze wachtzin past niet.")
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_label("Je wachtzin").fill(f"  {PHRASE.replace(' ', '  ')} ")
    press(page, "Open mijn dagboek")
    assert len(opened_pieces(page)) == 1


@pytest.mark.parametrize(
    ("first", "again", "knows", "told"),
    [
        ("te kort", "te kort", True, "minstens 12 tekens. Vier"),
        (PHRASE, PHRASE + "s", True, "De twee wachtzinnen zijn niet gelijk."),
        (PHRASE, PHRASE, False, "Vink eerst aan dat je weet"),
    ],
)
def test_no_diary_begins_without_a_passphrase_that_one_knows(
    live: LiveSite, visit: Visit, first: str, again: str, knows: bool, told: str
) -> None:
    page = visit(live.person())
    page.goto("/dagboek")
    fill_in_to_begin(page, first, again, knows=knows)
    press(page, "Begin mijn dagboek")
    expect_told(page, told)
    assert page.locator("#begin-nieuw").input_value() == first
    assert stored(page)["boeken"] == []


def test_keeping_asks_for_no_passphrase_and_a_forgotten_choice_is_filled_in(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    answer(page, EARLIER)
    page.evaluate("localStorage.clear()")
    page.goto(f"/dilemma/{EARLIER}/1/dagboek")
    expect(page.get_by_text("Dit toestel weet niet wat je koos.")).to_be_visible()
    press(page, "Bewaar in mijn dagboek")
    expect(page.locator("[data-gezegd]:visible")).to_have_text("Vul eerst in wat je koos.")
    page.get_by_label("Wat koos je?").select_option(label="A Ik doe het zo")
    keep(page, "Later bedacht.")
    open_diary(page)
    assert len(opened_pieces(page)) == 2


def test_own_words_are_kept_too(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    page.goto(f"/dilemma/{TODAY}")
    page.get_by_role("radio", name="Ik zou iets anders doen").check()
    page.get_by_label("Wat zou je doen?").fill("Eerst langsgaan.")
    page.get_by_role("radio", name="Wet").check()
    press(page, "Doe mijn keuze in de bus")
    to_keep(page)
    begin(page)
    keep(page, "")
    open_diary(page)
    expect(page.get_by_role("article")).to_contain_text("Eerst langsgaan.")
    expect(page.get_by_role("article")).to_contain_text("Jij koos: Ik zou iets anders doen")


def test_what_was_typed_is_there_again_after_another_page(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.goto(f"/dilemma/{TODAY}/1/dagboek")
    page.get_by_label("Waarom koos je dit?").fill("Nog niet af")
    until_true(page, "() => Object.keys(sessionStorage).length > 0")
    page.goto("/account")
    page.go_back()
    expect(page.get_by_label("Waarom koos je dit?")).to_have_value("Nog niet af")
    keep(page, "Nu wel af")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_a_piece_is_changed_found_and_wiped(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    open_diary(page)
    unfold(page, "Verander of wis")
    page.get_by_label("Waarom koos je dit?").fill("Bij nader inzien.")
    page.get_by_label("Trefwoorden").fill("café, woning")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    expect_told(page, "Bewaard.")
    open_diary(page)
    expect(page.get_by_role("article")).to_contain_text("Bij nader inzien.")
    page.get_by_label("Zoek in je dagboek").fill("CAFE")
    expect(page.get_by_role("status").filter(has_text="1 stuk")).to_be_visible()
    page.get_by_label("Zoek in je dagboek").fill("niets")
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_label("Zoek in je dagboek").fill("")
    unfold(page, "Verander of wis")
    unfold(page, "Wis dit stuk")
    press(page, "Ja, wis dit stuk")
    expect(page.get_by_text("Er staat nog niets in je dagboek.")).to_be_visible()
    assert stored(page)["stukken"] == []


def test_wiping_asks_first_and_leaves_nothing(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.goto("/dagboek")
    unfold(page, "Wis mijn dagboek, of begin opnieuw")
    press(page, "Wis mijn dagboek")
    expect_told(page, "Vink eerst aan dat alles weg mag.")
    assert len(stored(page)["stukken"]) == 1
    page.reload()
    wipe(page)
    assert stored(page) == {"boeken": [], "stukken": []}
    page.get_by_role("link", name="Begin opnieuw").click()
    begin(page)
    assert opened_pieces(page) == []
