"""Distance of figures from the truth, for the codebook: measured, and the ceiling by the rules."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kopkrakers.base.dutch import number
from kopkrakers.privacy.rules import K_GEMEENTE, MARGIN

MEASURED = Path(__file__).with_name("texts") / "bias.json"
"""Written by `kopkrakers simulate --bias --json`; a test holds its rules against those of now."""
SIZES = (K_GEMEENTE, 15, 20, 30, 60, 120)
"""People in a bundle of whom the ceiling is told."""
NONE = "–"
"""A cell without a figure."""
HEAD = ("waarheid", "mensen", "cijfer te zien", "geteld", "afwijking", "“ruim”")


def bias_table() -> str:
    """Return the measured figures of pools and of the country as a table in Markdown."""
    rows = json.loads(MEASURED.read_text(encoding="utf-8"))["pools"]
    return markdown_table(HEAD, list(map(_bias_cells, rows)))


def ceiling_table() -> str:
    """Return the largest share that bundles of some sizes can have."""
    head = ("mensen in een bundel", *map(str, SIZES))
    shares = []
    for people in SIZES:
        shares.append(f"{round(100 * (people - MARGIN) / people)} %")
    return markdown_table(head, [("hoogste aandeel", *shares)])


def _bias_cells(row: dict[str, Any]) -> Sequence[str]:
    truth = "/".join(map(str, row["truth"]))
    # no pool of this size showed a figure: there is nothing that could be biased
    points = None
    if row["share"] is not None:
        points = 100 * (row["share"] - row["answered"])
    return (
        truth,
        row["pool"],
        percent_cell(row["shown"]),
        percent_cell(row["counted"]),
        points_cell(points, row["error"]),
        percent_cell(row["topped"]),
    )


def points_cell(points: float | None, error: float | None) -> str:
    """Return a difference in percentage points with its standard error, a part of 1."""
    if points is None:
        return NONE
    words = one_decimal(points)
    # a minus is part of the number; a plus has to be written
    if round(points, 1) > 0:
        words = f"+{words}"
    if error is not None:
        words += f" ± {one_decimal(100 * error)}"
    return words


def percent_cell(part: float | None) -> str:
    """Return a part of 1 in whole percents."""
    if part is None:
        return NONE
    return f"{number(round(100 * part))} %"


def one_decimal(value: float) -> str:
    """Return a number with at most one decimal."""
    # not a minus before what rounds to nothing
    return number(round(value, 1) or 0)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = []
    for cells in (head, ["---"] * len(head), *rows):
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
