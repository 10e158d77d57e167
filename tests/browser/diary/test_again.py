"""What the diary gives back: a question after eight weeks, a compass, and a report."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.parts.diary import (
    REASON,
    answer_and_keep,
    keep,
    open_diary,
    opened_pieces,
    to_keep,
)
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import answer, press

EIGHT_WEEKS = timedelta(weeks=8, hours=1)
AGAIN = "Wat kies je nu?"


def later(page: Page, time: timedelta) -> None:
    """Let this device live in another moment."""
    page.clock.set_fixed_time(datetime.now(UTC) + time)


def test_after_eight_weeks_one_chooses_again_and_only_then_reads_what_one_wrote(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    later(page, EIGHT_WEEKS)
    open_diary(page)
    again = page.locator("form").filter(has=page.get_by_role("heading", name=AGAIN))
    expect(page.get_by_role("heading", name=AGAIN)).to_be_focused()
    expect(again).not_to_contain_text(REASON)
    press(again, "Laat zien wat ik toen koos")
    expect(again.locator("[data-gezegd]")).to_have_text("Vul eerst in wat je koos.")
    again.get_by_label("Wat zou je nu kiezen?").select_option(label="A Ik doe het zo")
    again.get_by_label("Waarom?").fill("Nu zie ik het anders.")
    press(again, "Laat zien wat ik toen koos")
    then = page.locator("section").filter(has=page.get_by_role("heading", name="Toen en nu"))
    for words in (REASON, "B Ik doe het anders", "A Ik doe het zo", "Je kiest nu iets anders"):
        expect(then).to_contain_text(words)
    open_diary(page)
    expect(page.get_by_role("article")).to_contain_text("Nu zie ik het anders.")
    expect(page.get_by_role("heading", name=AGAIN)).to_be_hidden()


def test_before_eight_weeks_nothing_comes_back(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    later(page, timedelta(weeks=7))
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    expect(page.get_by_role("heading", name=AGAIN)).to_be_hidden()


def test_the_compass_says_what_one_steers_by(live: LiveSite, visit: Visit) -> None:
    """Of Friday's dilemma most people chose A; today's has no figure yet."""
    page = visit(live.person())
    answer_and_keep(page)
    answer(page, EARLIER, doorslag="Wet")
    to_keep(page, EARLIER)
    page.get_by_label("Hoe zeker was je?").select_option("Zeker")
    page.get_by_label("Wat kiezen de meesten, dacht je?").select_option("b")
    keep(page)
    open_diary(page)
    page.get_by_role("tab", name="Kompas").click()
    expect(row(page, "Wat gaf bij jou de doorslag?", "Wet")).to_have_text("1")
    expect(row(page, "Wat gaf bij jou de doorslag?", "Betrokkenheid")).to_have_text("1")
    expect(row(page, "Wat gaf bij jou de doorslag?", "Rendement")).to_have_text("0")
    expect(row(page, "Hoe zeker was je?", "Zeker")).to_have_text("1")
    expect(row(page, "Kwam uit wat", "Liep anders dan je dacht")).to_have_text("1")
    expect(page.get_by_role("table", name="Wat koos je acht weken later?")).to_be_hidden()


def row(page: Page, table: str, name: str) -> Locator:
    """The number in a row of a table."""
    found = page.get_by_role("table", name=table).get_by_role("row")
    header = page.get_by_role("rowheader", name=name, exact=True)
    return found.filter(has=header).get_by_role("cell").first


def test_a_dilemma_that_was_kept_twice_counts_once(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    for _ in range(2):
        page.goto(page.url)
        page.get_by_label("Wat gaf de doorslag?").select_option("Rendement")
        keep(page)
    open_diary(page)
    assert len(opened_pieces(page)) == 3
    page.get_by_role("tab", name="Kompas").click()
    expect(row(page, "Wat gaf bij jou de doorslag?", "Rendement")).to_have_text("1")
    expect(row(page, "Wat gaf bij jou de doorslag?", "Betrokkenheid")).to_have_text("0")


def test_the_report_never_says_what_was_chosen_and_only_ticked_words(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    page.get_by_role("tab", name="Verslag").click()
    page.emulate_media(media="print")
    paper = page.locator("main")
    assert "Eén plek, twee mensen" in paper.inner_text()
    assert "Samen 5 minuten." in paper.inner_text()
    for secret in (REASON, "Ik doe het anders", "Betrokkenheid"):
        assert secret not in paper.inner_text()
    page.emulate_media(media="screen")
    page.get_by_role("checkbox", name="Eén plek, twee mensen").check()
    page.get_by_label("Minuten per dilemma").fill("15")
    page.emulate_media(media="print")
    assert REASON in paper.inner_text() and "Samen 15 minuten." in paper.inner_text()
    assert "Ik doe het anders" not in paper.inner_text()
    page.emulate_media(media="screen")
    page.get_by_label("Tot en met").fill("2026-01-01")
    page.get_by_label("Tot en met").dispatch_event("change")
    page.emulate_media(media="print")
    assert "Eén plek" not in paper.inner_text() and REASON not in paper.inner_text()


def test_another_part_of_the_diary_prints_nothing_of_it(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer_and_keep(page)
    open_diary(page)
    assert len(opened_pieces(page)) == 1
    page.emulate_media(media="print")
    assert page.locator("main").inner_text().strip() == "Mijn dagboek"
