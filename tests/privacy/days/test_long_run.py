"""Two hundred days in one gemeente: what a colleague with all figures can make of them.

The colleague notes every figure, knows who was at work on which day, and who came, left or changed
teams, works out who usually chooses otherwise, and guesses each answer from that and the totals of
its day. The gemeente is as small as one may be that has figures of its own, and its people differ
much, which helps the attack. It gives more points over naming the favourite than the goal of 1.1
(docs/privacy-bewijs.md, *What is not proved*); the list of those who were counted,
as a database with rosters gives it, gives more.
More runs: `KOPKRAKERS_TEST_SEED=1`, and `KOPKRAKERS_TEST_DAYS=1000`.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from kopkrakers.base.db import Database
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL, K_POOL, MARGIN
from kopkrakers.tallies.models import NL
from tests.privacy.days.living import LongRun, Noted
from tests.support.polling import OPTIONS, make_polling

PEOPLE = K_POOL
DAYS = int(os.environ.get("KOPKRAKERS_TEST_DAYS", "200"))
SHORTER = 10
"""On PostgreSQL so many times fewer days: there it is written otherwise, and counted alike."""
USUAL_SEED = 3
SEED = int(os.environ.get("KOPKRAKERS_TEST_SEED", str(USUAL_SEED)))
KNOWN_GAIN, MOST_GAIN = 3.0, 12.0
"""Points over naming the favourite that this attack gives: by the usual seed, and the most of the
seeds from 1 to 10. The goal was 1.1, and it is not reached."""
MOST = OPTIONS[0]
"""The option that most of the country choose."""
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


@dataclass(frozen=True)
class Figures:
    """Each dilemma with figures, as an attacker has it: the totals, and who may be in them.

    `among`: a row per dilemma, how likely each person is among those counted. `otherwise`: how many
    of those counted did not choose what most of the country do.
    """

    told: list[Noted]
    among: Numbers
    otherwise: Numbers


def figures(run: LongRun, here: list[int], known: Known) -> Figures:
    """Return the figures, for an attacker who knows this of who was there."""
    told = [noted for noted in run.noted.values() if noted.told is not None]
    rows, otherwise = [], []
    for noted in told:
        counts = totals_of(noted)
        among = np.array([float(person in known(noted)) for person in here])
        rows.append(among * min(1.0, sum(counts.values()) / max(1.0, among.sum())))
        otherwise.append(sum(counts.values()) - counts[MOST])
    return Figures(told, np.array(rows), np.array(otherwise, dtype=float))


def totals_of(noted: Noted) -> dict[str, int]:
    """Return the totals of a dilemma that has figures."""
    assert noted.told is not None
    return noted.told


def worked_out(seen: Figures) -> Numbers:
    """Return how often each person chooses otherwise, by the attacker's best linear estimate."""
    rows = seen.among
    usual = seen.otherwise.sum() / rows.sum()
    doubt = A_DAY_DIFFERS / HABITS_DIFFER * np.eye(rows.shape[1])
    more = rows.T @ (seen.otherwise - usual * rows.sum(1))
    found: Numbers = np.linalg.solve(rows.T @ rows + doubt, more)
    chances: Numbers = np.clip(usual + found, 0.03, 0.97)
    return chances


def number_spread(chances: Numbers) -> Numbers:
    """The chance of each number of people who choose otherwise."""
    spread = np.ones(1)
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    return spread


def guess_of(habits: Numbers, row: Numbers, place: int, counts: dict[str, int]) -> str:
    """Return the likeliest choice of one person, by their habit and the exact totals of the day.

    How those who chose otherwise divide over the other options tells the totals of the day, and of
    nobody more than of another.
    """
    n = sum(counts.values()) - counts[MOST]
    others = number_spread(np.delete(row * habits, place))
    likely = {MOST: (1 - habits[place]) * (others[n] if n < len(others) else 0)}
    with_them = habits[place] * (others[n - 1] if 0 < n <= len(others) else 0)
    for option, chose_it in counts.items():
        if option != MOST and n:
            likely[option] = with_them * chose_it / n
    return max(likely, key=lambda option: likely[option])


def gain(run: LongRun, here: list[int], known: Known) -> float:
    """By how many points more guesses are right than by naming the favourite of the country."""
    seen = figures(run, here, known)
    habits = worked_out(seen)
    more = guessed = 0
    for noted, row in zip(seen.told, seen.among, strict=True):
        for place, person in enumerate(here):
            if person not in noted.chosen or not row[place]:
                continue
            guess = guess_of(habits, row, place, totals_of(noted))
            more += int(guess == noted.chosen[person]) - int(noted.chosen[person] == MOST)
            guessed += 1
    return 100 * more / guessed


def correlation(run: LongRun, here: list[int], known: Known) -> float:
    """The rank correlation of what was worked out with the habits as they are."""
    found = worked_out(figures(run, here, known))
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
    by_work, by_rosters = gain(run, here, at_work), gain(run, here, counted)
    assert by_work < by_rosters
    assert by_work <= (KNOWN_GAIN if SEED == USUAL_SEED else MOST_GAIN)
    assert correlation(run, here, at_work) < correlation(run, here, counted)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgres_too_only_whole_bundles_come(database: Database, key_dir: Path) -> None:
    check_bundles(live(database, key_dir, DAYS // SHORTER))
