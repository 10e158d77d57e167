"""Writes a table as CSV, Parquet and SPSS: the same rows, the same bytes on any day."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.rows import DataTable, Value

if TYPE_CHECKING:
    import polars as pl

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins with one of these for a formula."""
SPSS_CLOCK = slice(92, 109)
"""The bytes of a .sav that hold the day and time of writing."""
FIXED_CLOCK = b"01 Jan 8000:00:00"
NUMBERS = (ColumnKind.WHOLE, ColumnKind.DAY)
LONGEST_NOTE = 80
"""Bytes in a line of notes of SPSS."""
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
    """Return a text that no spreadsheet takes for a formula, by an apostrophe before it."""
    if text.startswith(FORMULA_STARTS):
        return "'" + text
    return text


def csv_bytes(spec: TableSpec, rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the table as CSV in UTF-8, with every text in quotes."""
    header = ",".join(map(_written, spec.names))
    written = list(map(_written_column, columns_of(spec, rows)))
    # map, not a comprehension: a release has a hundred thousand rows
    lines = map(",".join, zip(*written, strict=True))
    return "\n".join([header, *lines, ""]).encode()


def columns_of(spec: TableSpec, rows: Iterable[Sequence[Any]]) -> list[list[Value]]:
    """Return rows as columns, each as long as there are rows.

    Raises: ValueError for a row with more or fewer cells than described.
    """
    rows = list(rows)
    width = len(spec.columns)
    if any(len(row) != width for row in rows):
        raise ValueError(f"a row of {spec.id} does not have {width} cells")
    return [list(map(itemgetter(index), rows)) for index in range(width)]


def _written_column(values: list[Value]) -> Iterator[str]:
    """Return a column as it stands in a CSV file.

    Each value is written once: few different ones fill a hundred thousand rows.
    """
    written = {value: _written(value) for value in set(values)}
    return map(written.__getitem__, values)


def _written(value: Value) -> str:
    """Return a value as it stands in a CSV file: numbers and missing values without quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        if value:
            return '"true"'
        return '"false"'
    if isinstance(value, int):
        return str(value)
    return '"' + plain_text(str(value)).replace('"', '""') + '"'


def frame_of(table: DataTable) -> "pl.DataFrame":
    """Return the table for polars, with the types of its columns."""
    import polars as pl

    types = {
        ColumnKind.TEXT: pl.String,
        ColumnKind.WHOLE: pl.Int64,
        ColumnKind.DAY: pl.Date,
        ColumnKind.YES_NO: pl.Boolean,
    }
    schema = {column.id: types[column.kind] for column in table.spec.columns}
    cells = columns_of(table.spec, table.rows)
    return pl.DataFrame(dict(zip(schema, cells, strict=True)), schema=schema)


def parquet_bytes(frame: "pl.DataFrame", metadata: Mapping[str, str]) -> bytes:
    """Return the table as Parquet. `metadata`: what the file says of itself, by name."""
    file = BytesIO()
    frame.write_parquet(file, compression="zstd", metadata=dict(metadata))
    return file.getvalue()


def descriptions(spec: TableSpec) -> dict[str, str]:
    """Return what each column of a table means, for the metadata of a file."""
    return {f"column.{column.id}": column.meaning for column in spec.columns}


def sav_bytes(
    frame: "pl.DataFrame", spec: TableSpec, label: str, marks: Mapping[str, str]
) -> bytes:
    """Return the table for SPSS, with labels and levels of measurement, and without a moment.

    `label`: which release it is, in at most 64 bytes. `marks`: the same at length, for the notes.
    """
    import pyreadstat

    names: dict[str, str | None] = {}
    measures, formats = {}, {}
    for column in spec.columns:
        names[column.id] = column.name
        measures[column.id] = _measure(column)
        if column.kind is ColumnKind.WHOLE:
            formats[column.id] = WHOLE_FORMAT
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=label,
            column_labels=names,
            note=_notes(spec, marks),
            missing_ranges=_missing(spec),
            variable_value_labels=_labels(spec),
            variable_measure=measures,
            variable_format=formats,
        )
        written = bytearray(path.read_bytes())
    # the one place where the library writes the moment, which would make each file another
    written[SPSS_CLOCK] = FIXED_CLOCK
    return bytes(written)


def _measure(column: ColumnSpec) -> str:
    """Return the level of measurement: a number that only names something is no measure."""
    if column.ordered:
        return "ordinal"
    is_code = column.id in ("edition", "compared_with") or column.id.startswith("leans_")
    if column.kind in NUMBERS and not is_code:
        return "scale"
    return "nominal"


def _missing(spec: TableSpec) -> dict[str, list[Any]]:
    """Return the codes that stand for no answer, so that SPSS leaves them out of percentages."""
    missing: dict[str, list[Any]] = {}
    for column in spec.columns:
        if SAID_NOTHING in column.values:
            missing[column.id] = [SAID_NOTHING]
    return missing


def _notes(spec: TableSpec, marks: Mapping[str, str]) -> list[str]:
    """Return lines of notes: which table and release, and what each column means."""
    lines = []
    for name, value in {"table": spec.id, **marks}.items():
        lines.append(f"{name}: {value}")
    for column in spec.columns:
        lines.append(f"{column.id}: {column.meaning}")
    notes = []
    for line in lines:
        # wrapped by characters, each of which is at most three bytes: SPSS counts bytes
        notes += wrap(line, LONGEST_NOTE // 2)
    return notes


def _labels(spec: TableSpec) -> dict[str, dict[Any, str]]:
    labels: dict[str, dict[Any, str]] = {}
    for column in spec.columns:
        if column.kind is ColumnKind.YES_NO:
            labels[column.id] = YES_NO
        # SPSS labels texts of at most eight bytes; longer codes speak for themselves
        elif column.values and all(len(code) <= 8 for code in column.values):
            labels[column.id] = dict(column.values)
    return labels
