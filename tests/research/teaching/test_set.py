"""The set to learn from: invented in every file, open, always the same, and true to its truth."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pyreadstat
import pytest
from frictionless import Package

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.privacy import columns
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL
from kopkrakers.research.release.releases import latest_number
from kopkrakers.research.teaching.making import DILEMMAS, FILE_NAME, teaching_set
from tests.research.small import ORIGIN, files_in
from tests.support.running import Shell

CARDS = Path(__file__).parents[3] / "dilemmas"
OPTIONS = ("a", "b", "c", "d", "x")


@pytest.fixture(scope="module")
def zipped() -> bytes:
    return teaching_set(Library(CARDS).cards(), ORIGIN)


@pytest.fixture(scope="module")
def files(zipped: bytes) -> dict[str, bytes]:
    return files_in(zipped)


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode())))


def test_it_is_the_same_every_time(zipped: bytes) -> None:
    assert teaching_set(Library(CARDS).cards(), ORIGIN) == zipped


def test_its_dilemmas_are_all_there() -> None:
    cards = Library(CARDS).cards()
    slugs = DILEMMAS.read_text().split()
    assert [slug for slug in slugs if slug not in cards] == []


def test_every_file_that_says_what_it_is_says_that_it_is_invented(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    described = ("README.md", "CITATION.cff", "codebook.md", "KWALITEIT.md", "LICENTIE.md")
    for name in (*described, "OEFENING.md", "dcat.jsonld", "schema.jsonld", "ddi.xml"):
        assert "verzonnen" in files[name].decode().lower(), name
    assert json.loads(files["datapackage.json"])["invented"] is True
    assert json.loads(files["waarheid.json"])["verzonnen"] is True
    path = tmp_path / "t.sav"
    for spec in columns.TABLES:
        path.write_bytes(files[f"spss/{spec.id}.sav"])
        _, meta = pyreadstat.read_sav(path, output_format="polars")
        assert "VERZONNEN" in (meta.file_label or "")
        assert b"VERZONNEN" in files[f"parquet/{spec.id}.parquet"]


def test_it_is_open_and_asks_for_no_agreement(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    assert package["licenses"][0]["name"] == "CC0-1.0"
    assert "AFSPRAAK.md" not in files
    for name in ("README.md", "CITATION.cff", "dcat.jsonld", "ddi.xml", "datapackage.json"):
        text = files[name].decode()
        assert "AFSPRAAK" not in text and "LicenseRef" not in text, name
    assert "access-right/PUBLIC" in files["dcat.jsonld"].decode()


def test_it_has_the_form_of_a_release(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert {f"csv/{spec.id}.csv" for spec in columns.TABLES} <= set(files)


def test_what_is_counted_is_part_of_what_was_answered(files: dict[str, bytes]) -> None:
    answered: dict[str, Counter[str]] = {}
    for row in rows(files, "antwoorden.csv"):
        answered.setdefault(row["dilemma"], Counter())[row["option"]] += 1
    told = [row for row in rows(files, "csv/choice.csv") if row["rounded"] == "false"]
    assert told
    for row in told:
        assert int(row["n"]) <= answered[row["dilemma"]][row["option"]]


def test_its_groups_are_as_large_and_as_different_as_the_counter_asks(
    files: dict[str, bytes],
) -> None:
    groups: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows(files, "csv/choice_by_gemeente.csv"):
        if row["n"]:
            groups.setdefault((row["dilemma"], row["gemeente"]), {})[row["option"]] = int(row["n"])
    assert len(groups) > 100
    assert all(safe(counts, K_GEMEENTE) for counts in groups.values())
    pairs: Counter[str] = Counter()
    for row in rows(files, "csv/shift.csv"):
        pairs[row["dilemma"]] += int(row["n_high"])
    assert pairs and min(pairs.values()) >= K_NATIONAL


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_writes_it_and_makes_no_release(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    out = tmp_path / "uit"
    shell = Shell(settings, "export", KOPKRAKERS_CARDS_DIR=str(CARDS))
    done = shell("--out", str(out), "--voorbeeld")
    assert done.exit_code == 0, done.output
    assert "OEFENING.md" in done.output
    assert [path.name for path in out.iterdir()] == [FILE_NAME]
    with database.reading() as session:
        assert latest_number(session) is None
