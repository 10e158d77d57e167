"""A table of a release as a workbook of Excel, or all of them: rows, and sheets that explain them.

Excel in Dutch reads a CSV with commas as one column, takes UTF-8 for Windows-1252, and makes a day
in September of "5-9". In a workbook every cell says itself what it is.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.identity import Identity
from kopkrakers.research.release.files import FORMULA_STARTS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""Stands in every workbook as its day, so that the same table is the same bytes on any day."""
LARGEST_SHEET = 100_000
"""Rows of a table that the workbook of a whole release holds, at most."""
# rows go to disk as they are written: a table of a large release does not fill memory
_OPTIONS = {"constant_memory": True, "default_date_format": "dd-mm-yyyy"}

WriteCell = Callable[[Worksheet, int, int, str], object]


def workbook(content: bytes, spec: TableSpec, *, release: int) -> bytes:
    """Return the CSV of a table as a workbook with two sheets."""
    packed = BytesIO()
    with Workbook(packed, _OPTIONS) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True})
        _add_figures(book, "Cijfers", content, spec, bold)
        about = _add_sheet(book, "Uitleg", ("kolom", "betekenis", "waarden"), bold, width=40)
        _write_rows(about, _explained(spec, release), [_write_text] * 3)
    return packed.getvalue()


def whole_workbook(
    identity: Identity, specs: Sequence[TableSpec], contents: Mapping[str, bytes]
) -> bytes:
    """Return a workbook with a sheet for each table, after one that explains every column.

    `contents`: the CSV of each table by its id. A table that is too large for a sheet that people
    can open is left out, and the first sheet says where it is.
    """
    packed = BytesIO()
    with Workbook(packed, _OPTIONS) as book:
        book.set_properties({"created": MADE, "title": identity.title})
        bold = book.add_format({"bold": True})
        header = ("tabel", "kolom", "naam", "betekenis", "bescherming", "waarden")
        about = _add_sheet(book, "Codeboek", header, bold, width=30)
        large = [spec for spec in specs if contents[spec.id].count(b"\n") > LARGEST_SHEET]
        _write_rows(about, _codebook(identity, specs, large), [_write_text] * len(header))
        for spec in specs:
            if spec not in large:
                _add_figures(book, spec.id, contents[spec.id], spec, bold)
    return packed.getvalue()


def _codebook(
    identity: Identity, specs: Sequence[TableSpec], large: Sequence[TableSpec]
) -> Iterator[Sequence[str]]:
    """Yield whose this is, and a row for each column of each table."""
    nothing = ("",) * 4
    for name, value in identity.marks.items():
        yield name, value, *nothing
    for spec in specs:
        where = ""
        if spec in large:
            where = f"Te groot voor een blad; zie csv/{spec.id}.csv."
        yield spec.id, "", spec.title, spec.about, where, ""
        for column in spec.columns:
            values = _in_words(column)
            yield spec.id, column.id, column.name, column.meaning, column.protection, values


def _in_words(column: ColumnSpec) -> str:
    """Return the values that a column can have, each with what it means."""
    values = []
    for code, meaning in column.values.items():
        values.append(f"{code} = {meaning}")
    return "; ".join(values)


def _add_figures(book: Workbook, name: str, content: bytes, spec: TableSpec, bold: Format) -> None:
    """Add a sheet with the rows of a CSV, numbers as numbers and days as days."""
    header, *rows = csv.reader(StringIO(content.decode(), newline=""))
    kinds = {column.id: column.kind for column in spec.columns}
    figures = _add_sheet(book, name, header, bold, width=18)
    writers = []
    for column in header:
        kind = kinds.get(column, ColumnKind.TEXT)
        writers.append(_WRITERS[kind])
    _write_rows(figures, rows, writers)


def _explained(spec: TableSpec, release: int) -> Iterator[tuple[str, str, str]]:
    """Return a row for each column, and what the table is about."""
    for column in spec.columns:
        values = _in_words(column)
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
