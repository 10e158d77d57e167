"""Trefwoorden on cards: their number, and words that the list of the desk does not know."""

from pathlib import Path

import pytest

from kopkrakers.catalogue.cards.keywords import KEYWORDS_FILE, advise_keywords, read_keywords
from kopkrakers.catalogue.library import Library
from tests.catalogue.card_text import RIGHT, changed, faults_in, parsed

FOLDER = Path(__file__).parents[3] / "dilemmas"
LIST = ("huur", "mantelzorg", "tolk", "schuldhulp")


def with_words(words: str) -> str:
    return changed("editie: 1", f"trefwoorden: {words}\neditie: 1")


def said(words: str) -> list[str]:
    return [fault.sentence for fault in advise_keywords(parsed(with_words(words)), LIST)]


def test_a_card_has_its_words_and_is_found_by_them() -> None:
    card = parsed(with_words("[huur, mantelzorg, tolk]"))
    assert card.keywords == ("huur", "mantelzorg", "tolk")
    assert "mantelzorg" in card.search_text
    assert card.digest == parsed(RIGHT).digest, "words make no new edition"


@pytest.mark.parametrize(
    "words", ["[huur]", "[a1, b2, c3, d4, e5, f6, g7]", "[huur, huur, tolk]", "['<b>', huur, tolk]"]
)
def test_other_numbers_doubles_and_html_are_faults(words: str) -> None:
    assert faults_in(with_words(words))


def test_without_words_it_is_advised_to_have_some() -> None:
    (fault,) = advise_keywords(parsed(RIGHT), LIST)
    assert "3 tot 6 trefwoorden" in fault.sentence


def test_a_word_that_is_nearly_in_the_list_is_asked_about() -> None:
    assert said("[huur, tolk, mantelzorg]") == []
    (sentence,) = said("[huur, tolk, Mantelzorgen]")
    assert "Bedoel je ‘mantelzorg’?" in sentence
    (other,) = said("[huur, tolk, kostendelersnorm]")
    assert "is nieuw." in other and "Bedoel" not in other
    card = parsed(with_words("[huur, tolk, Mantelzorgen]"))
    (fault,) = advise_keywords(card, LIST)
    assert "trefwoorden" in card.source.split("\n")[fault.line - 1]


@pytest.mark.parametrize("text", [None, "", "huur: 1", "- huur\n-\n- 3\n", "- [", "\x00"])
def test_a_list_that_cannot_be_used_stops_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / KEYWORDS_FILE).write_text(text, encoding="utf-8")
    assert set(read_keywords(tmp_path)) <= {"huur"}


def test_the_list_of_the_product_has_every_word_of_its_cards_and_no_other() -> None:
    cards = Library(FOLDER).cards().values()
    assert set(read_keywords(FOLDER)) == {word for card in cards for word in card.keywords}
    assert all(card.keywords for card in cards)
