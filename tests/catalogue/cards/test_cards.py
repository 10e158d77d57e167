"""What a card file becomes."""

from datetime import date

import pytest

from kopkrakers.catalogue.cards.card import is_slug, says_withdrawn
from tests.catalogue.card_text import RIGHT, changed, parsed


def test_a_card_holds_what_its_file_says() -> None:
    card = parsed(RIGHT)
    assert (card.slug, card.title, card.theme) == (
        "een-plek",
        "Eén plek, twee mensen",
        "Werk en verdringing",
    )
    assert (card.audience, card.edition, card.checked_on) == (
        ("klantmanager",),
        1,
        date(2026, 11, 21),
    )
    assert card.questions[0] == "Wat weegt bij jou het zwaarst?"
    assert not card.withdrawn


def test_options_are_lettered_in_the_order_of_the_file_and_iets_anders_is_last() -> None:
    card = parsed(RIGHT)
    assert card.option_codes == ("a", "b", "c", "x")
    assert [option.letter for option in card.options] == ["A", "B", "C"]
    assert card.options[1].leans_on == ("rendement",)


def test_an_option_is_found_by_its_code_and_iets_anders_is_none() -> None:
    card = parsed(RIGHT)
    assert card.option("b") is card.options[1]
    assert card.option("x") is None
    assert card.option("d") is None


def test_the_three_kinds_of_knowledge_keep_their_source_date_and_strength() -> None:
    card = parsed(RIGHT)
    assert card.research[0].not_shown == "Dat het bij iedereen zo is."
    assert (card.law[0].source, card.law[0].date) == (
        "Participatiewet, artikel 18 lid 1",
        "2026-07-01",
    )
    assert (card.client[0].url, card.client[0].place) == (
        None,
        "nog te toetsen bij een cliëntenraad",
    )
    assert [item.kind for item in (*card.research, *card.law, *card.client)] == [
        "onderzoek",
        "wet",
        "client",
    ]


def test_the_story_is_html_for_the_page_and_text_for_searching() -> None:
    card = parsed(RIGHT)
    assert card.story_html.startswith("<p><strong>Sam</strong> zit aan je bureau.")
    assert card.story_text == (
        "Sam zit aan je bureau. Hij vraagt iets wat mag, maar niet past.\n\n"
        "Hij wil vandaag nog een antwoord."
    )


CHAPTER = """vervolg:
  - wie: De buurvrouw
    tekst: Ze belt. Sam was gisteren bij haar.
    vraag: Wat doe je nu?
vragen:"""
WITH_CHAPTER = changed("vragen:", CHAPTER)


def test_a_card_has_no_chapters_unless_its_file_says_so() -> None:
    assert parsed(RIGHT).chapters == ()
    (chapter,) = parsed(WITH_CHAPTER).chapters
    assert (chapter.voice, chapter.question) == ("De buurvrouw", "Wat doe je nu?")
    assert chapter.text == "Ze belt. Sam was gisteren bij haar."


@pytest.mark.parametrize("part", ["De buurvrouw", "Ze belt.", "Wat doe je nu?"])
def test_other_words_in_a_chapter_change_the_digest(part: str) -> None:
    digest = parsed(WITH_CHAPTER).digest
    assert digest != parsed(RIGHT).digest
    assert parsed(WITH_CHAPTER.replace(part, f"Nee, {part}")).digest != digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("titel: Eén plek", "titel: Een plek"),
        ("Hij wil vandaag", "Hij wil morgen"),
        ("label: Ik doe het anders", "label: Ik doe iets anders"),
        ("regel: Zo komt deze man", "regel: Zo kwam deze man"),
    ],
)
def test_what_could_change_a_choice_changes_the_digest(old: str, new: str) -> None:
    assert parsed(changed(old, new)).digest != parsed(RIGHT).digest


def test_the_digest_stays_as_it_is_stored_with_what_was_counted() -> None:
    assert (
        parsed(RIGHT).digest == "0a9652568e88487766fa060c2497c63bae584d70da9a5751c6bd65a290ccd891"
    )


def test_the_order_of_the_options_is_part_of_the_digest() -> None:
    first, second = (
        RIGHT.index("  - label: Ik doe het zo"),
        RIGHT.index("  - label: Ik doe het anders"),
    )
    third = RIGHT.index("  - label: Ik doe het samen")
    turned = RIGHT[:first] + RIGHT[second:third] + RIGHT[first:second] + RIGHT[third:]
    assert parsed(turned).digest != parsed(RIGHT).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tekst: Gemeten bij", "tekst: Gezien bij"),
        ("voor: [Het werkt snel.]", "voor: [Het werkt heel snel.]"),
        ("gecontroleerd_op: 2026-11-21", "gecontroleerd_op: 2026-11-22"),
        ("aan je bureau. Hij", "aan je bureau.\nHij"),
        ("**Sam**", "Sam"),
    ],
)
def test_what_cannot_change_a_choice_leaves_the_digest(old: str, new: str) -> None:
    assert parsed(changed(old, new)).digest == parsed(RIGHT).digest


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert parsed("\ufeff" + RIGHT.replace("\n", "\r\n")) == parsed(RIGHT)


@pytest.mark.parametrize("word", ["ja", "true", "True", "'ja'"])
def test_a_card_is_withdrawn_by_one_line(word: str) -> None:
    text = changed("editie: 1", f"editie: 1\ningetrokken: {word}")
    assert parsed(text).withdrawn
    assert says_withdrawn(text)


def test_no_is_a_word_and_not_a_switch() -> None:
    text = changed("editie: 1", "editie: 1\ningetrokken: nee").replace(
        "[Iedereen krijgt hetzelfde.]", "[no]", 1
    )
    assert not parsed(text).withdrawn
    assert parsed(text).options[0].arguments_for == ("no",)


def test_where_to_turn_stands_on_a_card_about_safety() -> None:
    text = changed(
        "vragen:", "veiligheid:\n  waar_terecht: Bel 112.\n  specialist_gezien: nee\nvragen:"
    )
    safety = parsed(text).safety
    assert safety is not None
    assert (safety.where_to_turn, safety.specialist_seen) == ("Bel 112.", False)


@pytest.mark.parametrize("name", ["timo-of-kevin", "twee-jaar-1", "a"])
def test_a_name_that_fits_an_address_is_a_slug(name: str) -> None:
    assert is_slug(name)


@pytest.mark.parametrize(
    "name", ["Timo", "timo_of", "timo--of", "-timo", "timo-", "é", "", "a b", "../x", "a" * 81]
)
def test_a_name_that_does_not_fit_an_address_is_no_slug(name: str) -> None:
    assert not is_slug(name)
