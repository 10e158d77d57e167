"""The quality of a release on one page: coverage, bias, what is missing, when figures come."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kopkrakers.base.dutch import listed
from kopkrakers.privacy import card_columns, columns, rules
from kopkrakers.privacy.column_parts import NOT_APART
from kopkrakers.research.identity import Identity
from kopkrakers.research.release.describe import INVENTED, text_of
from kopkrakers.research.release.honesty import (
    MEASURED,
    NONE,
    markdown_table,
    percent_cell,
    points_cell,
)
from kopkrakers.research.rows import DataTable, by_id

FILE = "KWALITEIT.md"
PARTS = (
    (0.1, "een enkele"),
    (0.25, "minder dan een kwart"),
    (0.5, "minder dan de helft"),
    (0.9, "meer dan de helft"),
)
"""A part of all in words, by the number that it stays under."""

SIZES = (("30", "30 mensen"), ("60", "60"), ("250", "250"), ("land", "het land"))
"""The pools of which the bias is told here; the codebook has all."""


def quality(identity: Identity, tables: Sequence[DataTable]) -> str:
    """Return the quality report, made of what the tables tell and of nothing else.

    Two releases with the same rows have the same report: so it tells of no table that was kept back
    that it was, and of no small number what it is.
    """
    known = by_id(tables)
    mark = ""
    if identity.invented:
        mark = f"\n{INVENTED}\n"
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    share = (rules.K_GEMEENTE - rules.MARGIN) / rules.K_GEMEENTE
    numbers = {
        "margin": rules.MARGIN,
        "pools": rules.K_GEMEENTE,
        "ceiling": percent_cell(share),
        "gemeente": rules.K_GEMEENTE,
        "land": rules.K_NATIONAL,
        "attribute": rules.K_ATTRIBUTE,
        "attribute_late": rules.K_ATTRIBUTE_LATE,
        "late_days": rules.LATE_DAYS,
        "days": rules.KEY_DAYS,
        "top": rules.TOP_SHARE,
        "rounding": rules.ROUNDING,
    }
    return text_of("quality").format(
        title=identity.title,
        mark=mark,
        coverage=listed(_coverage(known)),
        bias=_bias_table(measured["pools"]),
        reasons=_reasons_table(measured["reasons"]),
        missing="\n".join(_missing(known)),
        not_counted=_not_counted(known[card_columns.DILEMMAS.id]),
        contact=identity.origin.contact.removeprefix("mailto:"),
        **numbers,
    )


def part_in_words(part: int, whole: int) -> str:
    """Return a part of all in coarse words."""
    if part == 0 or whole == 0:
        return "geen"
    if part == whole:
        return "alle"
    for limit, words in PARTS:
        if part < limit * whole:
            return words
    return "bijna alle"


def _coverage(known: Mapping[str, DataTable]) -> Iterator[str]:
    words = columns.RESPONSE.columns[0].values
    for measure, text, *_ in known[columns.RESPONSE.id].rows:
        yield f"{words[str(measure)]}: {_about(str(text))}."
    places = {row[2] for row in known[columns.CHOICE_BY_GEMEENTE.id].rows}
    yield (
        f"Gemeenten en regio’s met eigen cijfers: {len(places)}. "
        "De andere tellen alleen voor het land, of zijn er niet."
    )
    editions = len(known[card_columns.DILEMMAS.id].parts)
    counted = len(known[columns.CHOICE.id].parts)
    yield f"Dilemma’s en stellingen: {editions}, waarvan {counted} met cijfers."


def _about(text: str) -> str:
    """Return a protected number in words: it is rounded, or it is small."""
    if text == "0":
        return "niemand"
    if text.startswith("<"):
        return f"minder dan {rules.ROUNDING}"
    return f"ongeveer {text}"


def _missing(known: Mapping[str, DataTable]) -> Iterator[str]:
    """Yield a line for each table of figures about dilemmas."""
    editions = len(known[card_columns.DILEMMAS.id].parts)
    for spec in columns.TABLES:
        if "n" not in spec.names or spec is columns.RESPONSE:
            continue
        table = known[spec.id]
        place = spec.names.index("n")
        cells = coarse = apart = 0
        for row in table.rows:
            cells += 1
            # a number that may not be told at all is the coarsest of all
            if row[place] is None or "-" in str(row[place]):
                coarse += 1
            elif row[place] == NOT_APART:
                apart += 1
        told = f"{len(table.parts)} van {editions}" if spec.of_dilemmas else "samen"
        if not cells:
            told = "geen"
        words = (part_in_words(coarse, cells), part_in_words(apart, cells))
        yield f"| `{spec.id}` | {told} | {words[0]} | {words[1]} |"


def _not_counted(dilemmas: DataTable) -> str:
    place = card_columns.DILEMMAS.names.index("part_not_counted")
    left = sum(bool(row[place]) for row in dilemmas.rows)
    if not left:
        return "Bij geen gesloten dilemma bleven antwoorden over die niet veilig te tellen waren."
    return (
        f"Dilemma’s waar bij het sluiten antwoorden overbleven die niet veilig te tellen waren: "
        f"{left}. Hoeveel antwoorden dat waren, is niet bewaard."
    )


def _bias_table(measured: Sequence[Mapping[str, Any]]) -> str:
    """Return a row for each truth, with the pools of some sizes across."""
    across: dict[str, dict[str, str]] = {}
    for one in measured:
        points = None
        if one["share"] is not None:
            points = 100 * (one["share"] - one["answered"])
        truth = "/".join(map(str, one["truth"]))
        across.setdefault(truth, {})[one["pool"]] = points_cell(points, one["error"])
    head = ("waarheid", *[words for _, words in SIZES])
    rows = []
    for truth, cells in across.items():
        rows.append((truth, *[cells.get(size, NONE) for size, _ in SIZES]))
    return markdown_table(head, rows)


def _reasons_table(measured: Sequence[Mapping[str, float]]) -> str:
    rows = []
    for one in measured:
        points = 100 * (one["share"] - one["answered"])
        rows.append(
            (
                percent_cell(one["answered"]),
                str(one["people"]),
                points_cell(points, one["error"]),
                percent_cell(one["not_apart"]),
            )
        )
    head = ("waarheid", "antwoorden", "afwijking", "bij “niet”")
    return markdown_table(head, rows)
