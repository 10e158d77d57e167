"""The measured tables as Markdown and as JSON, with the goals beside them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from kopkrakers.demo.simulation.measures import PoolRow, ReasonRow, WaitRow
from kopkrakers.demo.simulation.worlds import NATIONAL, Truth
from kopkrakers.privacy.rules import (
    K_ATTRIBUTE,
    K_GEMEENTE,
    K_NATIONAL,
    MARGIN,
    NIGHTS,
    TOP_SHARE,
)
from kopkrakers.research.release.honesty import (
    NONE,
    markdown_table,
    one_decimal,
    percent_cell,
    points_cell,
)

MEASURED_RULES = {
    "gemeente": K_GEMEENTE,
    "national": K_NATIONAL,
    "margin": MARGIN,
    "top": TOP_SHARE,
    "nights": NIGHTS,
    "attribute": K_ATTRIBUTE,
}
"""The rules on which all figures here depend."""


@dataclass(frozen=True)
class RunMeasures:
    """All that one run measured."""

    seed: int
    pools: tuple[PoolRow, ...]
    waits: tuple[WaitRow, ...]
    reasons: tuple[ReasonRow, ...]


@dataclass(frozen=True)
class Goal:
    """A goal with the worst that was measured for it. `reached` is None where nothing was."""

    text: str
    measured: str
    reached: bool | None


def as_json(measured: RunMeasures) -> str:
    """Return everything with the goals, and the rules by which was counted, as JSON."""
    goals = list(map(asdict, goals_of(measured)))
    whole = asdict(measured) | {"goals": goals, "rules": MEASURED_RULES}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def as_markdown(measured: RunMeasures) -> str:
    """Return the tables in Dutch, for docs and codebook."""
    parts = [
        "### Wat een gemeente of regio ziet, en het land",
        markdown_table(POOL_HEAD, list(map(_pool_cells, measured.pools))),
        "### Hoe lang mensen op een cijfer wachten",
        markdown_table(WAIT_HEAD, list(map(_wait_cells, measured.waits))),
        "### Losse gegevens",
        markdown_table(REASON_HEAD, list(map(_reason_cells, measured.reasons))),
        "### De doelen",
        markdown_table(GOAL_HEAD, list(map(_goal_cells, goals_of(measured)))),
    ]
    return "\n\n".join(parts) + "\n"


def goals_of(measured: RunMeasures) -> list[Goal]:
    """Return the goals, each with what was measured."""
    small, larger, national = [], [], []
    for row in measured.pools:
        if row.pool == NATIONAL:
            national.append(row)
        elif row.people >= 60:
            larger.append(row)
        elif row.people >= 30:
            small.append(row)
    return [
        _bias_goal(
            "gemeente of regio van 30 mensen, tot 80 %: hoogstens 2 punten", _clear(small), 2
        ),
        _bias_goal("gemeente vanaf 60 mensen, tot 80 %: hoogstens 1,5 punt", _clear(larger), 1.5),
        _bias_goal("het land: hoogstens 0,5 punt", national, 0.5),
        _topped_goal("“ruim 80 %” waar het hoort, 30 mensen: minstens 80 %", small, 0.8),
        _topped_goal("“ruim 80 %” waar het hoort, vanaf 60 mensen: minstens 90 %", larger, 0.9),
        _same_day_goal(measured.waits),
        _reason_goal(measured.reasons),
    ]


def _clear(rows: Iterable[PoolRow]) -> list[PoolRow]:
    return [row for row in rows if row.truth[0] <= TOP_SHARE]


def _bias_goal(text: str, rows: Sequence[PoolRow], points: float) -> Goal:
    biases = []
    for row in rows:
        if row.bias is not None:
            biases.append(abs(row.bias))
    return _at_most(text, biases, points)


def _topped_goal(text: str, rows: Sequence[PoolRow], part: float) -> Goal:
    topped = []
    for row in rows:
        if row.topped is not None and row.truth[0] > TOP_SHARE:
            topped.append(row.topped)
    return _at_least(text, topped, part)


def _same_day_goal(rows: Iterable[WaitRow]) -> Goal:
    text = "bij 60 % en 75 % ziet driekwart dezelfde werkdag een cijfer"
    parts = []
    for row in rows:
        if row.truth[0] <= TOP_SHARE and row.pool != NATIONAL:
            parts.append(row.same_day)
    return _at_least(text, parts, 0.75)


def _reason_goal(rows: Iterable[ReasonRow]) -> Goal:
    text = "losse gegevens vanaf 400 antwoorden: hoogstens 3 punten"
    biases = []
    for row in rows:
        if row.bias is not None and row.people >= 400:
            biases.append(abs(row.bias))
    return _at_most(text, biases, 3)


def _at_most(text: str, found: Sequence[float], points: float) -> Goal:
    if not found:
        return Goal(text, NONE, None)
    worst = max(found)
    return Goal(text, f"{one_decimal(worst)} punten", worst <= points)


def _at_least(text: str, found: Sequence[float], part: float) -> Goal:
    if not found:
        return Goal(text, NONE, None)
    worst = min(found)
    return Goal(text, percent_cell(worst), worst >= part)


POOL_HEAD = (
    "waarheid", "mensen", "keer", "cijfer te zien", "geteld", "aandeel in alle antwoorden",
    "aandeel geteld", "afwijking", "“ruim 80 %”", "waar het hoort",
)  # fmt: skip
WAIT_HEAD = (
    "waarheid", "mensen", "meteen", "dezelfde werkdag", "nooit", "uren (midden van wie wacht)",
)  # fmt: skip
REASON_HEAD = (
    "waarheid", "antwoorden", "keer", "in alle antwoorden", "gelezen", "afwijking", "niet apart",
)  # fmt: skip
GOAL_HEAD = ("doel", "gemeten", "gehaald")


def _pool_cells(row: PoolRow) -> list[str]:
    return [
        _truth(row.truth),
        row.pool,
        str(row.dilemmas),
        percent_cell(row.shown),
        percent_cell(row.counted),
        _share(row.answered),
        _share(row.share),
        points_cell(row.bias, row.error),
        percent_cell(row.topped),
        percent_cell(row.rightly),
    ]


def _wait_cells(row: WaitRow) -> list[str]:
    if row.hours is None:
        hours = NONE
    else:
        hours = one_decimal(row.hours)
    return [
        _truth(row.truth),
        row.pool,
        percent_cell(row.at_once),
        percent_cell(row.same_day),
        percent_cell(row.never),
        hours,
    ]


def _reason_cells(row: ReasonRow) -> list[str]:
    return [
        _truth(row.truth),
        str(row.people),
        str(row.dilemmas),
        _share(row.answered),
        _share(row.share),
        points_cell(row.bias, row.error),
        percent_cell(row.not_apart),
    ]


def _goal_cells(goal: Goal) -> list[str]:
    reached = {True: "ja", False: "nee", None: NONE}[goal.reached]
    return [goal.text, goal.measured, reached]


def _truth(truth: Truth) -> str:
    return "/".join(map(str, truth))


def _share(share: float | None) -> str:
    if share is None:
        return NONE
    return f"{one_decimal(100 * share)} %"
