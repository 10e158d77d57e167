"""What a dataset says of itself, written from `privacy.columns`: datapackage, codebook, README, citation."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from kopkrakers.privacy import rules
from kopkrakers.privacy.columns import NOT_APART, Column, Kind, TableSpec
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import ROUNDING
from kopkrakers.research.release.tables import DataTable

NO_TRACING = "Probeer niemand te herleiden, ook niet door bestanden te combineren. Meld het als je denkt dat het kan."
INVENTED = "**Alles in deze uitgave is verzonnen.** Ze komt uit een demo of een simulatie."
KINDS = {
    Kind.TEXT: "tekst",
    Kind.WHOLE: "geheel getal",
    Kind.DAY: "dag",
    Kind.YES_NO: "ja of nee (true, false)",
}
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
        parts = {
            "afgerond": self.rounded,
            f"onder de {ROUNDING}": self.below,
            "niet apart geteld": self.not_apart,
            "nul": self.rows - self.rounded - self.below - self.not_apart,
        }
        return (
            f"{self.rows} cellen: " + ", ".join(f"{n} {how}" for how, n in parts.items() if n) + "."
        )


def summary_of(table: DataTable) -> Summary:
    """Count the cells of a table by how they are protected."""
    rows = list(table.rows)
    cells = [row[table.spec.names.index("n")] for row in rows] if table.spec.rounded else []
    apart = sum(cell == NOT_APART for cell in cells)
    zeros = sum(cell == "0" for cell in cells)
    highest = [bounds(str(cell))[1] for cell in cells if cell not in (NOT_APART, "0")]
    below = sum(high < ROUNDING for high in highest)
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
        schema["foreignKeys"] = [
            {"fields": both, "reference": {"resource": "dilemmas", "fields": both}}
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.id,
        "type": column.kind.value,
        "description": column.meaning,
    }
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
    parts = [_CODEBOOK.format(words=name.in_words)]
    for spec in specs:
        parts.append(
            f"## {spec.id}: {spec.title}\n\n{spec.about}\n\nSleutel: {', '.join(spec.key)}.\n"
        )
        parts.extend(_column_text(column) for column in spec.columns)
    return "\n".join(parts)


def _column_text(column: Column) -> str:
    lines = [
        f"### {column.id}\n",
        f"- Betekenis: {column.meaning}",
        f"- Soort: {KINDS[column.kind]}",
    ]
    if column.question:
        lines.append(f"- Vraag: “{column.question}”")
    if column.values:
        lines.append(
            "- Waarden: "
            + "; ".join(f"`{code}` = {label}" for code, label in column.values.items())
        )
    if column.may_be_empty:
        lines.append("- Mag leeg zijn.")
    lines.append(f"- Bescherming: {column.protection}\n")
    return "\n".join(lines)


def readme(name: ReleaseName, tables: Sequence[DataTable], *, invented: bool) -> str:
    """What is in the dataset and how to read it; first of all whether it is of a demo."""
    lines = "\n".join(
        f"- `{table.spec.id}`: {table.spec.title}. {line_under(table)}" for table in tables
    )
    title = f"Kopkrakers, {name.in_words}" + (f"\n\n{INVENTED}" if invented else "")
    numbers = {
        "gemeente": rules.K_GEMEENTE,
        "land": rules.K_NATIONAL,
        "margin": rules.MARGIN,
        "attribute": rules.K_ATTRIBUTE,
        "days": rules.KEY_DAYS,
        "rounding": ROUNDING,
    }
    return _README.format(
        title=title, tables=lines, promise=NO_TRACING, words=name.in_words, **numbers
    )


def citation(name: ReleaseName) -> str:
    """A Citation File Format file."""
    return _CITATION.format(number=name.number, day=name.first_day.isoformat(), words=name.in_words)


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=2) + "\n"


_CODEBOOK = """# Codeboek, {words}

Elke tabel met haar kolommen. Bij elke kolom staat hoe zij mensen beschermt, en welke vraag mensen kregen.
Hoe je de getallen leest, wie antwoordden en wat je niet kunt concluderen, staat in README.md.
"""
_README = """# {title}

Opgetelde keuzes van klantmanagers bij dilemma’s uit hun werk. Er staat geen enkel los antwoord in, geen vrije
tekst, geen moment en niets dat twee dilemma’s van één mens verbindt.

## Afspraak
Er is geen open licentie. Wie deze gegevens gebruikt, houdt zich hieraan:

- {promise}
- Deel een bestand alleen met wie hetzelfde belooft.
- Publiceer je iets? Noem dan de uitgave, en dat cellen zijn afgerond.

## Wie antwoordden
- Mensen die de Participatiewet uitvoeren, in gemeenten die meedoen. Ze zijn uitgenodigd of kwamen binnen met hun
  werkadres. Meedoen is vrijwillig. Het is geen steekproef: niemand is geloot.
- Iedereen antwoordt hoogstens één keer per editie, zonder de cijfers van anderen te hebben gezien.
- `response` zegt hoeveel mensen zijn uitgenodigd en meedoen, voor alles samen. Hoeveel mensen één dilemma zagen,
  weten we niet. Een respons per dilemma kun je dus niet uitrekenen.
- Een groep telt pas mee vanaf {gemeente} mensen uit een gemeente of {land} uit het land, en alleen als minstens
  {margin} van hen iets anders kozen dan de meesten. Wat bij het sluiten van een editie nog wacht, wordt vernietigd
  (`part_not_counted`). Groepen die het bijna eens zijn, tellen dus minder vaak mee: mensen kunnen in het echt
  meer op één lijn zitten dan deze cijfers laten zien.

## Tabellen
{tables}

## Bestanden
- `csv/`: UTF-8, komma als scheiding, tekst tussen aanhalingstekens. Begint een tekst met
  = + - of @, dan staat er een ' voor: zo maakt een rekenblad er geen formule van.
- `parquet/`: dezelfde rijen, voor polars, R (arrow) en DuckDB.
- `spss/`: dezelfde rijen, met labels. R leest ze met haven.
- `cards/`: de precieze tekst van elke editie, zoals die geteld is: `cards/dilemma.editie.md`.
- `codebook.md` en `datapackage.json`: elke kolom met betekenis, waarden en bescherming.
- `checksums.txt`: controleer met `sha256sum -c checksums.txt`.

## Zo lees je de getallen
- `choice` en `choice_by_gemeente` zijn exact, zoals op de site: altijd een som van hele groepen.
- Andere cellen zijn `0`, `<{rounding}` of afgerond op {rounding}. Reken met `n_low` en `n_high`: daartussen ligt
  het echte aantal.
- `0-4` of `0-9`: in zo’n tabel zou een kleine cel te berekenen zijn; daarom is hij als geheel grover.
  Is ook dat niet genoeg, of zou hij samen met een eerdere uitgave te veel zeggen, dan staat hij er nog eens zoals
  in die uitgave. Was er geen eerdere, dan ontbreekt de tabel voor dat dilemma.
- Losse gegevens, zoals de doorslag, wachten elk in een eigen bus en tellen vanaf {attribute} tegelijk. Wat na
  {days} dagen nog wacht, wordt vernietigd. Zo’n tabel gaat dus over minder antwoorden dan `choice`: vergelijk
  aandelen binnen één tabel, en haal totalen uit `choice`. Twee losse gegevens samen, zoals doorslag en ervaring,
  zijn er niet.
- “niet apart”: zo weinig mensen gaven deze waarde, dat ze bij “niet” zijn geteld. Dat gebeurt per telling. Ook van
  een waarde die er wel staat, kunnen nog mensen bij “niet” zitten: lees elke cel als ‘minstens zoveel’.

## Ontbrekende waarden
- `n_low` en `n_high` zijn leeg als de cel “niet apart” is, `line` en `leans_on` als de kaart ze niet heeft.
  Verder ontbreekt er niets.
- Leeg is in Parquet null, in SPSS system missing (bij tekst: een lege tekst), in CSV niets tussen twee komma’s.
  R en polars zien dat zelf.
- Een dilemma dat in een tabel geen rijen heeft, is nog niet geteld, of zou te veel zeggen.

## Wegen en rekenen
- Er zijn geen gewichten: elk antwoord telt één keer. `n` is een aantal, dus in SPSS begin je met `WEIGHT BY n`
  (alleen bij `choice` en `choice_by_gemeente`), in R met `xtabs(n ~ …)`.
- Dezelfde mensen antwoordden op meer dilemma’s. Dilemma’s zijn dus niet onafhankelijk van elkaar; een toets die
  antwoorden van dilemma’s op één hoop gooit, vindt te snel een verschil.
- Werkwijze A van het ene dilemma heeft niets met A van het andere te maken. Vergelijk met `leans_on` uit `options`.

## Wat je niet kunt concluderen
- Niet wat alle klantmanagers van Nederland kiezen, en niet wat mensen in hun werk echt doen.
- Niet dat een gemeente, werkwijze of keuze beter is: er is geen goed antwoord.
- Geen oorzaak. Wie zekerder was en anders koos, koos misschien niet anders doordat hij zekerder was.
- Niets over één mens of één team, en niet hoe iemand in de tijd veranderde. Op een nieuwe editie antwoorden soms
  andere mensen.

## Verwijzen
Kopkrakers. Getelde keuzes bij dilemma’s van klantmanagers, {words} [dataset].

`CITATION.cff` zegt hetzelfde voor programma’s, met de eerste dag van de maand: een uitgave kent geen dag.
Een uitgave verandert nooit. Een volgende krijgt een nieuw nummer, en kan meer antwoorden op dezelfde editie hebben.
"""

_CITATION = """cff-version: 1.2.0
message: "Gebruik je deze gegevens, verwijs dan zo."
type: dataset
title: "Kopkrakers: getelde keuzes bij dilemma’s van klantmanagers, {words}"
version: "{number}"
# Een uitgave kent geen dag, alleen een maand: dit is de eerste van de maand.
date-released: {day}
authors:
  - name: "Kopkrakers"
"""
