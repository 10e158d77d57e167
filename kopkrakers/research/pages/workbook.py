"""A table of a release as a workbook of Excel: the rows of its CSV, and a sheet that explains them.

Excel in Dutch reads a CSV with commas as one column, takes UTF-8 for Windows-1252, and makes a day
in September of "5-9". In a workbook every cell says itself what it is.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kopkrakers.privacy.specs import ColumnKind, TableSpec
from kopkrakers.research.release.files import FORMULA_STARTS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""Stands in every workbook as its day, so that the same table is the same bytes on any day."""
# rows go to disk as they are written: a table of a large release does not fill memory
_OPTIONS = {"constant_memory": True, "default_date_format": "dd-mm-yyyy"}

WriteCell = Callable[[Worksheet, int, int, str], object]


def workbook(content: bytes, spec: TableSpec, *, release: int) -> bytes:
    """Return the CSV of a table as a workbook with two sheets."""
    header, *rows = csv.reader(StringIO(content.decode(), newline=""))
    kinds = {column.id: column.kind for column in spec.columns}
    packed = BytesIO()
    with Workbook(packed, _OPTIONS) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True})
        figures = _add_sheet(book, "Cijfers", header, bold, width=18)
        writers = []
        for name in header:
            kind = kinds.get(name, ColumnKind.TEXT)
            writers.append(_WRITERS[kind])
        _write_rows(figures, rows, writers)
        about = _add_sheet(book, "Uitleg", ("kolom", "betekenis", "waarden"), bold, width=40)
        _write_rows(about, _explained(spec, release), [_write_text] * 3)
    return packed.getvalue()


def _explained(spec: TableSpec, release: int) -> Iterator[tuple[str, str, str]]:
    """Return a row for each column, and what the table is about."""
    for column in spec.columns:
        values = "; ".join(f"{code} = {meaning}" for code, meaning in column.values.items())
        yield column.id, f"{column.meaning} {column.protection}", values
    yield "", "", ""
    yield spec.id, f"{spec.title}. {spec.about}", f"Uitgave {release} van Kopkrakers"
    yield "", "Het hele codeboek en de leeswijzer zitten in de dataset (.zip).", ""


def _add_sheet(
    book: Workbook, name: str, header: Sequence[str], bold: Format, *, width: int
) -> Worksheet:
    """Add a sheet whose first row, the names of the columns, stays in view."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, width)
    for place, title in enumerate(header):
        sheet.write_string(0, place, title, bold)
    return sheet


def _write_rows(
    sheet: Worksheet, rows: Iterable[Sequence[str]], writers: Sequence[WriteCell]
) -> None:
    for number, row in enumerate(rows, start=1):
        for place, (write, value) in enumerate(zip(writers, row, strict=True)):
            # an empty cell is left out: it says "not known", and "" would be a text
            if value:
                write(sheet, number, place, value)


def _write_text(sheet: Worksheet, row: int, place: int, value: str) -> object:
    # the apostrophe keeps a CSV from being read as a formula; a text in a workbook never is one
    if value.startswith("'") and value[1:].startswith(FORMULA_STARTS):
        value = value[1:]
    return sheet.write_string(row, place, value)


def _write_whole(sheet: Worksheet, row: int, place: int, value: str) -> object:
    return sheet.write_number(row, place, int(value))


def _write_day(sheet: Worksheet, row: int, place: int, value: str) -> object:
    return sheet.write_datetime(row, place, date.fromisoformat(value))


def _write_yes_no(sheet: Worksheet, row: int, place: int, value: str) -> object:
    return sheet.write_boolean(row, place, value == "true")


_WRITERS: dict[ColumnKind, WriteCell] = {
    ColumnKind.TEXT: _write_text,
    ColumnKind.WHOLE: _write_whole,
    ColumnKind.DAY: _write_day,
    ColumnKind.YES_NO: _write_yes_no,
}
