"""A card that unfolds, in a real browser: what the device adds, by keyboard, without a script."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.day.unfolding import PAGE, add_parts, option
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.page_checks import rectangle_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import (
    answer,
    choose,
    press,
    put_in_box,
    tab_to,
    unfold,
    wait_until_typed_is_kept,
)

CHOSEN = re.compile("In de bus: het vervolg")
WAITS = (
    "() => Object.entries(sessionStorage).find(([key]) => key.startsWith('kk.getypt'))?.[1] ?? null"
)


def test_the_device_alone_knows_the_first_choice(live: LiveSite, visit: Visit) -> None:
    person = live.person()
    phone, other = visit(person), visit(person)
    answer(phone, EARLIER, "Ik doe het anders")
    phone.goto(PAGE)
    # while choosing again nothing reminds of it
    expect(phone.get_by_text("Jij koos eerst")).to_have_count(0)
    option(phone, "Ik doe het zo").check()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_text("Jij koos eerst B.")).to_be_visible()
    expect(phone.get_by_text("Jij koos eerst A.")).to_be_hidden()
    other.goto(PAGE)
    expect(other).to_have_title(CHOSEN)
    expect(other.get_by_text("Jij koos eerst B.")).to_be_hidden()


def test_a_choice_that_was_not_sent_outlives_a_reload_and_says_nothing_to_others(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    answer(page, EARLIER)
    page.goto(PAGE)
    lengths = set()
    for name in ("Ik doe het zo", "Ik doe het samen met hem"):
        option(page, name).check()
        wait_until_typed_is_kept(option(page, name))
        kept = json.loads(str(page.evaluate(WAITS)))
        assert set(kept) == {"at", "from", "sent", "iv", "sealed"}
        lengths.add(len(kept["sealed"]))
    assert len(lengths) == 1
    page.reload()
    expect(option(page, "Ik doe het samen met hem")).to_be_checked()
    # it is said aloud as well, beside the form
    expect(page.locator("#keuze").get_by_text("Hij is nog niet verstuurd.")).to_be_visible()
    press(page, "Doe mijn keuze in de bus")
    expect(page).to_have_title(CHOSEN)
    assert page.evaluate(WAITS) is None


def test_choosing_again_works_by_keyboard_alone(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person())
    answer(page, EARLIER)
    page.goto(PAGE)
    unseen = tab_to(page, option(page, "Ik doe het zo"))
    page.keyboard.press("ArrowDown")
    expect(option(page, "Ik doe het anders")).to_be_checked()
    unseen += tab_to(page, page.get_by_role("button", name="Doe mijn keuze in de bus"))
    page.keyboard.press("Enter")
    expect(page).to_have_title(CHOSEN)
    assert unseen == []


def test_all_of_it_works_without_script(live: LiveSite, visit: Visit) -> None:
    phone = visit(live.person(), script=False)
    phone.goto(f"/dilemma/{EARLIER}")
    choose(phone, "Ik doe het anders")
    put_in_box(phone)
    phone.get_by_role("link", name="Er kwam iets bij: lees het vervolg").click()
    option(phone, "Ik doe het zo").check()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone).to_have_title(CHOSEN)
    unfold(phone, "Neem terug")
    press(phone, "Ja, neem mijn keuze terug")
    expect(phone.get_by_text("Je hebt je antwoord teruggenomen.")).to_be_visible()


def widths(page: Page) -> list[float]:
    """The width of each bar in the columns of a row, in CSS pixels."""
    bars = page.locator(".kv-tabel tbody tr").first.locator(".kk-bar")
    return [rectangle_of(bar)["width"] for bar in bars.all()]


def test_bars_of_all_parts_are_equally_long_on_a_narrow_screen(
    live: LiveSite, visit: Visit
) -> None:
    add_parts(live)
    page = visit(live.person())
    answer(page, EARLIER)
    page.goto(PAGE)
    option(page, "Ik doe het zo").check()
    press(page, "Doe mijn keuze in de bus")
    # by script the press does not wait for the page that follows
    expect(page).to_have_title(CHOSEN)
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        first, second = widths(page)
        assert abs(first - second) < 1
        assert first > 80
        # the columns of a table may not push the page aside
        assert page.evaluate("document.documentElement.scrollWidth") <= width
