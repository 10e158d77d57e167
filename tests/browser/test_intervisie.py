"""Kraak 45 on all screens: what begeleider, beamer and five phones see at every step,
and what may go wrong.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.parts import kraak_45
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import faults_of, until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LABELS,
    VOTE,
    SessionScreens,
    counting,
    faults_of_copies,
    open_screens,
    seen,
)

SQLITE = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
AGREED = "We bellen eerst, voordat we schrijven."


@pytest.fixture
def screens(own_site: LiveSite, visit: Visit) -> Iterator[SessionScreens]:
    with counting(own_site):
        yield open_screens(own_site, visit)


@pytest.mark.parametrize("own_site", ["sqlite", "postgresql"], indirect=True)
def test_kraak_45_with_a_begeleider_a_beamer_and_five_phones(screens: SessionScreens) -> None:
    lobby(screens)
    first_vote(screens)
    arguments(screens)
    kraak_45.reveal(screens, "2 van 5")
    kraak_45.second_vote(screens, "cbbbc")
    shift(screens)
    agreements_and_end(screens)


def lobby(screens: SessionScreens, in_browsers: int = 5) -> None:
    screens.come_in(in_browsers)
    screens.come_in_unseen(5 - in_browsers)
    screens.all_see("Klopt dit aantal?")
    expect(screens.scherm.get_by_text("5 telefoons doen mee.")).to_be_visible()
    expect(screens.regie.locator("dd").get_by_text("5 telefoons")).to_be_visible()
    screens.press("Begin met stap 1")
    screens.all_see("Stap 1 van 9", regie=True)


def first_vote(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Kies zelf")
    screens.all_see("gaat zo open")
    screens.press("Open de stemming")
    screens.all_see("De stemming is open")
    screens.vote("aabbc", lambda place: f"Reden nummer {place}.")
    expect(screens.regie.get_by_text("open · 5 van 5 binnen")).to_be_visible()
    expect(screens.scherm.get_by_text("5 van 5")).to_have_count(0)
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")
    screens.nobody_sees("2 van 5")


def arguments(screens: SessionScreens) -> None:
    kraak_45.one_reason_on_the_scherm(screens)
    kraak_45.talk(screens)


def shift(screens: SessionScreens) -> None:
    kraak_45.shift(screens, "23")


def agreements_and_end(screens: SessionScreens) -> None:
    agreed(screens)
    screens.press("Rond af en maak het verslag")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    expect(screens.regie.get_by_text("maandag 21 december 2026")).to_be_visible()
    screens.phones[0].get_by_role("link", name="Lees het verslag").click()
    expect(screens.phones[0].get_by_text(AGREED)).to_be_visible()
    expect(screens.scherm.get_by_text("Dank jullie wel.")).to_be_visible()


@SQLITE
def test_every_page_can_be_used_by_everyone_in_the_main_states(screens: SessionScreens) -> None:
    faults = []
    for state in (
        lobby_with_one_in_a_browser,
        before_the_vote,
        the_vote_is_open,
        reasons_shown,
        revealed,
        voted_again,
        shift,
        agreed,
    ):
        state(screens)
        faults += [f"{state.__name__}: {fault}" for fault in looked_at(screens)]
    screens.press("Rond af en maak het verslag")
    screens.regie.get_by_role("link", name="Lees het verslag").click()
    expect(screens.regie.get_by_text("Zet in je agenda")).to_be_visible()
    faults += [f"report: {fault}" for fault in faults_of(screens.regie)]
    assert not faults, "\n".join(faults)


@SQLITE
def test_every_page_around_a_session_can_be_used_by_everyone(screens: SessionScreens) -> None:
    faults = []
    pages = ("/team", "/team/1/intervisie", f"/team/1/intervisie/cijfers/{TODAY}", "/werkvormen")
    for url in (*pages, "/werkvormen/kraak-45", "/m", "/m/999999"):
        page = screens.regie.context.new_page()
        page.goto(url)
        faults += [f"{url}: {fault}" for fault in faults_of(page)]
        page.close()
    assert not faults, "\n".join(faults)


def lobby_with_one_in_a_browser(screens: SessionScreens) -> None:
    """One phone is looked at; that all five see the same, another test looks at."""
    lobby(screens, in_browsers=1)


def before_the_vote(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Kies zelf")
    screens.all_see("gaat zo open")


def the_vote_is_open(screens: SessionScreens) -> None:
    screens.press("Open de stemming")
    screens.all_see("De stemming is open")


def reasons_shown(screens: SessionScreens) -> None:
    screens.vote("aabbc", lambda place: f"Reden {place}. " * 8)
    screens.press("Sluit de stemming")
    screens.press("Volgende stap: Argumenten")
    for left in (4, 3, 2):
        screens.press("Zet op het scherm")
        expect(screens.regie.get_by_role("button", name="Zet op het scherm")).to_have_count(left)


def revealed(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Praat")
    screens.press("Volgende stap: Onthul")
    screens.press("Onthul de cijfers")
    for page in screens.everyone():
        expect(page.get_by_role("cell", name="2 van 5").first).to_be_visible()


def voted_again(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Samen")
    kraak_45.second_vote(screens, "cbbbc")


def agreed(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Werkafspraken")
    screens.regie.get_by_label("Afspraak 1").fill(AGREED)
    screens.regie.get_by_label("Wanneer kijken jullie terug").fill("2026-12-21")
    screens.press("Bewaar de afspraken")
    screens.all_see(AGREED)


def looked_at(screens: SessionScreens) -> list[str]:
    """The faults of the three pages."""
    return faults_of_copies(
        {"regie": screens.regie, "scherm": screens.scherm, "phone": screens.phones[0]}
    )


@SQLITE
def test_what_is_typed_stays_while_the_page_follows_the_session(screens: SessionScreens) -> None:
    typing = screens.come_in()
    screens.come_in_unseen(1)
    screens.press("Begin met stap 1")
    screens.press("Volgende stap: Kies zelf")
    screens.press("Open de stemming")
    typing.get_by_role("radio", name=LABELS["b"]).check()
    reason = typing.get_by_label("Wat is je belangrijkste reden?")
    reason.fill("Ik ben nog aan het")
    # asked for before the press: the phone may follow it before the test goes on
    seen_before = seen(typing).get_attribute("data-gezien")
    screens.press("Zet de tijd op")
    expect(seen(typing)).not_to_have_attribute("data-gezien", seen_before or "")
    expect(reason).to_have_value("Ik ben nog aan het")
    expect(typing.get_by_role("radio", name=LABELS["b"])).to_be_checked()
    assert typing.evaluate("document.activeElement.name") == "reden"


@SQLITE
def test_what_was_chosen_for_one_vote_never_lands_in_the_next(screens: SessionScreens) -> None:
    """Also on a phone that slept from one vote to the other."""
    asleep, awake = screens.come_in(), screens.come_in()
    screens.press("Begin met stap 1")
    screens.press("Volgende stap: Kies zelf")
    screens.press("Open de stemming")
    asleep.get_by_role("radio", name=LABELS["a"]).check()
    asleep.get_by_label("Wat is je belangrijkste reden?").fill("Half af")
    asleep.context.set_offline(True)
    awake.get_by_role("radio", name=LABELS["b"]).check()
    awake.get_by_role("button", name=VOTE).click()
    screens.press("Sluit de stemming")
    screens.press("Ja, sluit toch")
    for step in ("Argumenten", "Praat", "Onthul", "Samen", "Kies opnieuw"):
        screens.regie.get_by_role("button", name=f": {step}").first.click()
    screens.press("Open de stemming")
    asleep.context.set_offline(False)
    expect(seen(asleep).get_by_text("Wat doe je nu?")).to_be_visible()
    expect(asleep.get_by_role("radio", checked=True)).to_have_count(0)


@SQLITE
def test_what_one_begeleider_types_survives_what_the_other_saves(screens: SessionScreens) -> None:
    screens.press("Begin met stap 1")
    other = screens.regie.context.new_page()
    for page in (screens.regie, other):
        page.goto(screens.regie.url)
        page.get_by_text("Werkafspraken alvast opschrijven").click()
    screens.regie.get_by_label("Afspraak 1").fill("Mijn woorden")
    screens.regie.get_by_label("Afspraak 2").focus()
    other.get_by_label("Afspraak 1").fill("Die van de ander")
    other.get_by_role("button", name="Bewaar de afspraken").click()
    expect(screens.regie.locator("[name=was_afspraak_1]")).to_have_value("Die van de ander")
    expect(screens.regie.get_by_label("Afspraak 1")).to_have_value("Mijn woorden")
    expect(screens.regie.get_by_label("Afspraak 2")).to_be_focused()


@SQLITE
def test_a_phone_comes_back_after_a_reload_a_new_tab_and_lost_connection(
    screens: SessionScreens,
) -> None:
    phone = screens.come_in()
    screens.press("Begin met stap 1")
    screens.agree_by_phones()
    phone.context.set_offline(True)
    expect(seen(phone).get_by_text("Even geen verbinding.")).to_be_visible()
    screens.press("Volgende stap: Kies zelf")
    screens.press("Open de stemming")
    phone.context.set_offline(False)
    expect(phone.get_by_role("button", name=VOTE)).to_be_visible()
    again = phone.context.new_page()
    again.goto(f"/m/{screens.code}")
    screens.vote("a")
    expect(seen(again).get_by_text("Je stem is binnen")).to_be_visible()
    expect(again.get_by_role("radio", name=LABELS["b"])).to_be_hidden()
    phone.reload()
    expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
    expect(screens.regie.get_by_text("open · 1 van 1 binnen")).to_be_visible()


@SQLITE
def test_everything_works_without_script(screens: SessionScreens) -> None:
    phone = screens.come_in(script=False)
    screens.agree_by_phones()
    regie = screens.visit(screens.live.world.gerda, site=screens.live, script=False)
    regie.goto(screens.regie.url)
    regie.get_by_role("button", name="Begin met stap 1").click()
    regie.get_by_role("button", name="Volgende stap: Kies zelf").click()
    regie.get_by_role("button", name="Open de stemming").click()
    phone.get_by_role("link", name="Ververs").click()
    screens.vote("c")
    regie.get_by_role("button", name="Sluit de stemming").click()
    expect(screens.scherm.locator(".ki-groot").get_by_text("De stemming is dicht.")).to_be_visible()
    phone.get_by_role("link", name="Ververs").click()
    expect(seen(phone).get_by_text("De stemming is dicht.")).to_be_visible()


@SQLITE
def test_the_scherm_is_moved_by_keyboard(screens: SessionScreens) -> None:
    screens.come_in()
    screens.press("Begin met stap 1")
    screens.all_see("Stap 1 van 9")
    screens.scherm.set_viewport_size({"width": 800, "height": 300})
    panel = screens.scherm.locator(".ki-paneel")
    panel.evaluate("(panel) => { panel.style.maxHeight = '60px' }")
    screens.scherm.keyboard.press("PageDown")
    assert panel.evaluate("(panel) => panel.scrollTop") > 0
    screens.scherm.keyboard.press("Tab")
    assert screens.scherm.evaluate("document.activeElement.className").startswith("ki-paneel")


@SQLITE
def test_a_press_that_is_refused_says_why_beside_a_form_that_stays(screens: SessionScreens) -> None:
    phone = screens.visit(site=screens.live)
    phone.goto(f"/m/{screens.code}")
    phone.context.clear_cookies()
    phone.get_by_role("button", name="Doe mee").click()
    why = phone.get_by_text("Je browser stuurde geen cookie mee")
    expect(why.first).to_be_visible()
    # the page asks what is new, and by then something is: the sentence stays, the button works
    with phone.expect_response(lambda answer: answer.url.endswith(screens.address)):
        screens.come_in()
    expect(phone.get_by_role("button", name="Doe mee")).to_be_visible()
    expect(why.first).to_be_visible()
    phone.get_by_role("button", name="Doe mee").click()
    expect(seen(phone).get_by_text("Je bent binnen")).to_be_visible()


OLD_BROWSER = """
delete AbortSignal.timeout;
delete Array.prototype.at;
delete Array.prototype.findLast;
Object.defineProperty(SubmitEvent.prototype, "submitter", { get: () => null });
delete structuredClone;
delete Object.hasOwn;
delete HTMLFormElement.prototype.requestSubmit;
delete Element.prototype.checkVisibility;
delete Document.parseHTMLUnsafe;
delete crypto.randomUUID;
"""


@SQLITE
def test_a_phone_of_five_years_old_follows_the_session(screens: SessionScreens) -> None:
    phone = screens.visit(site=screens.live)
    phone.context.add_init_script(OLD_BROWSER)
    phone.goto(f"/m/{screens.code}")
    phone.get_by_role("button", name="Doe mee").click()
    expect(seen(phone).get_by_text("Je bent binnen")).to_be_visible()
    screens.press("Begin met stap 1")
    expect(phone.get_by_text("Stap 1 van 9").first).to_be_visible()
    expect(phone.get_by_text("Even geen verbinding.")).to_be_hidden()


@SQLITE
def test_a_laptop_of_five_years_old_knows_which_button_was_pressed(
    screens: SessionScreens,
) -> None:
    """Two buttons in one form, of which one says what to do with a reason by its name."""
    screens.come_in_unseen(5)
    for name in ("Begin met stap 1", "Volgende stap: Kies zelf", "Open de stemming"):
        screens.press(name)
    screens.vote("aabbc", lambda place: f"Reden {place}.")
    screens.press("Sluit de stemming")
    screens.press("Volgende stap: Argumenten")
    screens.regie.context.add_init_script(OLD_BROWSER)
    screens.regie.reload()
    screens.press("Zet op het scherm")
    expect(seen(screens.scherm).locator("[data-reden]")).to_have_count(1)


@SQLITE
def test_extra_minutes_reach_beamer_and_phones(screens: SessionScreens) -> None:
    screens.come_in()
    screens.press("Begin met stap 1")
    screens.press("Zet de tijd op")
    clock = seen(screens.scherm).locator("[data-tijd]").first
    before = int(clock.get_attribute("data-tijd") or 0)
    screens.press("Geef 2 minuten extra")
    until_true(
        screens.scherm,
        "(least) => Number(document.querySelector('[data-tijd]').dataset.tijd) >= least",
        before + 100,
    )


@SQLITE
def test_a_vote_that_was_broken_off_leaves_the_phone_free_and_following(
    screens: SessionScreens,
) -> None:
    phone = screens.come_in()
    screens.press("Begin met stap 1")
    screens.press("Volgende stap: Kies zelf")
    screens.press("Open de stemming")
    phone.get_by_role("radio", name=LABELS["b"]).check()
    hung: list[Route] = []
    phone.route("**/stem", lambda route: route.continue_() if hung else hung.append(route))
    phone.get_by_role("button", name=VOTE).click()
    expect(phone.locator("form[aria-busy]")).to_have_count(1)
    expect(phone.locator("form[aria-busy]")).to_have_count(0, timeout=12_000)
    phone.get_by_role("button", name=VOTE).click()
    expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
