"""The texts of a dataset, from `privacy.columns`: datapackage, codebook, README, citation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date

from kopkrakers.privacy import rules
from kopkrakers.privacy.columns import NOT_APART
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.release.honesty import bias_table, ceiling_table
from kopkrakers.research.release.tables import DataTable

NO_TRACING = (
    "Probeer niemand te herleiden, ook niet door bestanden te combineren. "
    "Meld het als je denkt dat het kan."
)
INVENTED = "**Alles in deze uitgave is verzonnen.** Ze komt uit een demo of een simulatie."
KINDS = {
    ColumnKind.TEXT: "tekst",
    ColumnKind.WHOLE: "geheel getal",
    ColumnKind.DAY: "dag",
    ColumnKind.YES_NO: "ja of nee (true, false)",
}
TEXTS = Path(__file__).with_name("texts")
SHIFT_COMES = "Komt zodra er intervisies geteld zijn."


@dataclass(frozen=True)
class ReleaseName:
    """The number of a release and its month (`2026-11`)."""

    number: int
    month: str

    @property
    def first_day(self) -> date:
        """Return the first day of its month; a release knows nothing finer."""
        return date.fromisoformat(f"{self.month}-01")

    @property
    def in_words(self) -> str:
        """Return words such as `uitgave 4, november 2026`."""
        return f"uitgave {self.number}, {format_date(self.first_day, 'MMMM y', locale='nl')}"


@dataclass(frozen=True)
class Summary:
    """The numbers of rows and of protected cells of a table."""

    rows: int
    rounded: int
    below: int
    not_apart: int

    @property
    def in_words(self) -> str:
        """Return the line under a table."""
        if not self.rows:
            return "Nog geen regels."
        if not (self.rounded or self.below or self.not_apart):
            return f"{self.rows} regels."
        parts = {
            "afgerond": self.rounded,
            f"onder de {ROUNDING}": self.below,
            "niet apart geteld": self.not_apart,
            "nul": self.rows - self.rounded - self.below - self.not_apart,
        }
        counted = [f"{n} {kind}" for kind, n in parts.items() if n]
        return f"{self.rows} cellen: {', '.join(counted)}."


def summary_of(table: DataTable) -> Summary:
    """Return how many cells of a table are protected in which way."""
    rows = list(table.rows)
    rounded = below = not_apart = 0
    if not table.spec.rounded:
        return Summary(len(rows), rounded, below, not_apart)
    place = table.spec.names.index("n")
    for row in rows:
        cell = row[place]
        if cell == NOT_APART:
            not_apart += 1
        elif cell != "0":
            _, highest = bounds(str(cell))
            if highest < ROUNDING:
                below += 1
            else:
                rounded += 1
    return Summary(len(rows), rounded, below, not_apart)


def line_under(table: DataTable) -> str:
    """Return how much a table holds, in words."""
    summary = summary_of(table)
    if table.spec.id == "shift" and not summary.rows:
        return SHIFT_COMES
    return summary.in_words


def datapackage(name: ReleaseName, specs: Sequence[TableSpec]) -> str:
    """Return a Frictionless data package of the CSV files."""
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
    """Return the Table Schema of one table."""
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in spec.columns],
        "missingValues": [""],
        "primaryKey": list(spec.key),
    }
    if "dilemma" in spec.names and spec.id != "dilemmas":
        both = ["dilemma", "edition"]
        schema["foreignKeys"] = [
            {"fields": both, "reference": {"resource": "dilemmas", "fields": both}}
        ]
    return schema


def _field(column: ColumnSpec) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.id,
        "type": column.kind.value,
        "description": column.meaning,
        "protection": column.protection,
    }
    constraints: dict[str, Any] = {}
    if not column.may_be_empty:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
        field["valueLabels"] = dict(column.values)
    if constraints:
        field["constraints"] = constraints
    if column.question:
        field["question"] = column.question
    return field


def codebook(name: ReleaseName, specs: Sequence[TableSpec]) -> str:
    """Return every table and column in Dutch: meaning, values, protection, question asked."""
    start = {
        "words": name.in_words,
        "top": rules.TOP_SHARE,
        "margin": rules.MARGIN,
        "bias": bias_table(),
        "ceiling": ceiling_table(),
    }
    parts = [_text("codebook").format(**start)]
    for spec in specs:
        parts.append(
            f"## {spec.id}: {spec.title}\n\n{spec.about}\n\nSleutel: {', '.join(spec.key)}.\n"
        )
        parts.extend(_column_text(column) for column in spec.columns)
    return "\n".join(parts)


def _column_text(column: ColumnSpec) -> str:
    lines = [
        f"### {column.id}\n",
        f"- Betekenis: {column.meaning}",
        f"- Soort: {KINDS[column.kind]}",
    ]
    if column.question:
        lines.append(f"- Vraag: “{column.question}”")
    if column.values:
        values = [f"`{code}` = {label}" for code, label in column.values.items()]
        lines.append(f"- Waarden: {'; '.join(values)}")
    if column.may_be_empty:
        lines.append("- Mag leeg zijn.")
    lines.append(f"- Bescherming: {column.protection}\n")
    return "\n".join(lines)


def readme(name: ReleaseName, tables: Sequence[DataTable], *, invented: bool) -> str:
    """Return the README: what the dataset holds and how to read it, and whether it is invented."""
    lines = "\n".join(
        f"- `{table.spec.id}`: {table.spec.title}. {line_under(table)}" for table in tables
    )
    title = f"Kopkrakers, {name.in_words}"
    if invented:
        title += f"\n\n{INVENTED}"
    numbers = {
        "gemeente": rules.K_GEMEENTE,
        "land": rules.K_NATIONAL,
        "margin": rules.MARGIN,
        "attribute": rules.K_ATTRIBUTE,
        "attribute_late": rules.K_ATTRIBUTE_LATE,
        "late_days": rules.LATE_DAYS,
        "days": rules.KEY_DAYS,
        "rounding": ROUNDING,
        "top": rules.TOP_SHARE,
        "step": rules.COARSE_STEP,
    }
    return _text("readme").format(
        title=title, tables=lines, promise=NO_TRACING, words=name.in_words, **numbers
    )


def citation(name: ReleaseName) -> str:
    """Return a Citation File Format file."""
    return _text("citation").format(
        number=name.number, day=name.first_day.isoformat(), words=name.in_words
    )


def _text(name: str) -> str:
    """Return a text of the dataset, with names in braces where numbers and words go."""
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=2) + "\n"
