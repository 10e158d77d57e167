"""A workbook says in Excel what the CSV says to programs: whole words, real numbers and days."""

import csv
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from kopkrakers.base.db import Database
from kopkrakers.privacy.columns import TABLES
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.identity import Identity, ReleaseName
from kopkrakers.research.release.files import csv_bytes
from kopkrakers.research.release.releases import Release
from kopkrakers.research.release.workbook import LARGEST_SHEET, whole_workbook, workbook
from tests.research.small import ORIGIN, bytes_of, files_in

SPEC = TableSpec(
    "proef",
    "Een proef",
    "Alles wat een rekenblad verkeerd leest.",
    (
        ColumnSpec("woord", ColumnKind.TEXT, "Een woord.", "Geen."),
        ColumnSpec("n", ColumnKind.WHOLE, "Een getal.", "Geen.", may_be_empty=True),
        ColumnSpec("dag", ColumnKind.DAY, "Een dag.", "Geen."),
        ColumnSpec("open", ColumnKind.YES_NO, "Ja of nee.", "Geen.", {"true": "ja"}),
    ),
    ("woord",),
)
ROWS = [
    ("Eén tip; of <twee> & meer", 5, date(2027, 3, 28), True),
    ("5-9", None, date(2026, 11, 2), False),
    ("=HYPERLINK(1)", 0, date(2026, 1, 1), True),
    ("’t Hart", 12, date(2026, 1, 1), True),
    ("'t Hart", 12, date(2026, 1, 1), True),
]


def cells(content: bytes, sheet: str) -> list[list[object]]:
    """Return a sheet as another program reads it: a day is a day, a number a number."""
    rows = load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True)
    return [list(map(_day, row)) for row in rows]


def _day(cell: object) -> object:
    return cell.date() if isinstance(cell, datetime) else cell


def test_every_cell_keeps_its_kind_and_its_words() -> None:
    book = workbook(csv_bytes(SPEC, ROWS), SPEC, release=3)
    header, *rows = cells(book, "Cijfers")
    assert header == ["woord", "n", "dag", "open"]
    assert rows == [list(row) for row in ROWS]


def test_the_second_sheet_explains_every_column() -> None:
    texts = [row[:2] for row in cells(workbook(csv_bytes(SPEC, ROWS), SPEC, release=3), "Uitleg")]
    assert ["n", "Een getal. Geen."] in texts
    assert "Uitgave 3" in str(cells(workbook(csv_bytes(SPEC, ROWS), SPEC, release=3), "Uitleg"))


def test_no_cell_is_a_formula_and_the_same_table_is_the_same_bytes() -> None:
    book = workbook(csv_bytes(SPEC, ROWS), SPEC, release=3)
    assert book == workbook(csv_bytes(SPEC, ROWS), SPEC, release=3)
    with zipfile.ZipFile(BytesIO(book)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.id)
def test_a_table_without_rows_is_a_workbook_too(spec: TableSpec) -> None:
    content = csv_bytes(spec, [])
    names = next(csv.reader(StringIO(content.decode())))
    assert cells(workbook(content, spec, release=1), "Cijfers") == [names]


IDENTITY = Identity(ReleaseName(3, "2027-01"), ORIGIN, invented=True)


def test_the_workbook_of_a_release_has_the_rows_of_every_csv(
    released: Release, database: Database
) -> None:
    files = files_in(bytes_of(database))
    book = files["kopkrakers.xlsx"]
    explained = {(row[0], row[1]) for row in cells(book, "Codeboek")}
    for spec in TABLES:
        alone = workbook(files[f"csv/{spec.id}.csv"], spec, release=1)
        assert cells(book, spec.id) == cells(alone, "Cijfers"), spec.id
        assert {(spec.id, name) for name in spec.names} <= explained
    assert ("address", ORIGIN.address) in explained
    assert ["een-plek", 1, "a", 55, 48] in [row[:5] for row in cells(book, "choice")]


def test_a_table_too_large_for_people_is_named_and_left_out() -> None:
    large = csv_bytes(SPEC, ROWS) + b"x\n" * LARGEST_SHEET
    book = whole_workbook(IDENTITY, [SPEC], {SPEC.id: large})
    assert load_workbook(BytesIO(book)).sheetnames == ["Codeboek"]
    assert "csv/proef.csv" in str(cells(book, "Codeboek"))
    assert "VERZONNEN" in str(cells(book, "Codeboek"))
