"""What a dataset says of itself, written from `privacy.columns`: datapackage, codebook, README, citation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from kopkrakers.privacy.columns import NOT_APART, Column, TableSpec
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.research.tables import DataTable

NO_TRACING = (
    "Probeer niemand te herleiden, ook niet door bestanden te combineren. Meld het als je denkt dat het kan."
)
INVENTED = "**Alles in deze uitgave is verzonnen.** Ze komt uit een demo of een simulatie."
SHIFT_COMES = "Komt zodra er intervisies geteld zijn."


@dataclass(frozen=True)
class ReleaseName:
    """Which release: its number and its month (`2026-11`)."""

    number: int
    month: str

    @property
    def first_day(self) -> date:
        """The first day of its month; a release knows nothing finer."""
        return date.fromisoformat(f"{self.month}-01")

    @property
    def in_words(self) -> str:
        """`uitgave 4, november 2026`."""
        return f"uitgave {self.number}, {format_date(self.first_day, 'MMMM y', locale='nl')}"


@dataclass(frozen=True)
class Summary:
    """What may be said of a table in one line. Cells only where it has protected cells."""

    rows: int
    rounded: int
    below: int
    not_apart: int

    @property
    def in_words(self) -> str:
        """The line under a table."""
        if not self.rows:
            return "Nog geen regels."
        if not (self.rounded or self.below or self.not_apart):
            return f"{self.rows} regels."
        return (
            f"{self.rows} regels; {self.rounded} cellen afgerond, {self.below} onder de {ROUNDING}, "
            f"{self.not_apart} niet apart geteld."
        )


def summary_of(table: DataTable) -> Summary:
    """Count the cells of a table by how they are protected."""
    rows = list(table.rows)
    cells = [row[table.spec.names.index("n")] for row in rows] if table.spec.rounded else []
    below = sum(cell == f"<{ROUNDING}" or "-" in str(cell) for cell in cells)
    apart = sum(cell == NOT_APART for cell in cells)
    zeros = sum(cell == "0" for cell in cells)
    return Summary(len(rows), len(cells) - below - apart - zeros, below, apart)


def line_under(table: DataTable) -> str:
    """How much a table holds, in words."""
    summary = summary_of(table)
    return SHIFT_COMES if table.spec.id == "shift" and not summary.rows else summary.in_words


def datapackage(name: ReleaseName, specs: Sequence[TableSpec]) -> str:
    """A Frictionless data package of the CSV files."""
    package = {
        "profile": "tabular-data-package",
        "name": f"kopkrakers-{name.number}",
        "title": f"Kopkrakers, {name.in_words}",
        "version": f"{name.number}.0.0",
        "description": NO_TRACING,
        "resources": [_resource(spec) for spec in specs],
    }
    return _json(package)


def _resource(spec: TableSpec) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": spec.id,
        "title": spec.title,
        "description": spec.about,
        "path": f"csv/{spec.id}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema_of(spec),
    }


def schema_of(spec: TableSpec) -> dict[str, Any]:
    """The Table Schema of one table."""
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in spec.columns],
        "missingValues": [""],
        "primaryKey": list(spec.key),
    }
    if "dilemma" in spec.names and spec.id != "dilemmas":
        both = ["dilemma", "edition"]
        schema["foreignKeys"] = [{"fields": both, "reference": {"resource": "dilemmas", "fields": both}}]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.id, "type": column.kind.value, "description": column.meaning}
    field["protection"] = column.protection
    constraints: dict[str, Any] = {} if column.may_be_empty else {"required": True}
    if column.values:
        constraints["enum"] = list(column.values)
        field["valueLabels"] = dict(column.values)
    if constraints:
        field["constraints"] = constraints
    if column.question:
        field["question"] = column.question
    return field


def codebook(name: ReleaseName, specs: Sequence[TableSpec]) -> str:
    """Every table and column in Dutch: meaning, values, protection, and the question people were asked."""
    parts = [f"# Codeboek, {name.in_words}\n"]
    for spec in specs:
        parts.append(f"## {spec.id}: {spec.title}\n\n{spec.about}\n\nSleutel: {', '.join(spec.key)}.\n")
        parts.extend(_column_text(column) for column in spec.columns)
    return "\n".join(parts)


def _column_text(column: Column) -> str:
    lines = [f"### {column.id}\n", f"- Betekenis: {column.meaning}", f"- Soort: {column.kind.value}"]
    if column.question:
        lines.append(f"- Vraag: “{column.question}”")
    if column.values:
        lines.append("- Waarden: " + "; ".join(f"`{code}` = {label}" for code, label in column.values.items()))
    if column.may_be_empty:
        lines.append("- Mag leeg zijn.")
    lines.append(f"- Bescherming: {column.protection}\n")
    return "\n".join(lines)


def readme(name: ReleaseName, tables: Sequence[DataTable], *, invented: bool) -> str:
    """What is in the dataset and how to read it; first of all whether it is of a demo."""
    lines = "\n".join(f"- `{table.spec.id}`: {table.spec.title}. {line_under(table)}" for table in tables)
    title = f"Kopkrakers, {name.in_words}" + (f"\n\n{INVENTED}" if invented else "")
    return _README.format(title=title, tables=lines, promise=NO_TRACING, rounding=ROUNDING)


def citation(name: ReleaseName) -> str:
    """A Citation File Format file."""
    return _CITATION.format(number=name.number, day=name.first_day.isoformat(), words=name.in_words)


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=2) + "\n"


_README = """# {title}

Opgetelde keuzes van klantmanagers bij dilemma’s uit hun werk. Er staat geen enkel los antwoord in, geen vrije
tekst, geen moment en niets dat twee dilemma’s van één mens verbindt.

## Afspraak
{promise}

## Tabellen
{tables}

## Bestanden
- `csv/`: UTF-8, komma als scheiding, tekst tussen aanhalingstekens. Begint een tekst met
  = + - of @, dan staat er een ' voor: zo maakt een rekenblad er geen formule van.
- `parquet/`: dezelfde rijen, voor polars, R (arrow) en DuckDB.
- `spss/`: dezelfde rijen, met labels. R leest ze met haven.
- `cards/`: de precieze tekst van elke editie, zoals die geteld is.
- `codebook.md` en `datapackage.json`: elke kolom met betekenis, waarden en bescherming.
- `checksums.txt`: controleer met `sha256sum -c checksums.txt`.

## Zo lees je de getallen
- `choice` en `choice_by_gemeente` zijn exact, zoals op de site: altijd een som van hele groepen.
- Andere cellen zijn `0`, `<{rounding}` of afgerond op {rounding}.
  `n_low` en `n_high` zeggen wat een cel kan betekenen.
- `0-4` of `0-9`: in zo’n tabel zou een kleine cel te berekenen zijn; daarom is hij als geheel grover.
  Is ook dat niet genoeg, dan ontbreekt de tabel voor dat dilemma.
- “niet apart”: zo weinig mensen gaven deze waarde, dat ze bij “niet vermeld” zijn geteld.
- Losse gegevens zoals doorslag worden apart geteld. Tel dus geen cellen op om een totaal te krijgen:
  dat staat in `choice`.
- Een uitgave verandert nooit. Een volgende krijgt een nieuw nummer.
"""

_CITATION = """cff-version: 1.2.0
message: "Gebruik je deze gegevens, verwijs dan zo."
type: dataset
title: "Kopkrakers: getelde keuzes bij dilemma’s van klantmanagers, {words}"
version: "{number}"
date-released: {day}
authors:
  - name: "Kopkrakers"
"""
