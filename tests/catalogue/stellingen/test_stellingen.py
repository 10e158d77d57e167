"""The sets of stellingen: ours are right, and a wrong file is named with its line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.stellingen.commands import stelling
from kopkrakers.catalogue.stellingen.reading import LONGEST, read_set, stellingen_folder
from tests.catalogue.shingles import copied_runs, kept_hashes

PATHS = sorted(stellingen_folder().glob("*.yaml"))
GOOD = (stellingen_folder() / "ruimte-in-de-regels.yaml").read_text(encoding="utf-8")


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "fout.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CardFaults) as wrong:
        read_set(path)
    return "\n".join(f"{fault.line}: {fault.sentence}" for fault in wrong.value.faults)


def test_the_command_finds_no_fault_in_ours() -> None:
    result = CliRunner().invoke(stelling, ["check"])
    assert result.exit_code == 0, result.output
    assert len(PATHS) >= 8
    assert f"{len(PATHS)} bestanden bekeken, fouten: 0." in result.output


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_no_sentence_of_a_source_was_taken_over(path: Path) -> None:
    """The title of a workshop stands in `bron`, as its makers wrote it."""
    ours = read_set(path)
    texts = [ours.name, ours.origin]
    for item in ours.stellingen:
        texts += [item.text, item.explanation, item.question]
    kept = kept_hashes()
    assert [run for text in texts for run in copied_runs(text, kept)] == []


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ("tekst: Ik mag", f"tekst: Ik {'a' * LONGEST} mag", "hoogstens 90 tekens"),
        ("toelichting: Opschrijven", "toelichten: Opschrijven", "Bedoel je ‘toelichting’"),
        ("code: proberen-mag", "code: Proberen mag", "Gebruik kleine letters"),
        ("code: proberen-mag", "code: eerst-overleg", "dezelfde code"),
        ("tekst: Ik mag iets nieuws", "tekst: Ik <b>mag</b> iets nieuws", "Gebruik geen HTML"),
        ("vindplaats: verslag BvK Najaarscongres 2016", "", "geen ‘adres’ en geen ‘vindplaats’"),
        ("doelgroep: [klantmanager]", "doelgroep: [burger]", "Kies uit"),
        ('datum: "2016-11-10"', 'datum: "2016-02-31"', "Schrijf de datum als"),
        ("stellingen:", "stellingen: &een", "Gebruik geen & of * vooraan"),
    ],
)
def test_a_fault_says_what_to_do(tmp_path: Path, was: str, becomes: str, sentence: str) -> None:
    assert was in GOOD
    assert sentence in faults(tmp_path, GOOD.replace(was, becomes, 1))


def test_the_same_sentence_twice_is_refused_however_it_is_typed(tmp_path: Path) -> None:
    """A stelling that comes back is a second vote, whose difference could be one person."""
    again = """  - code: nog-een-keer
    tekst: ik mag iets nieuws probéren, ook als ik niet weet of het werkt.
    toelichting: Dezelfde zin, met een kleine letter en een accent.
    vraag: Waarom staat hij hier nog een keer?
"""
    assert "Twee stellingen zijn hetzelfde" in faults(tmp_path, GOOD + again)


def test_fewer_than_three_and_more_than_eight_are_refused(tmp_path: Path) -> None:
    head, *items = GOOD.split("  - code: ")
    few = head + "".join(f"  - code: {item}" for item in items[:2])
    assert "Minstens 3, nu 2." in faults(tmp_path, few)
    more = [
        f"  - code: extra-{n}\n    tekst: Zin {n}.\n    toelichting: t\n    vraag: v\n"
        for n in range(3)
    ]
    assert "Hoogstens 8, nu" in faults(tmp_path, GOOD + "".join(more))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "beeld.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    result = CliRunner().invoke(stelling, ["check", str(path)])
    assert result.exit_code == 1
    assert "beeld.yaml, regel 0: Bewaar dit bestand als UTF-8." in result.output


def test_a_code_in_two_files_is_named(tmp_path: Path) -> None:
    for name in ("een.yaml", "twee.yaml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    result = CliRunner().invoke(stelling, ["check", *paths])
    assert result.exit_code == 1
    assert "twee.yaml: de code ruimte-genoeg staat ook in een.yaml." in result.output


def test_a_new_set_asks_for_every_field_and_is_never_overwritten(tmp_path: Path) -> None:
    folder = ["--folder", str(tmp_path)]
    made = CliRunner().invoke(stelling, ["new", "ons-team", *folder])
    assert made.exit_code == 0, made.output
    path = tmp_path / "ons-team.yaml"
    checked = CliRunner().invoke(stelling, ["check", str(path)])
    for field in ("naam", "herkomst", "bron", "datum", "tekst", "toelichting", "vraag"):
        assert f"{field}: " in checked.output
    path.write_text("van mij", encoding="utf-8")
    again = CliRunner().invoke(stelling, ["new", "ons-team", *folder])
    assert (again.exit_code, path.read_text(encoding="utf-8")) == (2, "van mij")
    assert CliRunner().invoke(stelling, ["new", "Ons team", *folder]).exit_code == 2
