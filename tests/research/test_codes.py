"""Codes of gemeenten: read from a list of CBS, and told of those alone that have figures."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.research.release.changes import FOLLOWED
from tests.research.small import bytes_of, files_in, release_of
from tests.support.running import Shell
from tests.support.world import World

LIST = """Gemeentecode;GemeentecodeGM;Gemeentenaam;Provinciecode;ProvinciecodePV;Provincienaam
34;GM0034;Almere;24;PV24;Flevoland
363;GM0363;Amsterdam;27;PV27;Noord-Holland
"""
"""Some lines of the form in which CBS publishes the list."""


@pytest.fixture
def shell(settings: Settings, key_dir: Path) -> Shell:
    return Shell(settings, KOPKRAKERS_KEY_DIR=str(key_dir))


def table_of(database: Database, number: int = 1) -> list[dict[str, str]]:
    text = files_in(bytes_of(database, number))["csv/gemeenten.csv"].decode()
    return list(csv.DictReader(StringIO(text)))


def test_a_list_gives_codes_to_the_gemeenten_that_it_has(
    filled: Database, shell: Shell, cards_dir: Path, tmp_path: Path
) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(LIST, encoding="utf-8-sig")
    told = shell("gemeente", "codes", str(path), "--jaar", "2026")
    assert told.exit_code == 0, told.stderr
    assert "Gemeenten met een code: 1." in told.stdout
    assert "Niet in de lijst, dus zonder code: " in told.stdout and "Zaanstad" in told.stdout
    release_of(filled, cards_dir)
    assert table_of(filled) == [
        {"gemeente": "Almere", "code": "GM0034", "province": "Flevoland", "code_year": "2026"},
        {"gemeente": "Zaanstad", "code": "", "province": "", "code_year": ""},
    ]
    # a list of a later year takes the place of this one, and changes no release that left
    path.write_text(
        LIST.replace("Almere", "Zaanstad").replace("GM0034", "GM0479").replace(";", ",")
    )
    assert shell("gemeente", "codes", str(path), "--jaar", "2027").exit_code == 0
    release_of(filled, cards_dir, date(2027, 1, 11))
    assert [row["code"] for row in table_of(filled)] == ["GM0034", ""]
    assert [row["code"] for row in table_of(filled, 2)] == ["", "GM0479"]


def test_without_figures_a_gemeente_is_not_named(
    filled: Database, world: World, cards_dir: Path
) -> None:
    """Who takes part here without having figures is no fact of a release."""
    release_of(filled, cards_dir)
    places = {row["gemeente"] for row in table_of(filled)}
    by_gemeente = files_in(bytes_of(filled))["csv/choice_by_gemeente.csv"].decode()
    assert places == {row["gemeente"] for row in csv.DictReader(StringIO(by_gemeente))}
    assert "gemeenten" not in {spec.id for spec in FOLLOWED}


WRONG = [
    "",
    "naam;code\nAlmere;34\n",
    LIST.replace("GM0034", "34"),
    LIST.replace("Amsterdam", "Almere"),
    LIST.replace("Almere", "Alm\0ere").replace("GM0034", "GM34"),
]


@pytest.mark.parametrize("text", WRONG)
def test_anything_but_a_list_is_refused_whole(shell: Shell, tmp_path: Path, text: str) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(text)
    refused = shell("gemeente", "codes", str(path), "--jaar", "2026")
    assert refused.exit_code == 1 and refused.stdout == ""
    assert "Gemeenten alfabetisch" in refused.stderr or "Regel " in refused.stderr


def test_bytes_of_a_workbook_are_no_list(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    refused = shell("gemeente", "codes", str(path), "--jaar", "2026")
    assert refused.exit_code == 1 and "CSV UTF-8" in refused.stderr
