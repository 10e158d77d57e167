"""The page of a day with a stelling: card, answer, result and way back, with and without script."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.tallies.models import Tally
from tests.answers.equal_pages import seen
from tests.support.clock import StoppedClock
from tests.support.pages import Site, send, words
from tests.support.tally_guard import unhooked
from tests.support.world import World, add_person

ANSWERS = ("a", "b", "c")
COUNTS = (5000, 2777, 700)
WHY = "a page shows totals, whoever counted them"


def give(site: Site, browser: FlaskClient, *, htmx: bool = False, **fields: str) -> TestResponse:
    sent = {"optie": "a", "ervaring": "-"} | fields
    return send(browser, site.url("antwoord"), htmx=htmx, **sent)


def add_figures(site: Site, *scopes: str, counts: tuple[int, ...] = COUNTS) -> None:
    with unhooked(WHY), site.state.database.transaction() as session:
        for scope in ("NL", *scopes):
            for option, n in zip(ANSWERS, counts, strict=True):
                session.add(Tally(dilemma=site.slug, edition=1, scope=scope, option=option, n=n))
    site.sign_figures()


def colleagues(site: Site, world: World, number: int, name: str = "Collega") -> list[Visitor]:
    with site.state.database.transaction() as session:
        return [
            add_person(session, f"{name}{n}", world.zaanstad, world.team_noord, Role.KLANTMANAGER)
            for n in range(number)
        ]


def test_the_card_is_one_sentence_three_answers_and_one_button(
    stelling: Site, world: World, card: Card
) -> None:
    page = stelling.browser(world.anna).get("/")
    # hidden until somebody sends it without a choice
    (missing,) = re.findall(r'data-mist="optie" hidden>(.*?)</p>', page.text, re.S)
    assert missing.endswith("Kies eerst een antwoord.")
    text = words(page).replace("Kies eerst een antwoord. ", "")
    assert f"Stelling {card.title} Wat vind jij? Eens Oneens Hangt ervan af" in text
    assert "Doe mijn keuze in de bus" in text
    for not_asked in ("doorslag", "Hoe zeker", "meesten", "iets anders doen", "Wat doe jij?"):
        assert not_asked not in text
    values = re.findall(r'<input type="radio" name="(\w+)" value="(\w)"', page.text)
    assert values == [("optie", "a"), ("optie", "b"), ("optie", "c")]


def test_nothing_of_others_is_there_before_the_own_answer(
    stelling: Site, world: World, card: Card
) -> None:
    add_figures(stelling, str(world.zaanstad))
    browser = stelling.browser(world.anna)
    for url in ("/", f"/dilemma/{stelling.slug}", "/archief", "/zonder-verbinding"):
        page = browser.get(url).text
        for told in ("59%", "8.477", card.questions[0], "Wat kozen collega’s?"):
            assert told not in page, url
    assert browser.get(stelling.url("uitslag")).status_code == 302


@pytest.mark.parametrize("htmx", [False, True])
def test_an_answer_is_in_the_bus_and_shows_its_receipt(
    stelling: Site, world: World, card: Card, htmx: bool
) -> None:
    browser = stelling.browser(world.anna)
    given = give(stelling, browser, htmx=htmx)
    assert given.status_code == (200 if htmx else 303)
    text = words(browser.get(stelling.url("uitslag")))
    assert "Je antwoord zit in de bus." in text and "gaat de bus open" in text
    assert "Er is nog geen uitslag." in text
    assert card.questions[0] in text
    assert "Waar komt deze stelling vandaan?" in text
    for of_dilemma in ("Wat spreekt voor en tegen?", "agenda", "dagboek", "doorslag", "dilemma"):
        assert of_dilemma not in text.split("Verdiep je keuze")[0], of_dilemma
    assert words(browser.get("/")).count("Je antwoord zit in de bus.") == 1


def test_figures_stand_in_words_without_letters(stelling: Site, world: World) -> None:
    add_figures(stelling, str(world.zaanstad))
    browser = stelling.browser(world.anna)
    give(stelling, browser)
    text = words(browser.get(stelling.url("uitslag")))
    assert re.search(r"Eens jij 59% Oneens jij 33% Hangt ervan af jij 8%", text)
    assert "Werkwijze" not in text


def test_the_answer_and_all_after_it_are_the_same_for_every_choice(
    stelling: Site, world: World
) -> None:
    add_figures(stelling, str(world.zaanstad))
    pages: dict[str, list[tuple[object, ...]]] = {}
    for visitor, option in zip(colleagues(stelling, world, 3), ANSWERS, strict=True):
        browser = stelling.browser(visitor)
        pages.setdefault("antwoord", []).append(seen(give(stelling, browser, optie=option)))
        for url in (stelling.url("uitslag"), "/", "/archief", f"/dilemma/{stelling.slug}"):
            pages.setdefault(url, []).append(seen(browser.get(url)))
        back = send(browser, stelling.url("terugnemen"), htmx=True)
        pages.setdefault("terug", []).append(seen(back))
    for url, versions in pages.items():
        assert all(version == versions[0] for version in versions), url


def test_it_can_be_taken_back_and_not_be_answered_again(stelling: Site, world: World) -> None:
    browser = stelling.browser(world.anna)
    give(stelling, browser)
    assert send(browser, stelling.url("terugnemen")).status_code == 303
    again = give(stelling, browser, optie="b")
    assert again.status_code == 409
    assert "Je hebt deze stelling al beantwoord." in words(again)


@pytest.mark.parametrize("option", ["x", "d", ""])
def test_a_form_without_an_answer_comes_back_with_a_sentence(
    stelling: Site, world: World, option: str
) -> None:
    refused = give(stelling, stelling.browser(world.anna), optie=option)
    assert refused.status_code == 422
    assert "Kies eerst een antwoord. Daarna kan het in de bus." in words(refused)


def test_what_is_not_asked_is_not_read(stelling: Site, world: World) -> None:
    browser = stelling.browser(world.anna)
    sent = give(stelling, browser, doorslag="w", zeker="3", verwacht="b")
    assert sent.status_code == 303


def test_the_next_day_opens_with_it_in_words(
    stelling: Site, world: World, card: Card, clock: StoppedClock
) -> None:
    add_figures(stelling, str(world.zaanstad))
    browser = stelling.browser(world.anna)
    give(stelling, browser)
    clock.move(days=1)
    stelling.tick()
    text = words(browser.get("/"))
    assert f"Gisteren: {card.title} In je gemeente koos 59% ‘Eens’." in text
    found = words(browser.get("/archief?thema=Stelling"))
    assert card.title in found and "1 stelling gevonden" in found
    # a list of both says so
    assert "of stelling gevonden" in words(browser.get(f"/archief?zoek={card.title}"))


def test_a_closed_one_can_be_practised(stelling: Site, world: World, clock: StoppedClock) -> None:
    clock.move(days=26 * 7)
    browser = stelling.browser(world.anna)
    text = words(browser.get(f"/dilemma/{stelling.slug}"))
    assert "Deze stelling is gesloten. Je keuze is om te oefenen" in text
    assert "Wat gaf de doorslag?" not in text
    late = give(stelling, browser)
    assert late.status_code == 409 and "Oefen met deze stelling" in words(late)
    shown = send(browser, stelling.url("oefenen"), htmx=True)
    assert "Deze stelling is gesloten zonder uitslag." in words(shown)


def test_who_does_not_vote_reads_it(stelling: Site, world: World, card: Card) -> None:
    text = words(stelling.browser(world.dewi).get("/"))
    assert card.title in text and "Met jouw rol kies je niet mee." in text


def test_it_is_no_subject_of_a_session_nor_of_an_agenda(stelling: Site, world: World) -> None:
    browser = stelling.browser(world.anna)
    team = str(world.team_noord)
    wished = send(browser, "/team/agenda", dilemma=stelling.slug, team=team)
    assert wished.status_code == 404
    leads = stelling.browser(world.gerda)
    planning = leads.get(f"/team/{world.team_noord}/intervisie")
    assert planning.status_code == 200 and stelling.slug not in planning.text
    figures = leads.get(f"/team/{world.team_noord}/intervisie/cijfers/{stelling.slug}")
    assert figures.status_code == 404


def test_it_leaves_no_piece_in_a_diary(stelling: Site, world: World) -> None:
    browser = stelling.browser(world.anna)
    give(stelling, browser)
    assert browser.get(stelling.url("dagboek")).status_code == 302
    assert browser.get("/dagboek").status_code == 200


def test_a_mistake_can_be_told(stelling: Site, world: World) -> None:
    page = words(stelling.browser(world.anna).get(f"/dilemma/{stelling.slug}/klopt-niet"))
    assert "Er klopt iets niet" in page
