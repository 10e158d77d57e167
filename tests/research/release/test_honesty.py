"""What the codebook says of its own figures: measured under the rules of now, the ceiling too."""

import json
from pathlib import Path
from typing import Any

from kopkrakers.demo.simulation.measures import PoolRow, ReasonRow, WaitRow
from kopkrakers.demo.simulation.report import MEASURED_RULES, RunMeasures, as_markdown
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.rules import K_GEMEENTE
from kopkrakers.research.release.honesty import MEASURED, SIZES, bias_table, ceiling_table

TELLEN = Path(__file__).parents[3] / "docs/tellen.md"


def stored() -> dict[str, Any]:
    text: dict[str, Any] = json.loads(MEASURED.read_text())
    return text


def with_truth(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"truth": tuple(row["truth"])}


def test_figures_were_measured_under_the_rules_of_now() -> None:
    """After a change of a rule: run `kopkrakers simulate --bias --json` again and keep it there."""
    assert stored()["rules"] == MEASURED_RULES


def test_docs_and_codebook_tell_the_same_measurement() -> None:
    told = stored()
    measured = RunMeasures(
        seed=told["seed"],
        pools=tuple(PoolRow(**with_truth(row)) for row in told["pools"]),
        waits=tuple(WaitRow(**with_truth(row)) for row in told["waits"]),
        reasons=tuple(ReasonRow(**with_truth(row)) for row in told["reasons"]),
    )
    docs = set(TELLEN.read_text().splitlines())
    lines = [line for line in as_markdown(measured).splitlines() if line.startswith("|")]
    assert [line for line in lines if line not in docs] == []
    assert bias_table().count("\n") == len(told["pools"]) + 1


def test_the_ceiling_is_the_largest_share_that_the_rule_lets_through() -> None:
    told = ceiling_table().splitlines()[-1].strip("| ").split(" | ")[1:]
    for people, share in zip(SIZES, told, strict=True):
        largest = max(n for n in range(people) if safe({"a": n, "b": people - n}, K_GEMEENTE))
        assert share == f"{round(100 * largest / people)} %"
