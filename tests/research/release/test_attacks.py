"""Attacks on releases: subtracting them, their tables and gemeenten; integer programmes."""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.privacy.audit import release_audited, snapshot_audited
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.release import ReleasedTable, protect, release_table, table_bounds
from kopkrakers.privacy.rules import K_GEMEENTE, LATE_DAYS
from kopkrakers.research.release.releases import make_release, parts_of
from kopkrakers.tallies.models import ATTRIBUTE_TALLY
from tests.research.attacking import STRONG, WEIGHTS, Weights, one_bundle, recovered
from tests.research.small import ORIGIN, quiet
from tests.support.clock import StoppedClock
from tests.support.polling import OPTIONS, Polling, make_polling
from tests.support.world import ROW_KEYS

CONSIDERED = select(ATTRIBUTE_TALLY.c.value, ATTRIBUTE_TALLY.c.option, ATTRIBUTE_TALLY.c.n).where(
    ATTRIBUTE_TALLY.c.attribute == "consideration"
)


def some_table(seed: int, bundles: int, links: Weights = WEIGHTS) -> dict[str, dict[str, int]]:
    chance = random.Random(seed)
    totals: dict[str, Counter[str]] = {}
    for _ in range(bundles):
        for value, counts in one_bundle(chance, links).items():
            totals.setdefault(value, Counter(dict.fromkeys(OPTIONS, 0))).update(counts)
    return {value: dict(counts) for value, counts in totals.items()}


@pytest.mark.parametrize("links", [WEIGHTS, STRONG], ids=["links", "strong links"])
@pytest.mark.parametrize("seed", range(12))
def test_an_integer_programme_with_exact_margins_recovers_no_small_cell(
    seed: int, links: Weights
) -> None:
    for bundles in (1, 2, 1 + seed % 8):
        counts = some_table(1000 * bundles + seed, bundles, links)
        assert recovered(counts, release_audited("consideration", OPTIONS, counts)) == []


@pytest.mark.parametrize(("links", "seed"), [(WEIGHTS, 55), (STRONG, 11), (STRONG, 111)])
def test_who_knows_the_margin_reads_a_cell_that_a_look_without_it_lets_through(
    links: Weights, seed: int
) -> None:
    counts = some_table(1000 + seed, 1, links)
    unaware = snapshot_audited(OPTIONS, counts, margin=0)
    assert unaware is not None and recovered(counts, unaware.as_table("consideration"))
    assert recovered(counts, release_audited("consideration", OPTIONS, counts)) == []


def test_an_integer_programme_recovers_no_small_cell_from_a_stored_release(
    polling: Polling, cards_dir: Path
) -> None:
    """From answers by boxes and the counter to a release, on both databases."""
    chance = random.Random(5)
    for user_id in polling.people[:70]:
        polling.cast(
            user_id, chance.choices(OPTIONS, weights=(9, 4, 2, 1))[0], chance.choice("wwwrrb")
        )
    polling.now += timedelta(days=LATE_DAYS)
    polling.tick(4)
    counts: dict[str, dict[str, int]] = {}
    with polling.database.reading() as session:
        for value, option, n in session.connection().execute(CONSIDERED):
            counts.setdefault(value, dict.fromkeys(OPTIONS, 0))[option] = n
    made = make_release(
        polling.database, Library(cards_dir), ROW_KEYS, ORIGIN, date(2027, 1, 1), quiet
    )
    with polling.database.reading() as session:
        parts = parts_of(session, made.name.number, "choice_by_consideration")
    cells: dict[str, dict[str, str]] = {value: {} for value in counts}
    for part in parts:
        for _, _, option, value, n, *_ in part.rows:
            cells.get("-" if value == SAID_NOTHING else value, {})[option] = n
    assert counts and parts, "nothing was released: the attack had nothing to look at"
    table = ReleasedTable("consideration", tuple(sorted(counts)), OPTIONS, cells)
    assert recovered(counts, table) == []


def test_the_attack_itself_works_on_an_unprotected_table() -> None:
    """A single row with its exact margin and zeros beside it: the attacker must find that one."""
    lone = {"w": {"a": 40, "b": 3, "c": 0, "x": 0}, "r": {"a": 10, "b": 0, "c": 10, "x": 0}}
    assert recovered(lone, release_table("consideration", OPTIONS, lone)) == [("w", "b")]
    assert recovered(lone, release_audited("consideration", OPTIONS, lone)) == []


def test_beside_a_coarse_cell_a_ten_cannot_stand_for_eight() -> None:
    """All that is under ten is written `0-9`: who forgets that, believes that a 10 can be an 8."""
    counts = {"w": {"a": 12, "b": 9, "c": 26, "x": 20}, "b": {"a": 4, "b": 8, "c": 10, "x": 10}}
    coarse = {
        "w": {"a": protect(12), "b": "0-9", "c": protect(26), "x": protect(20)},
        "b": {"a": "0-9", "b": "0-9", "c": protect(10), "x": protect(10)},
    }
    assert table_bounds(coarse)["b", "c"] == (10, 12)
    assert recovered(counts, ReleasedTable("consideration", ("b", "w"), OPTIONS, coarse)) == [
        ("b", "a")
    ]
    assert recovered(counts, release_audited("consideration", OPTIONS, counts)) == []


@pytest.fixture
def polling(database: Database, key_dir: Path) -> Polling:
    return make_polling(database, key_dir, people=90)


def released_counts(polling: Polling, month: int, cards_dir: Path) -> dict[str, dict[str, int]]:
    """Make a release; return its national totals and those of each gemeente."""
    made = make_release(
        polling.database, Library(cards_dir), ROW_KEYS, ORIGIN, date(2027, month, 1), quiet
    )
    with polling.database.reading() as session:
        national = parts_of(session, made.name.number, "choice")
        local = parts_of(session, made.name.number, "choice_by_gemeente")
    counts = {"NL": {row[2]: row[3] for part in national for row in part.rows}}
    for part in local:
        for row in part.rows:
            counts.setdefault(row[2], dict.fromkeys(OPTIONS, 0))[row[3]] = row[4]
    return counts


def minus(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    return {option: left.get(option, 0) - right.get(option, 0) for option in OPTIONS}


def held(difference: dict[str, int]) -> bool:
    """Nothing, or a group that may be seen."""
    return not any(difference.values()) or safe(difference, K_GEMEENTE)


def cast_some(
    polling: Polling, people: Sequence[int], weights: Sequence[int], chance: random.Random
) -> None:
    """Let three or more of these people answer."""
    for user_id in people[: chance.randrange(3, 17)]:
        option = chance.choices(OPTIONS, weights=weights)[0]
        polling.cast(user_id, option, chance.choice("wrb"))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_difference_of_releases_or_gemeenten_shows_a_small_group(
    polling: Polling, cards_dir: Path, clock: StoppedClock, seed: int
) -> None:
    chance = random.Random(seed)
    made = []
    for month in range(1, 6):
        first = (month - 1) * 17
        cast_some(polling, polling.people[first : first + 17], (3, 3, 2, 1), chance)
        cast_some(polling, polling.others[first : first + 17], (6, 2, 1, 1), chance)
        polling.tick(2)
        if chance.random() < 0.4:
            polling.nights(4)
        made.append(released_counts(polling, month, cards_dir))
    assert made[-1].get("NL"), "nothing was counted: the attack had nothing to look at"
    for earlier, later in combinations(made, 2):
        for scope in later:
            assert held(minus(later[scope], earlier.get(scope, {}))), scope
    for release in made:
        rest = release["NL"]
        for scope in release.keys() - {"NL"}:
            rest = minus(rest, release[scope])
            assert held(rest), scope


def test_two_releases_show_no_attribute_of_a_small_group(seed: int = 4) -> None:
    """Between two releases lies a whole box: no change in a cell is of fewer than a group."""
    chance = random.Random(seed)
    steps = [one_bundle(chance) for _ in range(6)]
    totals: list[dict[str, Counter[str]]] = [{}]
    for step in steps:
        after = {value: Counter(counts) for value, counts in totals[-1].items()}
        for value, counts in step.items():
            after.setdefault(value, Counter()).update(counts)
        totals.append(after)
    for before, after in pairwise(totals):
        for value in after:
            change = {
                option: after[value][option] - before.get(value, Counter())[option]
                for option in OPTIONS
            }
            assert held(change)


def test_an_answer_in_the_box_changes_no_figure_of_choices(
    polling: Polling, cards_dir: Path
) -> None:
    """What waits is not in a release: only how many took part, rounded."""
    before = released_counts(polling, 1, cards_dir)
    polling.cast_all("abcab")
    assert released_counts(polling, 2, cards_dir) == before
