"""`kopkrakers simulate --bias`: by the real counter, repeatable, with the goals beside it."""

import json

import pytest
from click.testing import CliRunner

from kopkrakers.cli import main
from kopkrakers.demo.simulation.measures import PoolRow, ReasonRow, WaitRow
from kopkrakers.demo.simulation.report import RunMeasures, as_json, as_markdown, goals_of
from kopkrakers.demo.simulation.run import QUICK, measure
from kopkrakers.demo.simulation.worlds import NATIONAL, REGIO


@pytest.fixture(scope="module")
def measured() -> RunMeasures:
    return measure(QUICK, 7, lambda *_: None)


@pytest.mark.slow
def test_a_small_run_measures_every_part(measured: RunMeasures) -> None:
    assert {row.pool for row in measured.pools} == {"25", "30", REGIO, NATIONAL}
    assert {row.pool for row in measured.waits} == {"25", REGIO}
    assert {(row.people, row.truth) for row in measured.reasons} == {(200, (64, 22, 10, 4))}
    by_name = {(row.pool, row.truth[0]): row for row in measured.pools}
    for row in measured.pools:
        assert 0 <= row.counted <= 1
    assert by_name["30", 60].shown == 1
    assert by_name["30", 60].counted >= 0.5
    assert sum(json.loads(as_json(measured))["pools"][0]["truth"]) == 100


@pytest.mark.slow
def test_the_command_prints_the_same_of_the_same_seed(measured: RunMeasures) -> None:
    said = CliRunner().invoke(main, ["simulate", "--bias", "--quick", "--seed", "7"])
    assert said.exit_code == 0, said.output
    assert said.stdout.strip() == as_markdown(measured).strip()
    assert "| 60/28/12 | 30 |" in said.stdout and "### De doelen" in said.stdout


def test_without_a_folder_or_a_measure_the_command_says_what_it_needs() -> None:
    said = CliRunner().invoke(main, ["simulate"])
    assert said.exit_code == 2
    assert "Geef --data MAP" in said.output


def row(pool: str, people: int, truth: int, share: float | None) -> PoolRow:
    seen = None if share is None else float(share > 0.8)
    truths = (truth, 100 - truth)
    return PoolRow(pool, people, truths, 9, 1.0, 0.9, truth / 100, share, 0.01, seen, seen)


def test_a_goal_is_told_with_the_worst_that_was_measured() -> None:
    measured = RunMeasures(
        seed=1,
        pools=(
            row("30", 30, 60, 0.59),
            row("30", 30, 75, 0.72),
            row("30", 30, 90, 0.83),
            row("60", 60, 75, 0.74),
            row("120", 120, 97, None),
            row(NATIONAL, 500, 90, 0.896),
        ),
        waits=(WaitRow("30", 30, (75, 25), 0.2, 0.7, 0.1, 5.0),),
        reasons=(ReasonRow(400, (64, 36), 9, 0.64, 0.66, 0.01, 0.1),),
    )
    told = [(goal.measured, goal.reached) for goal in goals_of(measured)]
    assert told == [
        ("3 punten", False),
        ("1 punten", True),
        ("0,4 punten", True),
        ("100 %", True),
        ("–", None),
        ("70 %", False),
        ("2 punten", True),
    ]
    assert "| 97/3 | 120 | 9 | 100 % | 90 % | 97 % | – | – | – | – |" in as_markdown(measured)
