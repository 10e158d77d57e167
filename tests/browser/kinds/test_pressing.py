"""A press counts though the page changes between pressing and letting go; two in a row are one."""

import re

from playwright.sync_api import Locator, Page, ViewportSize, expect

from kopkrakers.accounts.models import Role
from tests.browser.parts.desk import editor
from tests.browser.parts.live_site import EARLIER, LiveSite
from tests.browser.parts.phone import Visit
from tests.browser.parts.states import Stage
from tests.browser.parts.walking import press_twice
from tests.support.world import add_people

TO_SHOW = 1_200
"""In milliseconds: what follows typing is asked for, or looked for, and shown well within it."""
UPRIGHT: ViewportSize = {"width": 1080, "height": 1920}
"""A laptop's screen on its side: the form is whole in it, so no scrolling makes up for a push."""
AT_ONCE = 4_000
"""In milliseconds, on a busy machine: half of how long a page waits for what it never hears."""
MANY = 60
"""People, among whom one looks by name."""


def press_slowly(page: Page, button: Locator) -> None:
    """Press what is in view, and let go once what follows typing is there."""
    button.hover()
    page.mouse.down()
    page.wait_for_timeout(TO_SHOW)
    page.mouse.up()


def test_what_stands_in_the_archive_is_opened_while_the_search_goes_on(
    live: LiveSite, visit: Visit
) -> None:
    page = visit(live.person())
    page.goto("/archief")
    page.get_by_label("Zoek op woorden").press_sequentially("samen")
    press_slowly(page, page.get_by_role("link", name="Samen thuis"))
    expect(page).to_have_url(re.compile(EARLIER))


def test_what_is_chosen_from_a_list_counts_though_nobody_hears_of_letting_go(
    live: LiveSite, visit: Visit
) -> None:
    """Browsers give that to the list that they open."""
    page = visit(live.person())
    page.goto("/archief")
    page.get_by_text("Kies een thema").click()
    page.get_by_label("Thema").hover()
    page.mouse.down()
    page.get_by_label("Thema").select_option(index=1)
    expect(page).to_have_url(re.compile("thema=[^&]"), timeout=AT_ONCE)


def test_somebody_in_beheer_is_opened_while_the_search_goes_on(
    live: LiveSite, visit: Visit
) -> None:
    with live.database.transaction() as session:
        add_people(session, live.world.zaanstad, MANY)
    page = visit(live.person(Role.BEHEERDER))
    page.goto("/beheer")
    first = page.locator("#mensen-lijst a[href*='/beheer/mensen/']").first
    first.scroll_into_view_if_needed()
    page.get_by_label("Zoek op naam").press_sequentially("a")
    press_slowly(page, first)
    expect(page).to_have_url(re.compile(r"/beheer/mensen/\d+"))


def test_a_card_is_saved_though_advice_comes_above_the_button(live: LiveSite, visit: Visit) -> None:
    page = editor(Stage(live, visit))
    page.get_by_role("button", name="Bewaar", exact=True).scroll_into_view_if_needed()
    page.locator("#titel").evaluate(
        """(field) => {
          field.value = "x".repeat(50);
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    press_slowly(page, page.get_by_role("button", name="Bewaar", exact=True))
    expect(page.get_by_text("Versie 2 is bewaard")).to_be_visible()


def test_a_case_is_sent_though_a_mark_comes_above_the_button(live: LiveSite, visit: Visit) -> None:
    page = visit(live.person(), viewport=UPRIGHT)
    page.goto("/inzenden")
    page.get_by_label("Wat maakte het lastig?").fill("Mevrouw De Vries belde.")
    press_slowly(page, page.get_by_role("button", name="Stuur het in"))
    expect(page.get_by_text("Schrijf op wat er gebeurde").first).to_be_visible()


def test_a_report_that_is_sent_with_two_presses_arrives_once(live: LiveSite, visit: Visit) -> None:
    what = "Dit stond er maar één keer."
    page = visit(live.person())
    page.goto(f"/dilemma/{EARLIER}/klopt-niet")
    page.get_by_label("Wat klopt er niet?").fill(what)
    press_twice(page, "Stuur naar de redactie", "**/klopt-niet")
    expect(page.get_by_text("Dank je. De redactie leest het.").first).to_be_visible()
    desk = visit(live.person(Role.REDACTEUR))
    desk.goto("/redactie")
    expect(desk.get_by_text(what)).to_have_count(1)
