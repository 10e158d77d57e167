"""What is in a dataset: literal, validated, labelled, and the same bytes on any day."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from frictionless import Package

from kopkrakers.answers.rules import Attribute
from kopkrakers.base.db import Database
from kopkrakers.privacy import column_parts, columns
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS, EXPERIENCES
from kopkrakers.privacy.release import bounds, protect
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec
from kopkrakers.research.release.describe import Summary, summary_of
from kopkrakers.research.release.files import (
    csv_bytes,
    frame_of,
    parquet_bytes,
    plain_text,
    sav_bytes,
)
from kopkrakers.research.release.releases import Release
from kopkrakers.research.rows import DataTable, TablePart
from tests.research.small import bytes_of, files_in, fill, name_theme, release_of
from tests.support.world import World

EXPECTED = Path(__file__).parent / "expected"
TEXTS = (".csv", ".md", ".json", ".jsonld", ".xml", ".cff")


def test_the_dataset_of_a_small_instance_is_exactly_this(
    released: Release, database: Database
) -> None:
    files = files_in(bytes_of(database))
    texts = {name: content for name, content in files.items() if name.endswith(TEXTS)}
    if os.environ.get("KOPKRAKERS_TEST_WRITE_EXPECTED"):
        for name, content in texts.items():
            expected(name).parent.mkdir(parents=True, exist_ok=True)
            expected(name).write_bytes(content)
    kept = {path for path in EXPECTED.rglob("*") if path.is_file()}
    assert {expected(name) for name in texts} == kept
    for name, content in texts.items():
        assert content.decode() == expected(name).read_text(), name


def expected(name: str) -> Path:
    """The file that one of a dataset is held against; tables of sums have a folder of their own."""
    path = EXPECTED / name
    if path.stem in columns.SUM_TABLES:
        return path.parent / "sums" / path.name
    return path


def test_the_checksums_are_those_of_every_other_file(released: Release, database: Database) -> None:
    files = files_in(bytes_of(database))
    written = (line.split("  ") for line in files.pop("checksums.txt").decode().splitlines())
    lines = {name: checksum for checksum, name in written}
    assert lines == {name: sha256(content).hexdigest() for name, content in files.items()}
    assert released.sha256 == sha256(bytes_of(database)).hexdigest()


def test_another_day_gives_the_same_bytes(
    filled: Database, cards_dir: Path, tmp_path: Path
) -> None:
    """In another process, on another day of the same month, from a copy of the same state."""
    from kopkrakers.research.release import releases

    first = release_of(filled, cards_dir)
    with filled.transaction() as session:
        for table in (releases.PART, releases.RELEASE):
            session.connection().execute(table.delete())
    again = subprocess.run(
        [sys.executable, "-c", AGAIN, filled.url, str(cards_dir)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.strip() == first.sha256


AGAIN = """
import sys, time_machine
from datetime import date
from pathlib import Path
from kopkrakers.catalogue.library import Library
from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import make_release
from tests.research.small import ORIGIN
from tests.support.world import ROW_KEYS
with time_machine.travel("2031-07-05 23:59:59Z"):
    library = Library(Path(sys.argv[2]))
    today = date(2026, 11, 30)
    database = Database(sys.argv[1])
    print(make_release(database, library, ROW_KEYS, ORIGIN, today, lambda *_: None).sha256)
"""


def test_frictionless_finds_nothing_wrong(
    released: Release, database: Database, tmp_path: Path
) -> None:
    for name, content in files_in(bytes_of(database)).items():
        (tmp_path / "uit" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "uit" / name).write_bytes(content)
    report = Package(str(tmp_path / "uit" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == {spec.id for spec in columns.TABLES}


def test_spss_keeps_labels_and_numbers(
    released: Release, database: Database, tmp_path: Path
) -> None:
    files = files_in(bytes_of(database))
    path = tmp_path / "t.sav"
    path.write_bytes(files["spss/choice_by_consideration.sav"])
    frame, meta = pyreadstat.read_sav(path, user_missing=True, output_format="polars")
    labels: dict[str, Any] = meta.variable_value_labels
    spec = columns.BY_ATTRIBUTE["consideration"]
    assert meta.column_names_to_labels == {column.id: column.name for column in spec.columns}
    assert labels["consideration"] == dict(spec.columns[3].values)
    assert labels["option"] == column_parts.OPTION.values
    parquet = pl.read_parquet(io.BytesIO(files["parquet/choice_by_consideration.parquet"]))
    assert (
        frame.select(pl.col(pl.Float64).cast(pl.Int64), pl.col(pl.String))
        .select(parquet.columns)
        .equals(parquet)
    )


def level_of(column: ColumnSpec) -> int:
    """0 for a name, 1 for what has an order, 2 for a number that can be reckoned with."""
    if column.id in ("certainty", "experience", "form"):
        return 1
    if column.id in ("edition", "compared_with") or column.id.startswith("leans_"):
        return 0
    return 2 if column.kind in (ColumnKind.WHOLE, ColumnKind.DAY) else 0


def test_spss_shows_whole_numbers_levels_of_measurement_and_labels(
    released: Release, database: Database, tmp_path: Path
) -> None:
    files = files_in(bytes_of(database))
    path = tmp_path / "t.sav"
    for spec in columns.TABLES:
        path.write_bytes(files[f"spss/{spec.id}.sav"])
        _, meta = pyreadstat.read_sav(path, user_missing=True, output_format="polars")
        labels: dict[str, Any] = meta.variable_value_labels
        for column in spec.columns:
            measures = ("nominal", "ordinal", "scale")
            assert meta.variable_measure[column.id] == measures[level_of(column)], (
                spec.id,
                column.id,
            )
            if column.kind is ColumnKind.WHOLE:
                assert meta.original_variable_types[column.id] == "F8.0", (spec.id, column.id)
            if column.kind is ColumnKind.YES_NO:
                assert labels[column.id] == {0: "nee", 1: "ja"}
            # SPSS has no labels for texts of more than eight bytes
            elif column.values and max(map(len, column.values)) <= 8:
                assert labels[column.id] == dict(column.values), (
                    spec.id,
                    column.id,
                )


def test_three_formats_hold_the_same_rows(released: Release, database: Database) -> None:
    files = files_in(bytes_of(database))
    for spec in columns.TABLES:
        parquet = pl.read_parquet(io.BytesIO(files[f"parquet/{spec.id}.parquet"]))
        read = pl.read_csv(io.BytesIO(files[f"csv/{spec.id}.csv"]), schema=parquet.schema)
        assert read.equals(parquet), spec.id


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_becomes_a_formula(sign: str) -> None:
    assert plain_text(f"{sign}HYPERLINK()") == f"'{sign}HYPERLINK()"
    assert plain_text(f"a{sign}1") == f"a{sign}1"


def test_a_theme_full_of_punctuation_survives_every_format(
    database: Database, world: World, cards_dir: Path
) -> None:
    theme = '=1+1;"quotes", comma'
    name_theme(cards_dir, theme)
    fill(database, world, cards_dir)
    release_of(database, cards_dir)
    files = files_in(bytes_of(database))
    assert b'"\'=1+1;""quotes"", comma"' in files["csv/dilemmas.csv"]
    assert pl.read_parquet(io.BytesIO(files["parquet/dilemmas.parquet"]))["theme"][0] == theme


def test_a_table_with_nothing_yet_is_written_in_every_format() -> None:
    for spec in columns.TABLES:
        empty = DataTable(spec, ())
        frame = frame_of(empty)
        assert csv_bytes(spec, empty.rows).count(b"\n") == 1
        assert pl.read_parquet(io.BytesIO(parquet_bytes(frame, {}))).columns == list(spec.names)
        assert sav_bytes(frame, spec, "x", {})[92:109] == b"01 Jan 8000:00:00"


def test_an_instance_without_anything_gives_a_valid_dataset(
    database: Database, cards_dir: Path
) -> None:
    release = release_of(database, cards_dir)
    assert release.about["overview"] == []
    assert "csv/choice.csv" in files_in(bytes_of(database))


def test_every_column_says_what_it_is_and_how_it_is_protected() -> None:
    for spec in columns.TABLES:
        assert len(set(spec.names)) == len(spec.names)
        assert set(spec.key) <= set(spec.names)
        for column in spec.columns:
            assert column.meaning.endswith(".") and column.protection.endswith("."), (
                spec.id,
                column.id,
            )


def test_what_says_something_of_people_is_not_said_to_be_of_the_card() -> None:
    of_people = {
        "n",
        "n_low",
        "n_high",
        "percent",
        "answers",
        "part_not_counted",
        "gemeente",
        "measure",
    }
    for spec in columns.TABLES:
        for column in spec.columns:
            if column.id in of_people:
                assert "gaat over de kaart" not in column.protection, (spec.id, column.id)
    assert "Aantal mensen" in columns.RESPONSE.columns[1].meaning
    assert "Aantal mensen" in columns.SHIFT.columns[4].meaning


def test_a_coarse_cell_is_not_said_to_be_below_five() -> None:
    cells = ("0-9", "10", "0-4", "<5", "0", column_parts.NOT_APART)
    rows = tuple(("x", 1, "a", str(at), cell, None, None) for at, cell in enumerate(cells))
    summary = summary_of(DataTable(columns.BY_ATTRIBUTE["certainty"], (TablePart("x", 1, rows),)))
    assert summary == Summary(rows=6, rounded=2, below=2, not_apart=1)
    assert summary.in_words == "6 cellen: 2 afgerond, 2 onder de 5, 1 niet apart geteld, 1 nul."


def test_the_readme_tells_a_stranger_what_the_numbers_cannot(
    released: Release, database: Database
) -> None:
    text = files_in(bytes_of(database))["README.md"].decode()
    for head in (
        "Afspraak",
        "Wie antwoordden",
        "Ontbrekende waarden",
        "Wegen en rekenen",
        "Verwijzen",
    ):
        assert f"\n## {head}\n" in text
    assert "\n## Wat je niet kunt concluderen\n" in text
    assert "minstens\n  3 van hen iets anders kozen dan de meesten" in text
    assert "{" not in text


def test_the_codes_are_those_of_the_answers() -> None:
    kept = {"consideration": CONSIDERATIONS, "certainty": CERTAINTIES, "experience": EXPERIENCES}
    assert set(columns.BY_ATTRIBUTE) == set(Attribute)
    for attribute, codes in kept.items():
        values = dict(columns.BY_ATTRIBUTE[attribute].columns[3].values)
        assert values.pop("niet")
        assert values == codes


def test_a_row_that_is_not_described_cannot_be_written() -> None:
    odd = DataTable(columns.CHOICE, (TablePart("x", 1, (("x", 1, "a", 1, 1, "te veel"),)),))
    with pytest.raises((pl.exceptions.PolarsError, ValueError, TypeError)):
        frame_of(odd)


@pytest.mark.parametrize("n", range(200))
def test_the_bounds_of_a_cell_hold_its_number(n: int) -> None:
    low, high = bounds(protect(n))
    assert low <= n <= high
    assert {protect(one) for one in range(low, high + 1)} == {protect(n)}


def test_nothing_finer_than_a_month_of_people_is_in_it(
    released: Release, database: Database
) -> None:
    files = files_in(bytes_of(database))
    package = json.loads(files["datapackage.json"])
    assert "created" not in package
    assert date(2026, 11, 1).isoformat() in files["CITATION.cff"].decode()
