"""What `cards check` finds beside and beyond a single card."""

from datetime import date
from pathlib import Path

from kopkrakers.base.config import asset_folder
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import last_editions
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.writing.advice import advise
from kopkrakers.catalogue.writing.checker import check_files, likeness
from tests.catalogue.card_text import RIGHT, TODAY, changed, line_of, parsed
from tests.support.cards import Change, tick


def advice_on(text: str, today: date = TODAY) -> list[tuple[int, str]]:
    card = parsed(text.replace("label: Ik doe het samen", "label: Samen doe ik het"))
    return [(advice.line, advice.sentence) for advice in advise(card, today)]


def test_every_card_that_comes_with_the_product_is_right() -> None:
    paths = sorted(
        path for path in asset_folder("dilemmas").iterdir() if path.suffix in (".md", ".svg")
    )
    assert {
        str(report.path): report.faults for report in check_files(paths, TODAY) if report.faults
    } == {}


def test_a_right_card_gets_no_advice() -> None:
    assert advice_on(RIGHT) == []


def test_a_long_sentence_is_named_with_its_line() -> None:
    text = changed("Hij wil vandaag nog een antwoord.", "Hij wil " + "heel " * 18 + "graag.")
    assert advice_on(text) == [
        (53, "Lange zin (21 woorden). Knip ‘Hij wil heel heel heel …’ in tweeën.")
    ]


def test_a_hard_word_gets_a_plainer_one() -> None:
    text = changed("Hij wil vandaag", "Tevens wil hij vandaag")
    assert advice_on(text) == [(53, "Moeilijk woord: schrijf liever ‘ook’ dan ‘tevens’.")]


def test_a_chain_of_passives_is_named() -> None:
    text = changed("Uitleg helpt, ook bij een nee.", "Er wordt gezegd dat het wordt uitgelegd.")
    assert advice_on(text) == [
        (42, "Vaak ‘worden’ in één zin. Zeg bij ‘Er wordt gezegd dat het …’ wie het doet.")
    ]


def test_lines_of_very_different_length_are_named() -> None:
    text = changed("Hij weet zelf het best wat hij nu nodig heeft.", "Hij weet het zelf.")
    ((line, sentence),) = advice_on(text)
    assert line == line_of("werkwijzen:")
    assert "ongelijk lang (18 tot 54 tekens)" in sentence


def test_a_card_that_must_be_checked_again_says_so_from_that_day() -> None:
    text = changed("editie: 1", "editie: 1\ncontroleren_voor: 2027-01-01")
    assert advice_on(text, date(2026, 12, 31)) == []
    assert advice_on(text, date(2027, 1, 1)) == [
        (6, "Kijk de feiten opnieuw na: dat moest voor 01-01-2027.")
    ]


def test_labels_that_all_begin_alike_are_named() -> None:
    labels = [advice.sentence for advice in advise(parsed(RIGHT), TODAY)]
    assert labels == ["Alle labels beginnen met ‘Ik’. Wissel dat af."]


def test_a_split_that_is_hardly_a_dilemma_is_named() -> None:
    assert advice_on(changed("editie: 1", "editie: 1\nschatting: [70, 20, 10]")) == []
    assert advice_on(changed("editie: 1", "editie: 1\nschatting: [80, 11, 9]")) == [
        (6, "Eén werkwijze krijgt naar schatting 80 procent."),
        (6, "Eén werkwijze krijgt naar schatting 9 procent."),
    ]


def test_a_card_about_safety_asks_for_a_specialist() -> None:
    text = changed(
        "vragen:", "veiligheid:\n  waar_terecht: Bel 112.\n  specialist_gezien: nee\nvragen:"
    )
    assert advice_on(text) == [(49, "Laat een specialist deze kaart nog lezen.")]


def test_a_first_question_for_a_team_is_named() -> None:
    first = parsed(RIGHT).questions[0]
    text = changed(first, "Wie beslist dit bij jullie?")
    line = line_of(first)
    assert advice_on(text) == [
        (line, "De eerste vraag leest iemand ook alleen. Vraag daar naar eigen werk.")
    ]


def test_werkwijzen_in_the_same_words_are_named() -> None:
    text = changed(
        "Zo komt deze man het snelst weer aan het werk.",
        "De regel is er ook voor iedereen, en niet voor niets.",
    )
    assert advice_on(text) == [
        (
            line_of("label: Ik doe het anders"),
            "Werkwijze A en B gebruiken bijna dezelfde woorden. Sluiten ze elkaar uit?",
        )
    ]


def test_names_that_people_mix_up_are_alike() -> None:
    assert likeness("Eén Plek") == likeness("een-plek") == likeness("een_plek") == "een-plek"
    assert likeness("een-plek-2") != likeness("een-plek")


def test_two_cards_with_almost_the_same_name_are_both_named(cards_dir: Path) -> None:
    (cards_dir / "Een_Plek.md").write_text(RIGHT, encoding="utf-8")
    reports = check_files([cards_dir / "een-plek.md", cards_dir / "Een_Plek.md"], TODAY)
    assert "Een_Plek.md" in reports[0].faults[0].sentence
    assert any("een-plek.md" in fault.sentence for fault in reports[1].faults)


def test_a_file_is_held_against_the_cards_that_were_not_asked_for(cards_dir: Path) -> None:
    (cards_dir / "een-plék.md").write_text(RIGHT, encoding="utf-8")
    (report,) = check_files([cards_dir / "een-plek.md"], TODAY)
    assert "bijna dezelfde naam" in report.faults[0].sentence


def test_a_missing_list_of_themes_is_a_fault(cards_dir: Path) -> None:
    (cards_dir / "themas.yaml").unlink()
    (report,) = check_files([cards_dir / "een-plek.md"], TODAY)
    assert "themas.yaml" in report.faults[0].sentence


def test_other_words_under_a_counted_edition_are_a_fault(
    database: Database, library: Library, change: Change
) -> None:
    for step in range(4):
        tick(database, library, date(2026, 11, 23 + step))
    change("een-plek", "Hij wil vandaag", "Hij wil morgen")
    with database.reading() as session:
        counted = last_editions(session)
    (report,) = check_files([library.folder / "een-plek.md"], TODAY, counted=counted)
    assert (report.faults[0].line, "Maak hier 2 van" in report.faults[0].sentence) == (5, True)
    change("een-plek", "editie: 1", "editie: 2")
    assert check_files([library.folder / "een-plek.md"], TODAY, counted=counted)[0].faults == ()


def test_an_edition_never_goes_back(database: Database, library: Library, change: Change) -> None:
    change("een-plek", "editie: 1", "editie: 3")
    for step in range(4):
        tick(database, library, date(2026, 11, 23 + step))
    change("een-plek", "editie: 3", "editie: 2")
    with database.reading() as session:
        (report,) = check_files(
            [library.folder / "een-plek.md"], TODAY, counted=last_editions(session)
        )
    assert "al geteld als editie 3" in report.faults[0].sentence
