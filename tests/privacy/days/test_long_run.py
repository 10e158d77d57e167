"""Two hundred days in one gemeente: what a colleague with all figures can make of them.

The colleague notes every figure, knows who was at work on which day, and who came, left or changed
teams, and works out who usually chooses otherwise. People differ much in that here, which helps the
attack. It gives some points over naming the favourite, more than one (docs/privacy-bewijs.md, *What
is not proved*); the list of who was counted, as a database with rosters gives it, gives far more.
More runs: `KOPKRAKERS_TEST_SEED=1`, and `KOPKRAKERS_TEST_DAYS=1000`.
"""

import os
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from kopkrakers.base.db import Database
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL, MARGIN
from kopkrakers.tallies.models import NL
from tests.privacy.days.living import LongRun, Noted
from tests.support.polling import make_polling

PEOPLE = 24
DAYS = int(os.environ.get("KOPKRAKERS_TEST_DAYS", "200"))
SHORTER = 10
"""On PostgreSQL so many times fewer days: there it is written otherwise, and counted alike."""
SEED = int(os.environ.get("KOPKRAKERS_TEST_SEED", "3"))
KNOWN_GAIN = 3.0
"""Points over naming the favourite that this attack is known to give: the most of five seeds."""
HABITS_DIFFER, A_DAY_DIFFERS = 0.07, 2.5
"""The variance of the habits of people, and of the number who choose otherwise on a day."""
Numbers = npt.NDArray[np.float64]
Known = Callable[[Noted], Collection[int]]
"""Who may be among those who were counted, as far as an attacker knows."""


def live(database: Database, key_dir: Path, days: int) -> LongRun:
    run = LongRun.begin(make_polling(database, key_dir, people=PEOPLE), SEED)
    for happens in (run.come, run.leave, run.change_teams, run.restore, run.come, run.leave):
        run.live(days // 7)
        happens()
    run.live(days - 6 * (days // 7))
    run.tell()
    return run


def at_work(noted: Noted) -> Collection[int]:
    return noted.there


def counted(noted: Noted) -> Collection[int]:
    return noted.counted_here


def presence(run: LongRun, here: list[int], known: Known) -> tuple[Numbers, Numbers]:
    """A row per dilemma with figures: how likely each is among those counted; and the others."""
    rows, otherwise = [], []
    for noted in run.noted.values():
        if noted.told is not None:
            total, n = noted.told
            among = np.array([float(person in known(noted)) for person in here])
            rows.append(among * min(1.0, total / max(1.0, among.sum())))
            otherwise.append(n)
    return np.array(rows), np.array(otherwise, dtype=float)


def worked_out(rows: Numbers, otherwise: Numbers) -> Numbers:
    """Return how often each person chooses otherwise, by the attacker's best linear estimate."""
    usual = otherwise.sum() / rows.sum()
    doubt = A_DAY_DIFFERS / HABITS_DIFFER * np.eye(rows.shape[1])
    more = rows.T @ (otherwise - usual * rows.sum(1))
    found: Numbers = np.linalg.solve(rows.T @ rows + doubt, more)
    chances: Numbers = np.clip(usual + found, 0.03, 0.97)
    return chances


def number_spread(chances: Numbers) -> Numbers:
    """The chance of each number of people who choose otherwise."""
    spread = np.ones(1)
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    return spread


def gain(run: LongRun, here: list[int], known: Known) -> float:
    """By how many points more guesses are right than by naming the favourite."""
    rows, otherwise = presence(run, here, known)
    habits = worked_out(rows, otherwise)
    told = [noted for noted in run.noted.values() if noted.told is not None]
    more = guessed = 0
    for noted, row, n in zip(told, rows, otherwise.astype(int), strict=True):
        for place, person in enumerate(here):
            if person not in noted.chosen or not row[place]:
                continue
            others = number_spread(np.delete(row * habits, place))
            with_them = habits[place] * (others[n - 1] if n else 0)
            without = (1 - habits[place]) * (others[n] if n < len(others) else 0)
            guess = "b" if with_them > without else "a"
            more += int(guess == noted.chosen[person]) - int(noted.chosen[person] == "a")
            guessed += 1
    return 100 * more / guessed


def correlation(run: LongRun, here: list[int], known: Known) -> float:
    """The rank correlation of what was worked out with the habits as they are."""
    found = worked_out(*presence(run, here, known))
    truth = np.array([run.habits[person] for person in here])
    ranks = np.array([values.argsort().argsort() for values in (found, truth)])
    return float(np.corrcoef(ranks)[0, 1])


def residents(run: LongRun) -> list[int]:
    """Everybody of the gemeente who was ever there."""
    return [person for person in run.habits if person not in run.polling.others]


def is_bundle(counts: dict[str, int], k: int) -> bool:
    people = sum(counts.values())
    return not any(counts.values()) or (
        min(counts.values()) >= 0 and people >= k and people - max(counts.values()) >= MARGIN
    )


def check_bundles(run: LongRun) -> None:
    """Between any two looks a whole bundle was added to a scope, or nothing."""
    here, elsewhere = str(run.polling.gemeente), str(run.polling.other_gemeente)
    thresholds = {here: K_GEMEENTE, elsewhere: K_GEMEENTE, "rest": K_NATIONAL, NL: K_GEMEENTE}
    seen = 0
    for noted in run.noted.values():
        for scope, k in thresholds.items():
            bundles = list(noted.bundles(scope))
            assert all(is_bundle(bundle, k) for bundle in bundles), (scope, bundles)
            seen += scope == here and any(sum(bundle.values()) for bundle in bundles)
        assert sum(noted.totals[-1].get(NL, {}).values()) <= len(noted.chosen)
    assert seen >= len(run.noted) // 3


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_figures_of_all_days_tell_far_less_than_rosters_would(
    database: Database, key_dir: Path
) -> None:
    run = live(database, key_dir, DAYS)
    check_bundles(run)
    here = residents(run)
    assert gain(run, here, at_work) <= KNOWN_GAIN < gain(run, here, counted)
    assert correlation(run, here, at_work) < correlation(run, here, counted)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgres_too_only_whole_bundles_come(database: Database, key_dir: Path) -> None:
    check_bundles(live(database, key_dir, DAYS // SHORTER))
