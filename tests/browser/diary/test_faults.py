"""What can go wrong with a diary: no room, no storage, no script, another tab."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.parts.diary import (
    PHRASE,
    answer_and_keep,
    begin,
    expect_told,
    keep,
    open_diary,
    opened_pieces,
    stored,
    to_keep,
    wipe,
)
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, press, unfold

FORBID = """Object.defineProperty(window, "indexedDB", {
  value: { open: () => { throw new DOMException("forbidden", "SecurityError") } },
});"""
NO_LOCK = 'Object.defineProperty(crypto, "subtle", { value: undefined });'


def leave_room(page: Page, size: int) -> None:
    """Let this browser give the site so many bytes, as it does when the device is full."""
    line = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    line.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


def test_a_full_device_says_so_and_keeps_what_was_typed(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, TODAY)
    to_keep(page)
    leave_room(page, 1)
    begin(page)
    expect_told(page, "Misschien is je toestel vol.")
    expect(page.locator("#begin-nieuw")).to_have_value(PHRASE)
    assert stored(page) == {"boeken": [], "stukken": []}
    leave_room(page, 10**9)
    press(page, "Begin mijn dagboek")
    keep(page)
    assert len(stored(page)["stukken"]) == 1


@pytest.mark.parametrize(
    ("forbid", "told"),
    [(FORBID, "Deze browser laat ons niets bewaren."), (NO_LOCK, "beveiligde verbinding")],
)
def test_where_nothing_can_be_kept_both_pages_say_so(
    live: LiveSite, visit: Visit, forbid: str, told: str
) -> None:
    page = visit(live.person())
    answer(page, TODAY)
    page.add_init_script(forbid)
    for path in (f"/dilemma/{TODAY}/1/dagboek", "/dagboek"):
        page.goto(path)
        expect(page.locator("[data-dagboek]:visible")).to_contain_text(told)
        expect(page.locator("main").get_by_role("textbox")).to_have_count(0)


def test_without_javascript_the_pages_say_what_they_need(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    answer(visit(person), TODAY)
    page = visit(person, script=False)
    for path in (f"/dilemma/{TODAY}/1/dagboek", "/dagboek"):
        page.goto(path)
        told = page.locator("main noscript p")
        expect(told).to_be_visible()
        assert "Voor je dagboek is JavaScript nodig." in told.inner_text()
        expect(page.locator("main").get_by_role("button")).to_have_count(0)


def change_reason(page: Page, reason: str) -> None:
    """Change why, in the one piece that the open diary holds."""
    if not page.get_by_label("Waarom koos je dit?").is_visible():
        unfold(page, "Verander of wis")
    page.get_by_label("Waarom koos je dit?").fill(reason)
    page.get_by_role("button", name="Bewaar", exact=True).click()


def two_tabs(live: LiveSite, visit: Visit) -> tuple[Page, Page]:
    """The same diary with one piece, open in two tabs of one browser."""
    first = visit(live.person())
    answer_and_keep(first)
    second = first.context.new_page()
    for page in (first, second):
        open_diary(page)
        assert len(opened_pieces(page)) == 1
    return first, second


def test_what_another_tab_changed_is_not_written_over(live: LiveSite, visit: Visit) -> None:
    first, second = two_tabs(live, visit)
    change_reason(first, "In het eerste tabblad.")
    expect(first.locator("article [data-gezegd]").first).to_have_text("Bewaard.")
    change_reason(second, "In het tweede tabblad.")
    told = second.locator("article [data-gezegd]").first
    expect(told).to_contain_text("intussen in een ander tabblad veranderd")
    expect(second.get_by_label("Waarom koos je dit?")).to_have_value("In het tweede tabblad.")
    change_reason(first, "Nog eens.")
    expect(first.locator("article [data-gezegd]").first).to_have_text("Bewaard.")
    open_diary(first)
    expect(first.get_by_role("article")).to_contain_text("Nog eens.")


def test_a_diary_that_another_tab_wiped_takes_nothing_more(live: LiveSite, visit: Visit) -> None:
    first, second = two_tabs(live, visit)
    wipe(first)
    change_reason(second, "Te laat.")
    expect(second.locator("article [data-gezegd]").first).to_contain_text("intussen gewist")
    expect(second.get_by_label("Waarom koos je dit?")).to_have_value("Te laat.")
    assert stored(second) == {"boeken": [], "stukken": []}


def test_two_tabs_begin_one_diary(live: LiveSite, visit: Visit) -> None:
    first = visit(live.person())
    answer(first, TODAY)
    to_keep(first)
    second = first.context.new_page()
    second.goto(first.url)
    begin(first)
    keep(first)
    begin(second, "heel andere woorden hier")
    expect_told(second, "Je hebt op dit toestel al een dagboek.")
    second.reload()
    keep(second)
    open_diary(second, PHRASE)
    assert len(opened_pieces(second)) == 2


def test_a_damaged_piece_is_told_and_the_others_open(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.goto(page.url)
    keep(page, "De tweede.")
    page.evaluate("""async () => {
      const asked = indexedDB.open("kk-dagboek");
      const opened = await new Promise((done) => { asked.onsuccess = () => done(asked.result) });
      const pieces = opened.transaction("stukken", "readwrite").objectStore("stukken");
      await new Promise((done) => {
        pieces.openCursor().onsuccess = ({ target }) => {
          target.result.update({ ...target.result.value, iv: "00".repeat(12) }).onsuccess = done;
        };
      });
      opened.close();
    }""")
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    expect(page.get_by_text("Een of meer stukken zijn beschadigd")).to_be_visible()


def test_a_text_that_is_too_long_is_refused_whole(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    page.goto(page.url)
    page.get_by_label("Waarom koos je dit?").fill("a" * 1001)
    press(page, "Bewaar in mijn dagboek")
    expect_told(page, "Dit is te lang.")
    assert len(page.get_by_label("Waarom koos je dit?").input_value()) == 1001
    keep(page, "😀" * 1000)
