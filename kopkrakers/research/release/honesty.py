"""How far figures lie from the truth, for the codebook: measured, and the ceiling by the rules."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kopkrakers.base.dutch import number
from kopkrakers.privacy.rules import K_GEMEENTE, MARGIN

MEASURED = Path(__file__).with_name("texts") / "bias.json"
"""What `kopkrakers simulate --bias --json` wrote; a test holds its rules against those of now."""
SIZES = (K_GEMEENTE, 15, 20, 30, 60, 120)
"""People in a bundle of whom the ceiling is told."""
HEAD = ("waarheid", "mensen", "cijfer te zien", "geteld", "afwijking", "“ruim”")


def bias_table() -> str:
    """Return the measured figures of pools and of the country as a table in Markdown."""
    rows = json.loads(MEASURED.read_text(encoding="utf-8"))["pools"]
    return _table(HEAD, [_bias_cells(row) for row in rows])


def ceiling_table() -> str:
    """Return the largest share that bundles of some sizes can have."""
    head = ("mensen in een bundel", *[str(people) for people in SIZES])
    shares = [f"{round(100 * (people - MARGIN) / people)} %" for people in SIZES]
    return _table(head, [("hoogste aandeel", *shares)])


def _bias_cells(row: dict[str, Any]) -> Sequence[str]:
    truth = "/".join(str(part) for part in row["truth"])
    return (
        truth,
        row["pool"],
        _percent(row["shown"]),
        _percent(row["counted"]),
        _bias(row),
        _percent(row["topped"]),
    )


def _bias(row: dict[str, Any]) -> str:
    if row["share"] is None:
        return "–"
    points = round(100 * (row["share"] - row["answered"]), 1) or 0
    spread = "" if row["error"] is None else f" ± {number(round(100 * row['error'], 1) or 0)}"
    return f"{'+' if points > 0 else ''}{number(points)}{spread}"


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{number(round(100 * part))} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
