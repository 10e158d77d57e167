"""The texts of a dataset, from `privacy.columns`: codebook, README, agreement, citation."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kopkrakers.privacy import columns, rules
from kopkrakers.privacy.column_parts import NOT_APART, SAID_NOTHING
from kopkrakers.privacy.labels import CONSIDERATION_LINES, CONSIDERATIONS
from kopkrakers.privacy.pooled_columns import VALUE_TOTALS
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.privacy.specs import ColumnKind, ColumnSpec, TableSpec
from kopkrakers.research.identity import AGREED, KEYWORDS, Identity
from kopkrakers.research.metadata.datapackage import NO_TRACING
from kopkrakers.research.release.honesty import bias_table, ceiling_table
from kopkrakers.research.rows import DataTable, Row, by_id

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
        counted = []
        for kind, n in parts.items():
            if n:
                counted.append(f"{n} {kind}")
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
    if "shift" in table.spec.id and not summary.rows:
        return SHIFT_COMES
    return summary.in_words


def codebook(identity: Identity, specs: Sequence[TableSpec]) -> str:
    """Return every table and column in Dutch: meaning, values, protection, question asked."""
    mark = ""
    if identity.invented:
        mark = f"\n{INVENTED}\n"
    start = {
        "words": identity.name.in_words,
        "mark": mark,
        "address": identity.origin.address,
        "urn": identity.urn,
        "top": rules.TOP_SHARE,
        "margin": rules.MARGIN,
        "bias": bias_table(),
        "ceiling": ceiling_table(),
        "tables": "\n".join(f"- `{spec.id}`: {spec.title}" for spec in specs),
    }
    parts = [text_of("codebook").format(**start)]
    for spec in specs:
        parts.append(
            f"## {spec.id}: {spec.title}\n\n{spec.about}\n\nSleutel: {', '.join(spec.key)}.\n"
        )
        parts.extend(map(_column_text, spec.columns))
    return "\n".join(parts)


def _column_text(column: ColumnSpec) -> str:
    lines = [
        f"### {column.id}: {column.name}\n",
        f"- Betekenis: {column.meaning}",
        f"- Soort: {KINDS[column.kind]}",
    ]
    if column.question:
        lines.append(f"- Vraag: “{column.question}”")
    if column.values:
        values = []
        for code, label in column.values.items():
            values.append(f"`{code}` = {label}")
        lines.append(f"- Waarden: {'; '.join(values)}")
    if column.may_be_empty:
        lines.append("- Mag leeg zijn.")
    lines.append(f"- Bescherming: {column.protection}\n")
    return "\n".join(lines)


def readme(identity: Identity, tables: Sequence[DataTable]) -> str:
    """Return the README: what the dataset holds and how to read it, and whether it is invented."""
    lines = []
    for table in tables:
        lines.append(f"- `{table.spec.id}`: {table.spec.title}. {line_under(table)}")
    title = f"Kopkrakers, {identity.name.in_words}"
    if identity.invented:
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
    words = _identity_words(identity)
    words["flow"] = _flow(by_id(tables))
    considerations = []
    for code, name in CONSIDERATIONS.items():
        considerations.append(f"   - {name}: “{CONSIDERATION_LINES[code]}”")
    words["considerations"] = "\n".join(considerations)
    words["terms"] = text_of(f"terms_{identity.terms.access.lower()}").format(**words).strip()
    return text_of("readme").format(title=title, tables="\n".join(lines), **words, **numbers)


def _flow(tables: Mapping[str, DataTable]) -> str:
    """Return how many answers are left at each step from answer to cell, as a list in Markdown."""
    response = {measure: n for measure, n, *_ in tables[columns.RESPONSE.id].rows}
    counted = response["counted"]
    place = columns.CHOICE_BY_GEMEENTE.names.index("n")
    local = _sum(tables[columns.CHOICE_BY_GEMEENTE.id].rows, place)
    lines = [
        f"- Geteld voor het land: {counted}. Af: wie bij het sluiten nog wachtte.",
        f"- Daarvan met een aantal in `choice_by_gemeente`: {local}. Af: wie alleen voor het land "
        f"telde, en aantallen waar één werkwijze ruim {rules.TOP_SHARE} procent heeft.",
    ]
    sums = list(tables[VALUE_TOTALS.id].rows)
    attributes = VALUE_TOTALS.column("attribute").values
    for attribute, name in attributes.items():
        of_one = [row for row in sums if row[2] == attribute]
        apart = [row for row in of_one if row[3] != SAID_NOTHING]
        lines.append(
            f"- {name} geteld: {_between(of_one)}. Af: wat nog wacht, of vernietigd is. Met een "
            f"waarde apart: {_between(apart)}; de rest staat bij “{SAID_NOTHING}”."
        )
    return "\n".join(lines)


def _sum(rows: Iterable[Row], place: int) -> int:
    """Return the sum of a column of whole numbers, of which some are not told."""
    total = 0
    for row in rows:
        n = row[place]
        if isinstance(n, int):
            total += n
    return total


def _between(sums: Sequence[Row]) -> str:
    """Return between what their sum lies; the bounds of each stand behind its text."""
    low, high = _sum(sums, 5), _sum(sums, 6)
    if low == high:
        return str(low)
    return f"{low} tot {high}"


def terms(identity: Identity) -> str:
    """Return the terms on which a dataset is used."""
    if identity.terms == AGREED:
        return text_of("agreement").format(**_identity_words(identity))
    return text_of("license").format(**_identity_words(identity))


def _identity_words(identity: Identity) -> dict[str, str]:
    origin = identity.origin
    return {
        "words": identity.name.in_words,
        "full_title": identity.title,
        "publisher": origin.publisher,
        "address": origin.address,
        "page": identity.page,
        "citation": identity.citation,
        "contact": origin.contact.removeprefix("mailto:"),
        "license": identity.license,
        "urn": identity.urn,
        "instance": origin.instance.urn,
        "promise": NO_TRACING,
    }


def citation(identity: Identity) -> str:
    """Return a Citation File Format file."""
    origin = identity.origin
    # a text of JSON is a text of YAML too, whatever sign an operator gave a name
    quoted = {
        "title": json.dumps(identity.title, ensure_ascii=False),
        "publisher": json.dumps(origin.publisher, ensure_ascii=False),
        "address": json.dumps(origin.address),
        "page": json.dumps(identity.page),
        "urn": json.dumps(identity.urn),
        "terms": identity.terms.file,
        "keywords": "\n".join(f'  - "{word}"' for word in KEYWORDS),
    }
    return text_of("citation").format(
        number=identity.name.number, day=identity.name.first_day.isoformat(), **quoted
    )


def text_of(name: str) -> str:
    """Return a text of the dataset, with names in braces where numbers and words go."""
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
