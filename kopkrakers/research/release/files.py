"""Writes a table as CSV, Parquet and SPSS: the same rows, the same bytes on any day."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.privacy.columns import Kind, TableSpec
from kopkrakers.research.release.tables import DataTable, Value

if TYPE_CHECKING:
    import polars as pl

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so would be a formula to a spreadsheet."""
SPSS_CLOCK = slice(92, 109)
"""Where a .sav keeps the day and time of writing."""
FIXED_CLOCK = b"01 Jan 8000:00:00"
MEASURES = {Kind.TEXT: "nominal", Kind.YES_NO: "nominal", Kind.WHOLE: "scale", Kind.DAY: "scale"}
WHOLE_FORMAT = "F8.0"
YES_NO = {1: "ja", 0: "nee"}
GET_EXTRA = (
    "Making a release needs polars and pyreadstat. Type: pip install 'kopkrakers[onderzoek]' "
    "(in a checkout: .tools/bin/uv pip install --python .venv/bin/python polars pyreadstat)"
)


def need_extra() -> None:
    """Make sure that the parts a release needs are installed.

    Raises: ConfigurationError that says how to get them.
    """
    try:
        import polars
        import pyreadstat  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(GET_EXTRA) from error
    assert polars


def plain_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before a sign that begins one."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def csv_bytes(spec: TableSpec, rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8, every text in quotes, so that a `;` or a comma in it separates nothing."""
    header = ",".join(map(_written, spec.names))
    lines = map(",".join, zip(*map(_written_column, columns_of(spec, rows)), strict=True))
    return "\n".join([header, *lines, ""]).encode()


def columns_of(spec: TableSpec, rows: Iterable[Sequence[Any]]) -> list[list[Value]]:
    """Rows turned to columns, each as long as there are rows.

    Raises: ValueError for a row with more or fewer cells than described.
    """
    rows, width = list(rows), len(spec.columns)
    if not set(map(len, rows)) <= {width}:
        raise ValueError(f"a row of {spec.id} does not have {width} cells")
    return [list(map(itemgetter(place), rows)) for place in range(width)]


def _written_column(values: list[Value]) -> Iterator[str]:
    """A column as it stands in a CSV file, each value written once: a few of them fill a hundred thousand rows."""
    written = {value: _written(value) for value in set(values)}
    return map(written.__getitem__, values)


def _written(value: Value) -> str:
    """A value as it stands in a CSV file: a whole number and what is missing bare, all else in quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    if isinstance(value, int):
        return str(value)
    return '"' + plain_text(str(value)).replace('"', '""') + '"'


def frame_of(table: DataTable) -> "pl.DataFrame":
    """The table for polars, with the types of its columns."""
    import polars as pl

    types = {Kind.TEXT: pl.String, Kind.WHOLE: pl.Int64, Kind.DAY: pl.Date, Kind.YES_NO: pl.Boolean}
    schema = {column.id: types[column.kind] for column in table.spec.columns}
    cells = columns_of(table.spec, table.rows)
    return pl.DataFrame(dict(zip(schema, cells, strict=True)), schema=schema)


def parquet_bytes(frame: "pl.DataFrame") -> bytes:
    """The table as Parquet."""
    file = BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def sav_bytes(frame: "pl.DataFrame", spec: TableSpec) -> bytes:
    """The table for SPSS, with labels, levels of measurement, whole numbers, and a clock that stands still."""
    import pyreadstat

    labels: dict[str, Any] = {
        column.id: dict(column.values) for column in spec.columns if _labelled(column)
    }
    labels |= {column.id: YES_NO for column in spec.columns if column.kind is Kind.YES_NO}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=spec.id,
            column_labels={column.id: column.meaning for column in spec.columns},
            variable_value_labels=labels,
            variable_measure={column.id: MEASURES[column.kind] for column in spec.columns},
            variable_format={
                column.id: WHOLE_FORMAT for column in spec.columns if column.kind is Kind.WHOLE
            },
        )
        written = bytearray(path.read_bytes())
    written[SPSS_CLOCK] = FIXED_CLOCK
    return bytes(written)


def _labelled(column: Any) -> bool:
    """SPSS labels texts of at most eight bytes; longer codes speak for themselves."""
    return bool(column.values) and all(len(code) <= 8 for code in column.values)
