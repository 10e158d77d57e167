"""The library as it is released: enough cards, spread over themes and sides, in our own words."""

import re
from collections.abc import Mapping
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.seasons import SEASONS
from kopkrakers.catalogue.editions.beginning import read_beginning
from kopkrakers.catalogue.library import Library
from tests.catalogue.shingles import copied_runs, kept_hashes

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "docs" / "bronnen.md"
GROUNDS = ("wet", "rendement", "betrokkenheid")
SIDES = [{ground} for ground in GROUNDS] + [set(pair) for pair in combinations(GROUNDS, 2)]
THEMES_WITH_EIGHT = (
    "Bijverdienen",
    "Controle en vertrouwen",
    "Nieuwkomers en taal",
    "Schulden en geldnood",
    "Werk en verdringing",
)
SLUG = r"`([a-z0-9-]+)`"
SEVEN_WORDS = "Vergeet Kevin niet, dat is de oproep"
"""Stands in one of the sources: shows that the search for copied words finds something."""


@pytest.fixture(scope="module")
def library() -> Library:
    """The real cards, not the ones made for tests."""
    return Library(ROOT / "dilemmas")


@pytest.fixture(scope="module")
def cards(library: Library) -> Mapping[str, Card]:
    return library.cards()


@pytest.fixture(scope="module")
def kept() -> frozenset[bytes]:
    return kept_hashes()


def test_there_are_a_hundred_cards_without_a_fault(library: Library) -> None:
    assert library.faults() == {}
    assert len(library.cards()) >= 100


def test_every_card_says_by_when_it_is_checked_again(cards: Mapping[str, Card]) -> None:
    assert [slug for slug, card in cards.items() if card.recheck_on is None] == []


def test_no_option_of_a_card_is_a_foregone_conclusion(cards: Mapping[str, Card]) -> None:
    """By the estimate of the editors: none under ten percent and none over sixty-five."""
    outside = []
    for slug, card in cards.items():
        if not card.estimate or not 10 <= min(card.estimate) <= max(card.estimate) <= 65:
            outside.append(slug)
    assert outside == []


def test_the_cards_are_spread_over_ten_themes(cards: Mapping[str, Card]) -> None:
    assert len({card.theme for card in cards.values()}) >= 10


@pytest.mark.parametrize("theme", THEMES_WITH_EIGHT)
def test_a_theme_that_was_thin_has_eight_cards(theme: str, cards: Mapping[str, Card]) -> None:
    assert sum(card.theme == theme for card in cards.values()) >= 8


def test_eight_cards_stand_under_the_law_on_inburgering(cards: Mapping[str, Card]) -> None:
    standing = []
    for slug, card in cards.items():
        if any("inburgering 2021" in item.source for item in card.law):
            standing.append(slug)
    assert len(standing) >= 8


def test_ten_cards_ask_for_one_of_two(cards: Mapping[str, Card]) -> None:
    assert sum(len(card.options) == 2 for card in cards.values()) >= 10


def test_thirty_cards_let_a_client_speak_from_a_source(cards: Mapping[str, Card]) -> None:
    speaking = []
    for slug, card in cards.items():
        if any(item.strength == "bron" for item in card.client):
            speaking.append(slug)
    assert len(speaking) >= 30


def test_own_readings_of_a_client_say_that_they_were_thought_up(cards: Mapping[str, Card]) -> None:
    called = set()
    for card in cards.values():
        called |= {item.source for item in card.client if item.strength == "duiding"}
    assert called == {"Door ons bedacht, nog niet voorgelegd"}


def test_every_season_has_a_card(cards: Mapping[str, Card]) -> None:
    assert {card.season for card in cards.values()} - {None} == set(SEASONS)


@pytest.mark.parametrize("side", SIDES, ids=lambda side: "-".join(sorted(side)))
def test_ten_cards_have_an_option_that_leans_on(side: set[str], cards: Mapping[str, Card]) -> None:
    leaning = []
    for card in cards.values():
        if side in [set(option.leans_on) for option in card.options]:
            leaning.append(card.slug)
    assert len(leaning) >= 10, leaning


def test_eight_cards_are_for_the_chair_of_a_leidinggevende(cards: Mapping[str, Card]) -> None:
    assert sum("leidinggevende" in card.audience for card in cards.values()) >= 8


def test_no_story_is_longer_than_130_words(cards: Mapping[str, Card]) -> None:
    assert {card.slug for card in cards.values() if len(card.story_text.split()) > 130} == set()


def test_ten_cards_unfold_in_one_to_three_chapters(cards: Mapping[str, Card]) -> None:
    unfolding = {slug for slug, card in cards.items() if card.chapters}
    assert len(unfolding) >= 10
    assert unfolding >= {"timo-of-kevin", "melden-of-vasthouden"}


def test_no_chapter_tells_how_it_ended(cards: Mapping[str, Card]) -> None:
    chapters = [chapter for card in cards.values() for chapter in card.chapters]
    assert [one.question for one in chapters if not one.question.endswith("?")] == []
    assert [one.voice for one in chapters if len(one.text.split()) > 60] == []


def test_a_new_instance_begins_calmly(cards: Mapping[str, Card]) -> None:
    beginning = read_beginning(ROOT / "dilemmas")
    first = [cards[slug] for slug in beginning.first_days]
    starters = [cards[slug] for slug in beginning.starters]
    assert (len(first), len(starters)) == (10, 12)
    assert first[0].slug == "timo-of-kevin"
    assert all(one.theme != other.theme for one, other in pairwise(first))
    for card in (*first, *starters):
        assert card.audience == ("klantmanager",), card.slug
        assert card.safety is None, card.slug
        assert card.season is None, card.slug
        assert not card.touches_choice, card.slug


def test_every_address_is_well_formed(cards: Mapping[str, Card]) -> None:
    items = [item for card in cards.values() for item in (*card.research, *card.law, *card.client)]
    addresses = [item.url for item in items if item.url]
    assert addresses
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https"), address
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", parts.netloc), address
        assert address.isascii() and not re.search(r"[\s<>\"'{}|\\^`]", address), address


def test_the_table_of_sources_names_every_card_and_no_other(cards: Mapping[str, Card]) -> None:
    assert set(re.findall(SLUG, SOURCES.read_text(encoding="utf-8"))) == set(cards)


@pytest.mark.parametrize("heading", ["Begonnen bij", "Specialist gezien"])
def test_the_rows_of_cards_stand_in_order_and_once(heading: str) -> None:
    table = SOURCES.read_text(encoding="utf-8").split(f"| Kaart | {heading} |\n")[1]
    rows = re.findall(rf"^\| {SLUG} \|", table.split("\n\n")[0], re.MULTILINE)
    assert len(rows) > 20
    assert rows == sorted(set(rows))


def test_cards_that_touch_safety_are_listed_with_whether_a_specialist_read_them(
    cards: Mapping[str, Card],
) -> None:
    rows = re.findall(
        rf"^\| {SLUG} \| (ja|nee) \|$", SOURCES.read_text(encoding="utf-8"), re.MULTILINE
    )
    seen = {True: "ja", False: "nee"}
    assert dict(rows) == {
        card.slug: seen[card.safety.specialist_seen]
        for card in cards.values()
        if card.safety is not None
    }


def test_no_card_shares_seven_words_in_a_row_with_a_source(
    cards: Mapping[str, Card], kept: frozenset[bytes]
) -> None:
    copied = {card.slug: copied_runs(card.source, kept) for card in cards.values()}
    assert {slug: found for slug, found in copied.items() if found} == {}


def test_no_werkvorm_and_no_row_of_the_table_shares_them_either(kept: frozenset[bytes]) -> None:
    files = [SOURCES, *(ROOT / "kopkrakers/intervisie/werkvormen/scripts").glob("*.yaml")]
    texts = {
        path.name: re.sub(r"(?m)^#.*$", "", path.read_text(encoding="utf-8")) for path in files
    }
    assert {name: found for name, text in texts.items() if (found := copied_runs(text, kept))} == {}


def test_copied_words_are_found_wherever_they_are_planted(
    cards: Mapping[str, Card], kept: frozenset[bytes]
) -> None:
    assert len(kept) > 36_000
    before, after = cards["timo-of-kevin"].source.split("\n\n", maxsplit=1)
    planted = f"{before}\n\n‘{SEVEN_WORDS.upper().replace(' ', chr(10), 1)}.’ {after}"
    assert copied_runs(planted, kept) == ["vergeet kevin niet dat is de oproep"]
    assert copied_runs(planted.replace("KEVIN", "Timo"), kept) == []
