"""Kraak 45 in a room: what begeleider, beamer and five phones see at every step,
and what may go wrong.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.parts.live import TODAY, Live
from tests.browser.parts.looking import faults_of
from tests.browser.parts.phone import Visit
from tests.browser.parts.room import LABELS, VOTE, Hall, counting, faults_of_copies, open_hall, seen

SQLITE = pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
AGREED = "We bellen eerst, voordat we schrijven."


@pytest.fixture
def hall(own_site: Live, visit: Visit) -> Iterator[Hall]:
    with counting(own_site):
        yield open_hall(own_site, visit)


@pytest.mark.parametrize("own_site", ["sqlite", "postgresql"], indirect=True)
def test_kraak_45_with_a_begeleider_a_beamer_and_five_phones(hall: Hall) -> None:
    lobby(hall)
    first_vote(hall)
    arguments(hall)
    reveal(hall)
    second_vote(hall)
    shift(hall)
    agreements_and_end(hall)


def lobby(hall: Hall) -> None:
    hall.come_in(5)
    hall.all_see("Klopt dit aantal?")
    expect(hall.scherm.get_by_text("5 telefoons doen mee.")).to_be_visible()
    expect(hall.regie.locator("dd").get_by_text("5 telefoons")).to_be_visible()
    hall.press("Begin met stap 1")
    hall.all_see("Stap 1 van 9", regie=True)


def first_vote(hall: Hall) -> None:
    hall.press("Volgende stap: Kies zelf")
    hall.all_see("gaat zo open")
    hall.press("Open de stemming")
    hall.all_see("De stemming is open")
    hall.vote("aabbc", lambda place: f"Reden nummer {place}.")
    expect(hall.regie.get_by_text("open · 5 van 5 binnen")).to_be_visible()
    expect(hall.scherm.get_by_text("5 van 5")).to_have_count(0)
    hall.press("Sluit de stemming")
    hall.all_see("De stemming is dicht.")
    hall.nobody_sees("40%")


def arguments(hall: Hall) -> None:
    hall.press("Volgende stap: Argumenten")
    hall.all_see("Stap 3 van 9")
    for page in hall.everyone():
        assert "Reden nummer" not in page.content()
    item = hall.regie.get_by_role("listitem").filter(has_text="Reden nummer 3.")
    item.get_by_role("button", name="Zet op het scherm").click()
    hall.all_see("Reden nummer 3.")
    for page in hall.everyone():
        assert page.content().count("Reden nummer") == 1
    hall.press("Volgende stap: Praat")
    hall.all_see("Stap 4 van 9")


def reveal(hall: Hall) -> None:
    hall.press("Volgende stap: Onthul")
    hall.all_see("Stap 5 van 9")
    hall.nobody_sees("%")
    hall.press("Onthul de cijfers")
    for page in hall.everyone():
        expect(page.get_by_role("cell", name="40%").first).to_be_visible()
    hall.press("Volgende stap: Samen")
    hall.all_see("Stap 6 van 9")


def second_vote(hall: Hall) -> None:
    hall.press("Volgende stap: Kies opnieuw")
    hall.press("Open de stemming")
    hall.all_see("De stemming is open")
    for phone in hall.phones:
        assert "in de bus." not in phone.locator(".ki-klaar").all_inner_texts()
        expect(phone.locator("input:checked")).to_have_count(0)
    hall.vote("abbbc")
    hall.press("Sluit de stemming")
    hall.all_see("De stemming is dicht.")


def shift(hall: Hall) -> None:
    hall.press("Volgende stap: Wat verschoof")
    hall.all_see("Stap 8 van 9")
    hall.press("Onthul de cijfers")
    hall.all_see("Voor en na het gesprek")
    for page in hall.everyone():
        expect(page.locator(".ki-helling")).to_be_visible()
        expect(page.locator(".ki-schuif tr").filter(has_text="B")).to_contain_text("23")


def agreements_and_end(hall: Hall) -> None:
    agreed(hall)
    hall.press("Rond af en maak het verslag")
    hall.regie.get_by_role("link", name="Lees het verslag").click()
    expect(hall.regie.get_by_text("maandag 21 december 2026")).to_be_visible()
    hall.phones[0].get_by_role("link", name="Lees het verslag").click()
    expect(hall.phones[0].get_by_text(AGREED)).to_be_visible()
    expect(hall.scherm.get_by_text("Dank jullie wel.")).to_be_visible()


@SQLITE
def test_every_page_can_be_used_by_everyone_in_the_main_states(hall: Hall) -> None:
    faults = []
    for state in (
        lobby,
        before_the_vote,
        the_vote_is_open,
        reasons_shown,
        revealed,
        voted_again,
        shift,
        agreed,
    ):
        state(hall)
        faults += [f"{state.__name__}: {fault}" for fault in looked_at(hall)]
    hall.press("Rond af en maak het verslag")
    hall.regie.get_by_role("link", name="Lees het verslag").click()
    expect(hall.regie.get_by_text("Zet in je agenda")).to_be_visible()
    faults += [f"report: {fault}" for fault in faults_of(hall.regie)]
    assert not faults, "\n".join(faults)


@SQLITE
def test_every_page_around_a_session_can_be_used_by_everyone(hall: Hall) -> None:
    faults = []
    pages = ("/team", "/team/1/intervisie", f"/team/1/intervisie/cijfers/{TODAY}", "/werkvormen")
    for url in (*pages, "/werkvormen/kraak-45", "/m", "/m/999999"):
        page = hall.regie.context.new_page()
        page.goto(url)
        faults += [f"{url}: {fault}" for fault in faults_of(page)]
        page.close()
    assert not faults, "\n".join(faults)


def before_the_vote(hall: Hall) -> None:
    hall.press("Volgende stap: Kies zelf")
    hall.all_see("gaat zo open")


def the_vote_is_open(hall: Hall) -> None:
    hall.press("Open de stemming")
    hall.all_see("De stemming is open")


def reasons_shown(hall: Hall) -> None:
    hall.vote("aabbc", lambda place: f"Reden {place}. " * 8)
    hall.press("Sluit de stemming")
    hall.press("Volgende stap: Argumenten")
    for left in (4, 3, 2):
        hall.press("Zet op het scherm")
        expect(hall.regie.get_by_role("button", name="Zet op het scherm")).to_have_count(left)


def revealed(hall: Hall) -> None:
    hall.press("Volgende stap: Praat")
    hall.press("Volgende stap: Onthul")
    hall.press("Onthul de cijfers")
    for page in hall.everyone():
        expect(page.get_by_role("cell", name="40%").first).to_be_visible()


def voted_again(hall: Hall) -> None:
    hall.press("Volgende stap: Samen")
    second_vote(hall)


def agreed(hall: Hall) -> None:
    hall.press("Volgende stap: Werkafspraken")
    hall.regie.get_by_label("Afspraak 1").fill(AGREED)
    hall.regie.get_by_label("Wanneer kijken jullie terug").fill("2026-12-21")
    hall.press("Bewaar de afspraken")
    hall.all_see(AGREED)


def looked_at(hall: Hall) -> list[str]:
    """The faults of the three pages."""
    return faults_of_copies({"regie": hall.regie, "scherm": hall.scherm, "phone": hall.phones[0]})


@SQLITE
def test_what_is_typed_stays_while_the_page_follows_the_session(hall: Hall) -> None:
    hall.come_in(2)
    hall.press("Begin met stap 1")
    hall.press("Volgende stap: Kies zelf")
    hall.press("Open de stemming")
    typing = hall.phones[0]
    typing.get_by_role("radio", name=LABELS["b"]).check()
    reason = typing.get_by_label("Wat is je belangrijkste reden?")
    reason.fill("Ik ben nog aan het")
    hall.press("Zet de tijd op")
    seen_before = seen(typing).get_attribute("data-gezien")
    expect(seen(typing)).not_to_have_attribute("data-gezien", seen_before or "")
    expect(reason).to_have_value("Ik ben nog aan het")
    expect(typing.get_by_role("radio", name=LABELS["b"])).to_be_checked()
    assert typing.evaluate("document.activeElement.name") == "reden"


@SQLITE
def test_a_phone_comes_back_after_a_reload_a_new_tab_and_lost_connection(hall: Hall) -> None:
    phone = hall.come_in()
    hall.press("Begin met stap 1")
    phone.context.set_offline(True)
    expect(phone.get_by_text("Even geen verbinding.")).to_be_visible()
    hall.press("Volgende stap: Kies zelf")
    hall.press("Open de stemming")
    phone.context.set_offline(False)
    expect(phone.get_by_role("button", name=VOTE)).to_be_visible()
    again = phone.context.new_page()
    again.goto(f"/m/{hall.code}")
    hall.vote("a")
    again.get_by_role("radio", name=LABELS["b"]).check()
    again.get_by_role("button", name=VOTE).click()
    expect(again.get_by_text("De eerste telt.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Je stem is binnen")).to_be_visible()
    expect(hall.regie.get_by_text("open · 1 van 1 binnen")).to_be_visible()


@SQLITE
def test_everything_works_without_script(hall: Hall) -> None:
    phone = hall.come_in(script=False)
    regie = hall.visit(hall.live.world.gerda, site=hall.live, script=False)
    regie.goto(hall.regie.url)
    regie.get_by_role("button", name="Begin met stap 1").click()
    regie.get_by_role("button", name="Volgende stap: Kies zelf").click()
    regie.get_by_role("button", name="Open de stemming").click()
    phone.get_by_role("link", name="Ververs").click()
    hall.vote("c")
    regie.get_by_role("button", name="Sluit de stemming").click()
    expect(hall.scherm.get_by_text("De stemming is dicht.")).to_be_visible()
    phone.get_by_role("link", name="Ververs").click()
    expect(phone.get_by_text("De stemming is dicht.")).to_be_visible()


@SQLITE
def test_the_scherm_is_moved_by_keyboard(hall: Hall) -> None:
    hall.come_in()
    hall.press("Begin met stap 1")
    hall.all_see("Stap 1 van 9")
    hall.scherm.set_viewport_size({"width": 800, "height": 300})
    panel = hall.scherm.locator(".ki-paneel")
    panel.evaluate("(panel) => { panel.style.maxHeight = '60px' }")
    hall.scherm.keyboard.press("PageDown")
    assert panel.evaluate("(panel) => panel.scrollTop") > 0
    hall.scherm.keyboard.press("Tab")
    assert hall.scherm.evaluate("document.activeElement.className").startswith("ki-paneel")
