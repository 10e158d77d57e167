"""The hand that leads: a lobby in three actions, large buttons under the thumb, taking over."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from kopkrakers.accounts.models import Role
from kopkrakers.intervisie.session import planning
from kopkrakers.intervisie.session.cases import Dilemma
from kopkrakers.intervisie.werkvormen.reading import werkvormen
from tests.browser.intervisie.parts import LARGE
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import faults_of, until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LAPTOP,
    REMOTE,
    SessionScreens,
    counting,
    open_screens,
    seen,
)
from tests.support.running import until

IS_IN_VIEW = """() => {
  const button = document.querySelector(".ki-balk .utrecht-button--primary-action");
  if (!button) return false;
  const box = button.getBoundingClientRect();
  const fits_down = box.top >= 0 && box.bottom <= innerHeight;
  const inside = fits_down && box.left >= 0 && box.right <= innerWidth;
  const on_top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return inside && button.contains(on_top);
}"""
ANOTHER_BUTTON = """(label) => {
  const button = document.querySelector(".ki-balk .utrecht-button--primary-action");
  const is_busy = document.querySelector(".ki-bezig");
  const is_seen = button && getComputedStyle(button).visibility === "visible";
  return is_seen && !is_busy && button.textContent.trim() !== label;
}"""
TO_SHOW = 300
"""In milliseconds: an answer is shown well within it."""
MOST_PRESSES = 60
"""Of a whole werkvorm: every step, and each vote opened, closed and revealed."""

pytestmark = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


def test_from_team_to_the_first_phone_in_the_lobby_in_three_actions(
    own_site: LiveSite, visit: Visit
) -> None:
    regie = visit(own_site.world.gerda, site=own_site, viewport=REMOTE)
    regie.goto("/team")
    regie.get_by_role("link", name="Start of plan een sessie").click()
    regie.locator(f"[name=dilemma][value={TODAY}]").check()
    regie.get_by_role("button", name="Start nu").click()
    expect(regie.get_by_role("heading", name="Laat iedereen binnen")).to_be_visible()
    phone = visit(site=own_site)
    phone.goto(f"/m/{regie.url.split('/')[-2]}")
    phone.get_by_role("button", name="Doe mee").click()
    expect(seen(phone).get_by_text("Je bent binnen")).to_be_visible()
    expect(regie.get_by_text("1 telefoon").first).to_be_visible()


def rehearsal(site: LiveSite, werkvorm: str) -> str:
    """An open lobby with pretenders; gives its code."""
    state, world = site.site(TODAY).state, site.world
    plan = planning.SessionPlan(world.team_noord, werkvorm, Dilemma(TODAY), rehearsal=True)
    who, today = world.gerda.id, site.clock().date()
    with state.database.transaction() as session:
        code = planning.plan_session(session, state.library, plan, user_id=who, today=today)
        planning.open_lobby(session, code=code, user_id=who, now=site.clock())
    return code


def walked(regie: Page) -> list[str]:
    """Press the large button from lobby to end; give its labels. Each time it is in view."""
    labels: list[str] = []
    for _ in range(MOST_PRESSES):
        other = labels[-1] if labels else ""
        until_true(regie, ANOTHER_BUTTON, other)
        until(lambda: regie.evaluate(IS_IN_VIEW), f"not in view, after {labels}")
        labels.append(regie.locator(LARGE).inner_text().strip())
        regie.locator(LARGE).click()
        if labels[-1] == "Rond af":
            return labels
    raise AssertionError(f"no end: {labels}")


@pytest.mark.slow
def test_every_large_button_of_every_werkvorm_is_in_view_on_a_small_phone(
    own_site: LiveSite, visit: Visit
) -> None:
    regie = visit(own_site.world.gerda, site=own_site, viewport=REMOTE)
    with counting(own_site):
        for slug, form in werkvormen().items():
            regie.goto(f"/intervisie/{rehearsal(own_site, slug)}/regie")
            labels = walked(regie)
            steps = [label for label in labels if label.startswith("Volgende stap: ")]
            assert len(steps) == len(form.stappen) - 1, (slug, labels)


def test_a_colleague_takes_over_and_the_former_regie_says_so_by_itself(
    screens: SessionScreens,
) -> None:
    live, code = screens.live, screens.code
    els = screens.visit(live.person(Role.BEGELEIDER), site=live, viewport=REMOTE)
    screens.come_in()
    screens.press("Begin met stap 1")
    els.goto("/team")
    els.get_by_role("link", name="Neem de regie over").click()
    faults = faults_of(els)
    els.get_by_role("button", name="Ja, neem de regie over").click()
    expect(els.locator(LARGE)).to_contain_text("Volgende stap")
    expect(screens.regie.get_by_role("heading", name="nam de regie over")).to_be_visible()
    faults += faults_of(screens.regie)
    els.locator(LARGE).click()
    expect(screens.scherm.get_by_text("Stap 2 van").first).to_be_visible()
    screens.regie.get_by_role("link", name="Neem de regie terug").click()
    screens.regie.get_by_role("button", name="Ja, neem de regie over").click()
    expect(screens.regie).to_have_url(re.compile(f"{code}/regie$"))
    expect(screens.regie.get_by_text("Stap 2 van").first).to_be_visible()
    expect(els.get_by_role("heading", name="nam de regie over")).to_be_visible()
    assert not faults, "\n".join(faults)


def test_a_press_on_a_regie_that_was_taken_over_says_so_and_does_nothing(
    screens: SessionScreens,
) -> None:
    live = screens.live
    els = screens.visit(live.person(Role.BEGELEIDER), site=live, viewport=LAPTOP)
    screens.press("Begin met stap 1")
    expect(screens.regie.locator(LARGE)).to_contain_text("Volgende stap")
    screens.regie.route("**/regie/nu?*", lambda route: route.abort())
    els.goto(f"/intervisie/{screens.code}/overnemen")
    els.get_by_role("button", name="Ja, neem de regie over").click()
    screens.regie.locator(LARGE).click()
    expect(screens.regie.get_by_text("Wat je net koos, is niet gedaan")).to_be_visible()
    expect(els.get_by_text("Stap 1 van").first).to_be_visible()


def test_a_press_while_another_is_underway_is_never_dropped_in_silence(
    screens: SessionScreens,
) -> None:
    regie = screens.regie
    held: list[Route] = []
    regie.route("**/regie/begin", lambda route: held.append(route))
    regie.get_by_role("button", name="Begin met stap 1").click()
    expect(regie.locator(".ki-bezig")).to_be_visible()
    regie.get_by_role("button", name="Begin met stap 1").click()
    too_soon = regie.get_by_text("Je vorige druk is nog onderweg.").first
    expect(too_soon).to_be_hidden()  # the same button twice is one press
    regie.get_by_role("button", name="Nee", exact=True).click()
    expect(too_soon).to_be_visible()
    assert len(held) == 1
    held[0].continue_()
    expect(regie.get_by_text("Stap 1 van").first).to_be_visible()
    expect(too_soon).to_be_hidden()


@pytest.mark.parametrize("how", ["mouse", "space bar"])
def test_a_press_counts_though_a_phone_comes_in_before_it_is_let_go(
    screens: SessionScreens, how: str
) -> None:
    regie = screens.regie
    button = regie.get_by_role("button", name="Begin met stap 1").first
    if how == "mouse":
        button.hover()
        press, let_go = regie.mouse.down, regie.mouse.up
    else:
        button.focus()
        press, let_go = partial(regie.keyboard.down, " "), partial(regie.keyboard.up, " ")
    press()
    with regie.expect_response(lambda answer: "/regie/nu?" in answer.url and answer.status == 200):
        screens.come_in_unseen(1)
    regie.wait_for_timeout(TO_SHOW)
    let_go()
    expect(regie.get_by_text("Stap 1 van").first).to_be_visible()
    expect(regie.get_by_text("1 telefoon").first).to_be_visible()
