"""Advice that comes from looking at all cards of a folder."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import Fault
from kopkrakers.catalogue.writing.checker import check_files
from kopkrakers.catalogue.writing.comparing import compare, last_sentence
from tests.catalogue.card_text import RIGHT, THEMES, TODAY, changed, line_of

ENDING = "Hij wil vandaag nog een antwoord."


def apart(number: int, *, sources: bool = True, endings: bool = True) -> Mapping[str, Card]:
    """So many cards, each with a source and an ending of its own where that is asked."""
    cards = {}
    for place in range(number):
        text = RIGHT
        if sources:
            text = text.replace("voorbeeld.nl/onderzoek", f"voorbeeld.nl/onderzoek-{place}")
        if endings:
            text = text.replace(ENDING, "Buiten regent het.")
        cards[f"kaart-{place}"] = parse_card(f"kaart-{place}", text, THEMES)
    return cards


def sentences(advice: Mapping[str, tuple[Fault, ...]]) -> set[str]:
    return {fault.sentence for of_card in advice.values() for fault in of_card}


def test_six_cards_may_share_a_source_and_seven_may_not() -> None:
    assert compare(apart(6, sources=False)) == {}
    advice = compare(apart(7, sources=False))
    assert len(advice) == 7
    assert advice["kaart-3"] == (
        Fault(
            line_of("    - kop: Kennis uit onderzoek"),
            "Deze bron staat op 7 kaarten. "
            "Zoek er een die over dit onderwerp gaat, of zeg dat je niets vond.",
        ),
    )


def test_the_same_law_on_many_cards_is_no_habit() -> None:
    assert compare(apart(12)) == {}


def test_a_source_without_an_address_counts_by_its_name() -> None:
    found = {}
    for slug, card in apart(7).items():
        text = re.sub(r"adres: https://voorbeeld.nl/onderzoek\S*", "vindplaats: p. 3", card.source)
        found[slug] = parse_card(slug, text, THEMES)
    assert any("bron staat op 7 kaarten" in sentence for sentence in sentences(compare(found)))


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (ENDING, "eindigen met een dag of uur waarop iemand antwoord wil"),
        ("Hij kijkt jou aan.", "eindigen met iemand die je aankijkt"),
        ("‘Wat vind jij?’ vraagt hij.", "eindigen met een vraag tussen aanhalingstekens"),
        ("Het vak staat open op je scherm.", "eindigen met iets dat openstaat op je scherm"),
    ],
)
def test_seven_stories_that_end_alike_are_named(ending: str, words: str) -> None:
    alike = {}
    for slug, card in apart(7, endings=False).items():
        alike[slug] = parse_card(slug, card.source.replace(ENDING, ending), THEMES)
    assert all(
        sentence.startswith(f"Nog 6 verhalen {words}") for sentence in sentences(compare(alike))
    )
    assert len(compare(alike)) == 7
    del alike["kaart-0"]
    assert compare(alike) == {}


def test_a_quote_with_who_says_it_is_one_last_sentence() -> None:
    card = parse_card("een-plek", changed(ENDING, "Het is stil. ‘En nu?’ vraagt hij."), THEMES)
    assert last_sentence(card) == "‘En nu?’ vraagt hij."


def strict_law(number: int) -> dict[str, Card]:
    """Cards of one theme on which law alone says no."""
    cards = {}
    for slug, card in apart(number).items():
        text = card.source.replace(
            "De regel is er niet voor niets en geldt voor iedereen.",
            "Ik weiger het, want de regel geldt voor iedereen.",
        )
        cards[slug] = parse_card(slug, text, THEMES)
    return cards


def test_a_theme_in_which_law_is_always_strict_is_named() -> None:
    advice = compare(strict_law(4))
    assert len(advice) == 4
    assert sentences(advice) == {
        "In het thema Werk en verdringing lijkt de wet op elke kaart de strenge kant. "
        "Kan de wet hier de milde zijn?"
    }


def test_one_card_with_a_mild_law_breaks_the_habit_and_three_cards_make_none() -> None:
    cards = strict_law(4)
    mild = cards["kaart-0"].source.replace("Ik weiger het, want", "Hij krijgt het, want")
    cards["kaart-0"] = parse_card("kaart-0", mild, THEMES)
    assert compare(cards) == {}
    assert compare(strict_law(3)) == {}


def test_check_holds_a_file_against_cards_that_were_not_asked_for(cards_dir: Path) -> None:
    for place in range(7):
        text = RIGHT.replace(ENDING, "Buiten regent het.")
        (cards_dir / f"kaart-{place}.md").write_text(text, encoding="utf-8")
    (report,) = check_files([cards_dir / "kaart-0.md"], TODAY)
    # the four cards that were there cite the same research
    assert (
        "Deze bron staat op 11 kaarten. "
        "Zoek er een die over dit onderwerp gaat, of zeg dat je niets vond."
    ) in [advice.sentence for advice in report.advice]
