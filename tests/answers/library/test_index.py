"""The index from A to Z: published dilemmas by their words, and the law once it may be seen."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.pages import ANSWER, Site, open_site, send, words
from tests.support.world import World

KEYWORDS = {
    "een-plek": "[werkgever, Éénoudergezin, verdringing]",
    "paar-uur": "[bijverdienen, werkgever, vrijlaten]",
    "samen-thuis": "[samenwonen, kostendelersnorm, tip]",
    "tweede-kans": "[maatregel, werkgever, 18-plus]",
}


@pytest.fixture
def indexed(cards_dir: Path, request: pytest.FixtureRequest) -> Site:
    """Every card has words; one of them is of today, the others are planned."""
    for slug, keywords in KEYWORDS.items():
        path = cards_dir / f"{slug}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("editie: 1", f"trefwoorden: {keywords}\neditie: 1"), encoding="utf-8"
        )
    app: Flask = request.getfixturevalue("app")
    request.getfixturevalue("world")
    return open_site(app)


def words_of(slug: str) -> list[str]:
    return KEYWORDS[slug].strip("[]").split(", ")


def test_it_has_the_words_of_what_is_published_and_of_nothing_planned(
    indexed: Site, world: World
) -> None:
    page = words(indexed.browser(world.anna).get("/abc"))
    for text in words_of(indexed.slug):
        assert text in page
    planned = {text for slug in KEYWORDS for text in words_of(slug)} - set(words_of(indexed.slug))
    assert not [text for text in planned if f" {text} " in page]


def test_a_letter_has_its_words_with_their_dilemmas(indexed: Site, world: World) -> None:
    anna = indexed.browser(world.anna)
    first = words_of(indexed.slug)[0]
    response = anna.get("/abc", query_string={"letter": first[0].lower()})
    card = indexed.state.library.card(indexed.slug)
    assert card is not None
    assert f'href="/dilemma/{indexed.slug}"' in response.text
    assert card.title in words(response)
    assert "1 woord" in words(response)
    assert words(anna.get("/abc?letter=alles")).count(card.title) == len(words_of(indexed.slug))


def test_the_law_comes_with_the_own_answer(indexed: Site, world: World) -> None:
    anna = indexed.browser(world.anna)
    before = anna.get("/abc?letter=alles")
    card = indexed.state.library.card(indexed.slug)
    assert card is not None
    article = card.law[0].source
    assert article not in before.text
    assert "De wet staat hier zodra" in words(before)
    send(anna, indexed.url("antwoord"), **ANSWER)
    after = anna.get("/abc?letter=alles")
    assert article in after.text
    assert "Je antwoord zit in de bus." in words(after)
    assert "De wet staat hier zodra" not in words(after)
    assert article not in indexed.browser(world.bram).get("/abc?letter=alles").text


@pytest.mark.parametrize("typed", ["WERKG", "werkgever ", "zzz", "<script>", "x" * 500])
def test_searching_forgives_and_never_fails(indexed: Site, world: World, typed: str) -> None:
    response = indexed.browser(world.anna).get("/abc", query_string={"zoek": typed})
    assert response.status_code == 200
    if typed.lower().startswith("werkg"):
        assert ("werkgever" in words_of(indexed.slug)) is ("1 woord" in words(response))
    else:
        assert "Niets gevonden" in words(response) and "0 woorden" not in words(response)


@pytest.mark.parametrize("letter", ["", "é", "zz", "0-9", "alles"])
def test_any_letter_gives_a_page(indexed: Site, world: World, letter: str) -> None:
    assert indexed.browser(world.anna).get(f"/abc?letter={letter}").status_code == 200


def test_the_archive_is_searched_by_word_too(indexed: Site, world: World) -> None:
    card = indexed.state.library.card(indexed.slug)
    assert card is not None
    asked = {"zoek": words_of(indexed.slug)[1]}
    found = indexed.browser(world.anna).get("/archief", query_string=asked)
    assert card.title in words(found)


def test_only_who_signed_in_reads_it(indexed: Site, world: World) -> None:
    assert indexed.app.test_client().get("/abc").status_code in (302, 303)
