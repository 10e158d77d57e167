"""Writes a table as CSV, Parquet and SPSS: the same rows, the same bytes on any day."""

import csv
import tempfile
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kopkrakers.errors import ConfigurationError
from kopkrakers.privacy.columns import Kind, TableSpec
from kopkrakers.research.tables import DataTable, Row, Value

if TYPE_CHECKING:
    import polars as pl

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so would be a formula to a spreadsheet."""
SPSS_CLOCK = slice(92, 109)
"""Where a .sav keeps the day and time of writing."""
FIXED_CLOCK = b"01 Jan 8000:00:00"
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


def csv_bytes(spec: TableSpec, rows: Any) -> bytes:
    """UTF-8, every text in quotes, so that a `;` or a comma in it separates nothing."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    words = [place for place, column in enumerate(spec.columns) if column.kind is not Kind.WHOLE]
    writer.writerow(spec.names)
    writer.writerows(_written_row(row, words) for row in rows)
    return text.getvalue().encode()


def _written_row(row: Row, words: list[int]) -> list[Value]:
    """A row; `words` are the places that do not hold whole numbers, which are written as they are."""
    cells = list(row)
    for place in words:
        cells[place] = _written(cells[place])
    return cells


@lru_cache(maxsize=10_000, typed=True)
def _written(value: Value) -> Value:
    """A value as it stands in a file. Remembered: the same few names stand in a hundred thousand rows."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return value if isinstance(value, int) else plain_text(str(value))


def frame_of(table: DataTable) -> "pl.DataFrame":
    """The table for polars, with the types of its columns."""
    import polars as pl

    types = {Kind.TEXT: pl.String, Kind.WHOLE: pl.Int64, Kind.DAY: pl.Date, Kind.YES_NO: pl.Boolean}
    schema = {column.id: types[column.kind] for column in table.spec.columns}
    rows: list[Row] = list(table.rows)
    return pl.DataFrame(rows, schema=schema, orient="row")


def parquet_bytes(frame: "pl.DataFrame") -> bytes:
    """The table as Parquet."""
    file = BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def sav_bytes(frame: "pl.DataFrame", spec: TableSpec) -> bytes:
    """The table for SPSS, with labels of variables and values, and a clock that stands still."""
    import pyreadstat

    labels: dict[str, Any] = {column.id: dict(column.values) for column in spec.columns if _labelled(column)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=spec.id,
            column_labels={column.id: column.meaning for column in spec.columns},
            variable_value_labels=labels,
        )
        written = bytearray(path.read_bytes())
    written[SPSS_CLOCK] = FIXED_CLOCK
    return bytes(written)


def _labelled(column: Any) -> bool:
    """SPSS labels texts of at most eight bytes; longer codes speak for themselves."""
    return bool(column.values) and all(len(code) <= 8 for code in column.values)
