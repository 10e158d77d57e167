"""The result: its order, the state of the own answer, the kraakvraag, sources, taking back."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask_wtf import CSRFProtect
from sqlalchemy import update
from sqlmodel import select

from kopkrakers.answers.models import Participation
from kopkrakers.ballots.models import Envelope
from kopkrakers.base.moments import USUAL_MOMENTS
from kopkrakers.catalogue.editions.editions import EDITION
from tests.support.clock import StoppedClock
from tests.support.pages import Site, give, send, words
from tests.support.world import World

SECTIONS = (
    "In de bus:",
    "Je antwoord zit in de bus.",
    "Neem terug",
    "Ja, neem mijn antwoord terug",
    "Wat kozen collega’s?",
    "Zaanstad",
    "Alle gemeenten",
    "Jij koos:",
    "De wet gaf bij jou de doorslag.",
    "Jij verwachtte A.",
    "Om samen te kraken",
    "Deze vraag deel je: ‘Wat weegt bij jou het zwaarst?’",
    "Zet op onze agenda",
    "Deel",
    "Wat spreekt voor en tegen?",
    "Ervoor",
    "Ertegen",
    "Lees het dilemma terug",
    "Verdiep je keuze",
    "Onderzoek",
    "Wat dit niet laat zien:",
    "Wet en regels",
    "tekst van 1 juli 2026",
    "Cliënt",
    "Er klopt iets niet",
    "Herkomst:",
)


def set_state(site: Site, state: str, *, waits: bool) -> None:
    """As the counter, the begeleider's preparation or a refusal would leave it."""
    with site.state.database.transaction() as session:
        for turn in session.exec(select(Participation)):
            turn.state = state
        if not waits:
            session.connection().exec_driver_sql("DELETE FROM envelope")


def result_of(
    site: Site, world: World, *, state: str = "in_box", waits: bool = True
) -> tuple[str, str]:
    """Anna's result as words and as HTML."""
    browser = site.browser(world.anna)
    give(site, browser)
    set_state(site, state, waits=waits)
    page = browser.get(site.url("uitslag"))
    return words(page), page.get_data(as_text=True)


def test_the_parts_stand_in_their_order(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad))
    text, _ = result_of(site, world)
    places: list[int] = []
    for section in SECTIONS:
        places.append(text.index(section, places[-1] if places else 0))
    assert places == sorted(places)


def test_without_a_figure_the_rest_is_there_and_no_promise_is_made(
    site: Site, world: World, clock: StoppedClock
) -> None:
    use_the_usual_moments(site)
    clock.move(hours=4)
    text, page = result_of(site, world)
    assert "Je antwoord zit in de bus. Om 17.45 uur gaat de bus open." in text
    assert text.count("Er is nog geen uitslag.") == 1 and 'role="tablist"' not in page
    assert "Stand:" not in text and "Deze vraag deel je" not in text
    assert "Wat weegt bij jou het zwaarst?" in text and "Kennis uit onderzoek" in text
    assert "data-geteld-gezien" not in page


def test_after_the_last_moment_of_a_day_the_next_working_day_is_named(
    site: Site, world: World, clock: StoppedClock
) -> None:
    use_the_usual_moments(site)
    clock.move(hours=9, minutes=45)
    text, _ = result_of(site, world)
    assert text.count("Morgen om 12.45 uur gaat de bus open.") == 1


@pytest.mark.parametrize("state", ["taken_back", "seen"])
def test_who_has_no_answer_in_the_bus_reads_beside_the_missing_figure_when_it_opens(
    site: Site, world: World, state: str
) -> None:
    text, _ = result_of(site, world, state=state, waits=False)
    assert text.count("gaat de bus open. Er is nog geen uitslag.") == 1
    assert "Je antwoord zit in de bus." not in text and "Neem terug" not in text


def test_an_answer_in_a_dilemma_that_just_closed_can_be_taken_back_until_the_last_count(
    site: Site, world: World, clock: StoppedClock
) -> None:
    result_of(site, world)
    with site.state.database.transaction() as session:
        session.execute(update(EDITION).values(frozen=True))
    text = words(site.browser(world.anna).get(site.url("uitslag")))
    assert "Binnen een half uur tellen we voor de laatste keer." in text
    assert "neem mijn antwoord terug" in text
    for waiting in (1, 0):
        clock.move(minutes=15)
        site.tick()
        with site.state.database.reading() as session:
            assert len(session.exec(select(Envelope)).all()) == waiting


def use_the_usual_moments(site: Site) -> None:
    usual = site.state.settings.model_copy(update={"moments": USUAL_MOMENTS})
    site.app.extensions["kopkrakers"] = replace(site.state, settings=usual)


def test_the_state_of_the_own_answer_is_told(site: Site, world: World) -> None:
    site.add_figures()
    browser = site.browser(world.anna)
    give(site, browser)
    told = {
        ("in_box", True): "Geteld: 7.777 antwoorden. Jouw antwoord is nog niet geteld.",
        ("in_box", False): "Geteld: 7.777 antwoorden. Jouw antwoord telt mee.",
        ("taken_back", False): "Het telt niet mee. De envelop is ongeopend vernietigd.",
        ("seen", False): "Daarom kun je dit dilemma niet meer beantwoorden.",
        ("not_counted", False): "We konden het niet veilig meetellen. De envelop is vernietigd.",
    }
    for (state, waits), sentence in told.items():
        set_state(site, state, waits=waits)
        page = browser.get(site.url("uitslag"))
        assert sentence in words(page), state
        assert ("neem mijn antwoord terug" in words(page)) is waits
        counted = (state, waits) == ("in_box", False)
        assert ("data-geteld-gezien" in page.get_data(as_text=True)) is counted


def test_what_leans_on_the_own_choice_is_hidden_and_there_for_every_option(
    site: Site, world: World
) -> None:
    site.add_figures()
    _, page = result_of(site, world)
    for option in "abcx":
        assert page.count(f'data-koos="{option}" hidden') == 1
        assert f'data-jij="{option}" hidden' in page
    for option in "abc":
        assert f'data-verwacht="{option}" hidden>Jij verwachtte {option.upper()}.' in page
        assert page.count(f'<details class="kk-more" data-werkwijze="{option}">') == 1
    assert 'data-verwacht="-" hidden>Het vaakst gekozen: A.' in page
    for reason in "wrb":
        assert page.count(f'data-doorslag="{reason}" hidden') == 1


def test_under_figures_of_a_gemeente_the_own_line_says_that_it_is_of_all_of_them(
    site: Site, world: World
) -> None:
    site.add_figures(str(world.zaanstad))
    _, page = result_of(site, world)
    for letter, said in (
        ("a", "Jij verwachtte A. Landelijk klopt dat."),
        ("b", "Jij verwachtte B. Landelijk het vaakst: A."),
        ("-", "Landelijk het vaakst: A."),
    ):
        assert f'data-verwacht="{letter}" hidden>{said}</p>' in page


def test_the_kraakvragen_stand_in_order_with_the_groups_last_and_alone_in_sight(
    site: Site, world: World
) -> None:
    site.add_figures()
    _, page = result_of(site, world)
    variants = [part.split(">", 1)[0] for part in page.split("<div data-kraak ")[1:]]
    assert ["hidden" in variant for variant in variants] == [True, True, True, True, False]
    assert 'data-kraak-optie="a" data-kraak-verwacht="b,c"' in variants[0]
    assert 'data-kraak-optie="*" data-kraak-verwacht="*"' in variants[4]


def test_the_own_gemeente_is_shown_and_never_another(site: Site, world: World) -> None:
    site.add_figures(str(world.zaanstad), counts=(40, 20, 10, 7))
    assert result_of(site, world)[0].count("Geteld: 77 antwoorden.") == 2
    chris = site.browser(world.chris)
    give(site, chris)
    text = words(chris.get(site.url("uitslag")))
    assert text.count("Geteld: 77 antwoorden.") == 1 and "Zaanstad" not in text


def test_what_tipped_the_balance_is_shown_rounded(site: Site, world: World) -> None:
    site.add_figures()
    site.add_reasons(w=(51, 3, 0, 12), b=(17, 44, 4, 9))
    text, _ = result_of(site, world)
    assert "Wat gaf bij collega’s de doorslag?" in text
    assert "Wet: 50 · Betrokkenheid: 15" in text and "Betrokkenheid: 45" in text
    assert text.count("minder dan 5") >= 2 and "&lt;5" not in text and "0-4" not in text


def test_one_doorslag_that_is_left_is_not_shown_as_if_it_were_everyones(
    site: Site, world: World
) -> None:
    site.add_figures()
    site.add_reasons(w=(51, 33, 20, 12))
    assert "Wat gaf bij collega’s de doorslag?" not in result_of(site, world)[0]


def test_shares_add_up_to_a_hundred(site: Site, world: World) -> None:
    site.add_figures(counts=(64, 6, 25, 6))
    _, page = result_of(site, world)
    shares = [int(share) for share in re.findall(r'<td role="cell">(\d+)%</td>', page)]
    assert len(shares) == 4 and sum(shares) == 100


def test_sources_are_links_and_what_is_wrong_can_be_told_in_one_place(
    site: Site, world: World
) -> None:
    _, page = result_of(site, world)
    assert 'href="https://voorbeeld.nl/wet" rel="' in page
    assert page.count(f'href="/dilemma/{site.slug}/klopt-niet"') == 1


def test_sharing_carries_the_question_and_never_a_pattern_or_choice(
    site: Site, world: World
) -> None:
    site.add_figures()
    _, page = result_of(site, world)
    shared = page.split("data-deel hidden", 1)[1].split(">", 1)[0]
    assert (
        "Wat weegt bij jou het zwaarst?" in shared
        and f'data-deel-url="/dilemma/{site.slug}"' in shared
    )
    assert "Collega" not in shared and "Ik doe" not in shared


def test_an_answer_is_taken_back_by_form_and_by_htmx(site: Site, world: World) -> None:
    for visitor, htmx in ((world.anna, False), (world.bram, True)):
        browser = site.browser(visitor)
        give(site, browser)
        answer = send(browser, site.url("terugnemen"), htmx=htmx)
        page = answer if htmx else browser.get(answer.location)
        assert "Je hebt je antwoord teruggenomen." in words(page)
        assert f'data-wis-keuze="{site.slug}.1"' in page.get_data(as_text=True)
    with site.state.database.reading() as session:
        assert session.exec(select(Envelope)).first() is None


def test_a_counted_answer_cannot_be_taken_back(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    set_state(site, "in_box", waits=False)
    answer = send(browser, site.url("terugnemen"))
    assert answer.status_code == 409 and "Je antwoord is al geteld." in words(answer)


def test_what_was_never_given_cannot_be_taken_back(site: Site, world: World) -> None:
    for htmx in (False, True):
        answer = send(site.browser(world.anna), site.url("terugnemen"), htmx=htmx)
        assert answer.status_code == 409 and "al geteld" in words(answer)


def test_taking_back_needs_the_token_of_the_page(site: Site, world: World) -> None:
    browser = site.browser(world.anna)
    give(site, browser)
    assert isinstance(site.app.extensions["csrf"], CSRFProtect)
    assert browser.post(site.url("terugnemen")).status_code == 403
    assert "neem mijn antwoord terug" in words(browser.get(site.url("uitslag")))


def test_nobody_takes_back_what_is_anothers(site: Site, world: World) -> None:
    give(site, site.browser(world.anna))
    assert send(site.browser(world.bram), site.url("terugnemen")).status_code == 409
    assert "neem mijn antwoord terug" in words(site.browser(world.anna).get(site.url("uitslag")))


@pytest.fixture
def due_cards(cards_dir: Path) -> None:
    """The facts of every card should have been checked again today."""
    for path in cards_dir.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        due = text.replace("\neditie: 1\n", "\neditie: 1\ncontroleren_voor: 2026-11-23\n")
        path.write_text(due, encoding="utf-8")


def test_a_law_that_was_not_checked_in_time_says_so(
    due_cards: None, site: Site, world: World
) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    page = anna.get(site.url("uitslag")).text
    assert page.count("Nog niet nagekeken sinds") == 1
    law = page.split("<h3>Wet en regels</h3>")[1].split("</details>")[0]
    assert "23 november 2026" in law


def test_a_law_that_was_checked_in_time_says_nothing(site: Site, world: World) -> None:
    anna = site.browser(world.anna)
    give(site, anna)
    assert "nagekeken sinds" not in anna.get(site.url("uitslag")).text
