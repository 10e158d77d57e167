"""A table of a release as a workbook of Excel: the rows of its CSV, and a sheet that explains them.

Excel in Dutch reads a CSV with commas as one column, takes UTF-8 for Windows-1252, and makes a day
in September of "5-9". In a workbook every cell says itself what it is.
"""

import csv
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from xml.sax.saxutils import escape

from kopkrakers.privacy.specs import ColumnKind, TableSpec
from kopkrakers.research.release.files import FORMULA_STARTS

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel, counting from 1 March 1900."""
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold, so that the same table is the same bytes on any day."""
BOLD, DAY = 1, 2
"""Places in the list of styles in `_STYLES`."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/1.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/2.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    "</Types>"
)
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_WORKBOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Cijfers" sheetId="1" r:id="r1"/><sheet name="Uitleg" sheetId="2" r:id="r2"/>'
    "</sheets></workbook>"
)
_PARTS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/1.xml"/>'
    f'<Relationship Id="r2" Type="{_RELATIONS}/worksheet" Target="worksheets/2.xml"/>'
    f'<Relationship Id="r3" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    "</Relationships>"
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)

Cell = Callable[[str], str]


def workbook(content: bytes, spec: TableSpec, *, release: int) -> bytes:
    """Return the CSV of a table as a workbook with two sheets."""
    header, *rows = csv.reader(StringIO(content.decode(), newline=""))
    kinds = {column.id: column.kind for column in spec.columns}
    cells = [cache(_CELLS[kinds.get(name, ColumnKind.TEXT)]) for name in header]
    numbers = _sheet(header, (_row(cells, row) for row in rows), width=18)
    texts = [cache(_text)] * 3
    about = _sheet(
        ("kolom", "betekenis", "waarden"),
        (_row(texts, row) for row in _explained(spec, release)),
        width=40,
    )
    return _zip(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT,
            "xl/workbook.xml": _WORKBOOK,
            "xl/_rels/workbook.xml.rels": _PARTS,
            "xl/styles.xml": _STYLES,
            "xl/worksheets/1.xml": numbers,
            "xl/worksheets/2.xml": about,
        }
    )


def _explained(spec: TableSpec, release: int) -> Iterator[tuple[str, str, str]]:
    """Return a row for each column, and what the table is about."""
    for column in spec.columns:
        values = "; ".join(f"{code} = {meaning}" for code, meaning in column.values.items())
        yield column.id, f"{column.meaning} {column.protection}", values
    yield "", "", ""
    yield spec.id, f"{spec.title}. {spec.about}", f"Uitgave {release} van Kopkrakers"
    yield "", "Het hele codeboek en de leeswijzer zitten in de dataset (.zip).", ""


def _sheet(header: Sequence[str], rows: Iterable[str], *, width: int) -> str:
    """Return the XML of a sheet whose first row stays in view."""
    names = "".join(_text(name, style=BOLD) for name in header)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f'<cols><col min="1" max="{len(header)}" width="{width}" customWidth="1"/></cols>'
        f"<sheetData><row>{names}</row>{''.join(rows)}</sheetData></worksheet>"
    )


def _row(cells: Sequence[Cell], row: Sequence[str]) -> str:
    return f"<row>{''.join(cell(value) for cell, value in zip(cells, row, strict=True))}</row>"


def _text(value: str, style: int = 0) -> str:
    # the apostrophe keeps a CSV from being read as a formula; a text in a workbook never is one
    is_guarded = value.startswith("'") and value[1:].startswith(FORMULA_STARTS)
    value = value[1:] if is_guarded else value
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _whole(value: str) -> str:
    return f"<c><v>{int(value)}</v></c>" if value else "<c/>"


def _day(value: str) -> str:
    days = (date.fromisoformat(value) - FIRST_DAY).days if value else None
    return "<c/>" if days is None else f'<c s="{DAY}"><v>{days}</v></c>'


def _yes_no(value: str) -> str:
    return f'<c t="b"><v>{int(value == "true")}</v></c>' if value else "<c/>"


_CELLS: dict[ColumnKind, Cell] = {
    ColumnKind.TEXT: _text,
    ColumnKind.WHOLE: _whole,
    ColumnKind.DAY: _day,
    ColumnKind.YES_NO: _yes_no,
}


def _zip(files: dict[str, str]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path, FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return packed.getvalue()
