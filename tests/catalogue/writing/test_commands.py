"""`kopkrakers cards` as a writer types it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kopkrakers.base.config import asset_folder
from kopkrakers.base.db import Database
from kopkrakers.catalogue.commands import cards
from kopkrakers.catalogue.covers.drawings import COLOURS
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.pages.preview import preview_app
from kopkrakers.catalogue.writing.starting import SCHEMA_FILE, card_schema
from kopkrakers.cli import main
from tests.catalogue.card_text import RIGHT
from tests.support.cards import Change, tick


def run(*words: object) -> Result:
    return CliRunner().invoke(
        cards, [str(word) for word in words], env={"KOPKRAKERS_DATABASE_URL": None}
    )


def test_check_ends_well_when_every_card_is_right(cards_dir: Path) -> None:
    result = run("check", "--folder", cards_dir, "--quiet")
    assert (result.exit_code, result.output) == (
        0,
        "4 bestanden bekeken: 0 fouten, 4 keer advies, 0 keer feiten nakijken.\n",
    )


def test_check_on_a_later_day_names_what_is_due(cards_dir: Path, change: Change) -> None:
    change("een-plek", "editie: 1", "editie: 1\ncontroleren_voor: 2027-01-01")
    before = run("check", "--folder", cards_dir, "--quiet", "--op", "2026-12-31")
    after = run("check", "--folder", cards_dir, "--quiet", "--op", "2027-01-02")
    assert "nakijken\n" not in before.output and "0 keer feiten" in before.output
    assert f"{cards_dir / 'een-plek.md'}: feiten opnieuw nakijken" in after.output
    assert "1 keer feiten nakijken" in after.output
    assert run("check", "--folder", cards_dir, "--op", "2 januari").exit_code == 2


def test_check_names_file_line_and_what_to_do_and_ends_with_1(
    cards_dir: Path, change: Change
) -> None:
    change("een-plek", "editie: 1", "editie: 0")
    result = run("check", "--folder", cards_dir)
    assert result.exit_code == 1
    assert result.output.startswith(
        f"{cards_dir}/een-plek.md:5: fout: editie: Dit getal begint bij 1.\n"
    )


def test_check_looks_at_named_files_only(cards_dir: Path, change: Change) -> None:
    change("een-plek", "editie: 1", "editie: 0")
    assert run("check", cards_dir / "paar-uur.md").exit_code == 0
    assert run("check", cards_dir / "een-plek.md", cards_dir / "paar-uur.md").exit_code == 1


def test_advice_does_not_fail_the_check_and_can_be_left_out(
    cards_dir: Path, change: Change
) -> None:
    change("een-plek", "Hij wil vandaag", "Tevens wil hij vandaag")
    result = run("check", "--folder", cards_dir)
    assert result.exit_code == 0
    assert "een-plek.md:53: advies: Moeilijk woord" in result.output
    assert "een-plek.md" not in run("check", "--folder", cards_dir, "--quiet").output


def test_check_looks_at_the_beginning_too(cards_dir: Path) -> None:
    begin = cards_dir / "begin.yaml"
    begin.write_text("eerste_dagen: [een-plek, een-plak]\nplank: []\n", encoding="utf-8")
    result = run("check", "--folder", cards_dir)
    assert result.exit_code == 1
    assert "begin.yaml:0: fout: De kaart ‘een-plak’ bestaat niet. Kijk de naam na." in result.output
    begin.write_text("- een-plek", encoding="utf-8")
    assert "horen twee lijsten" in run("check", "--folder", cards_dir).output


def test_check_names_a_drawing_that_cannot_be_shown(cards_dir: Path) -> None:
    (cards_dir / "plek.svg").write_text("<svg/>")
    result = run("check", "--folder", cards_dir)
    assert result.exit_code == 1
    assert "plek.svg:1: fout: Begin met <svg" in result.output


def test_check_holds_cards_against_what_was_counted(
    database: Database, database_url: str, library: Library, change: Change
) -> None:
    from datetime import date

    for day in range(23, 27):
        tick(database, library, date(2026, 11, day))
    change("een-plek", "Hij wil vandaag", "Hij wil morgen")
    result = run(
        "check", "--folder", library.folder, "--database", database_url.replace("+psycopg", "")
    )
    assert result.exit_code == 1
    assert "Maak hier 2 van" in result.output
    assert run("check", "--folder", library.folder).exit_code == 0


def test_check_says_so_when_the_database_does_not_answer(cards_dir: Path, tmp_path: Path) -> None:
    result = run(
        "check", "--folder", cards_dir, "--database", f"sqlite:///{tmp_path}/niets/hier.db"
    )
    assert result.exit_code == 2
    assert "De database antwoordt niet" in result.output


def test_a_database_of_an_unknown_kind_is_refused_with_a_sentence(cards_dir: Path) -> None:
    result = run("check", "--folder", cards_dir, "--database", "mysql://x")
    assert result.exit_code == 2
    assert "begin met sqlite:/// of postgresql://." in result.output


def test_folder_and_database_come_from_the_settings(
    cards_dir: Path, change: Change, tmp_path: Path
) -> None:
    change("een-plek", "editie: 1", "editie: 0")
    environment = {"KOPKRAKERS_CARDS_DIR": str(cards_dir), "KOPKRAKERS_DATABASE_URL": None}
    assert f"{cards_dir}/een-plek.md:5: fout" in invoke("check", **environment).output
    environment["KOPKRAKERS_DATABASE_URL"] = f"sqlite:///{tmp_path}/niets/hier.db"
    assert "De database antwoordt niet" in invoke("check", **environment).output


def test_a_wrong_setting_is_told_in_a_sentence() -> None:
    result = invoke("check", KOPKRAKERS_CARDS_DIR="/bestaat/niet")
    assert result.exit_code == 2
    assert result.output == (
        "KOPKRAKERS_CARDS_DIR klopt niet: de map /bestaat/niet bestaat niet.\n"
    )


def invoke(*words: str, **environment: str | None) -> Result:
    """Run the command with what the environment says."""
    return CliRunner().invoke(main, ["cards", *words], env=environment)


def test_new_starts_a_card_and_check_tells_what_to_fill_in(cards_dir: Path) -> None:
    assert run("new", "mijn-dilemma", "--folder", cards_dir).exit_code == 0
    result = run("check", cards_dir / "mijn-dilemma.md")
    assert result.exit_code == 1
    assert "mijn-dilemma.md:2: fout: titel: Vul dit in; het is nu leeg." in result.output
    assert "Het verhaal ontbreekt" in result.output
    assert "bestaat niet" not in result.output


@pytest.mark.parametrize(
    ("slug", "sentence"), [("een-plek", "bestaat al"), ("Mijn Dilemma", "kleine letters")]
)
def test_new_refuses_a_name_that_is_taken_or_wrong(
    cards_dir: Path, slug: str, sentence: str
) -> None:
    result = run("new", slug, "--folder", cards_dir)
    assert (result.exit_code, sentence in result.output) == (2, True)
    assert (cards_dir / "een-plek.md").read_text(encoding="utf-8") == RIGHT


def test_the_schema_for_editors_is_that_of_the_reader() -> None:
    kept = (asset_folder("dilemmas") / SCHEMA_FILE).read_text(encoding="utf-8")
    assert kept == card_schema(), "run: kopkrakers cards schema"


def test_the_schema_speaks_dutch_only() -> None:
    schema = json.loads(card_schema())
    assert schema["required"][:3] == ["titel", "thema", "doelgroep"]
    assert schema["$defs"]["Werkwijze"]["properties"]["leunt_op"]["items"]["enum"][0] == "wet"
    assert not re.search(r"\b(the|with|what|one|knowledge)\b", card_schema())


def test_schema_writes_the_file(cards_dir: Path) -> None:
    assert run("schema", "--folder", cards_dir).exit_code == 0
    assert (cards_dir / SCHEMA_FILE).read_text(encoding="utf-8") == card_schema()


def test_preview_shows_the_whole_card(cards_dir: Path) -> None:
    page = preview_app(cards_dir, "een-plek").test_client().get("/")
    assert page.status_code == 200
    for part in (
        "Eén plek, twee mensen",
        "Ik doe het anders",
        "Hij houdt de regie.",
        "Verzonnen onderzoek",
        "kk-cover",
    ):
        assert part in page.text
    assert "Eerst oplossen" not in page.text


def test_preview_shows_the_chapters_in_their_order(cards_dir: Path) -> None:
    path = cards_dir / "een-plek.md"
    chapters = ""
    for voice in ("De huisarts", "De buurvrouw"):
        chapters += f"  - wie: {voice}\n    tekst: Iets nieuws.\n    vraag: Wat doe je nu?\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("vragen:", f"vervolg:\n{chapters}vragen:", 1), encoding="utf-8")
    page = preview_app(cards_dir, "een-plek").test_client().get("/").text
    assert page.index("1. De huisarts") < page.index("2. De buurvrouw")
    assert page.count("Wat doe je nu?") == 2


def test_preview_follows_the_file_and_names_faults_and_advice(
    cards_dir: Path, change: Change
) -> None:
    client = preview_app(cards_dir, "een-plek").test_client()
    change("een-plek", "thema: Werk en verdringing", "thema: Nieuw")
    change("een-plek", "Hij wil vandaag", "Tevens wil hij vandaag")
    page = client.get("/").text
    assert "Regel 3: thema: ‘Nieuw’ is onbekend." in page
    assert "Tevens wil hij vandaag" in page


def test_preview_of_a_card_that_cannot_be_read_names_the_faults(cards_dir: Path) -> None:
    (cards_dir / "een-plek.md").write_text("---\ntitel: <b>\n---\n", encoding="utf-8")
    page = preview_app(cards_dir, "een-plek").test_client().get("/")
    assert page.status_code == 200
    assert "Eerst oplossen" in page.text
    assert "<b>" not in page.text


def test_preview_of_an_unknown_card_says_how_to_begin(cards_dir: Path) -> None:
    result = run("preview", "bestaat-niet", "--folder", cards_dir)
    assert (result.exit_code, "kopkrakers cards new bestaat-niet" in result.output) == (2, True)


def test_the_guide_for_editors_names_every_key_and_every_colour() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "redactie.md").read_text(encoding="utf-8")
    schema = json.loads(card_schema())
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part["properties"]}
    assert keys >= {"titel", "werkwijzen", "leunt_op", "toont_niet"}
    assert {key for key in keys if f"`{key}`" not in guide} == set()
    assert {
        colour for colour in COLOURS if colour.startswith("#") and colour.upper() not in guide
    } == set()
