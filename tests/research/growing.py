"""Totals that grow from one release to the next."""

import random

from kopkrakers.base.db import Database
from kopkrakers.tallies.models import AttributeTally
from tests.research.attacking import WEIGHTS, Weights, one_bundle
from tests.research.small import OPTIONS, SLUG
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked

Counts = dict[str, dict[str, int]]

UNCHANGED: Counts = {"w": {"a": 12, "b": 6, "c": 0, "x": 9}, "r": {"a": 12, "b": 9, "c": 2, "x": 6}}

ONE_AFTER_ANOTHER: tuple[Counts, Counts] = (
    {"-": {"a": 9, "b": 6, "c": 9, "x": 9}, **UNCHANGED},
    {"-": {"a": 18, "b": 8, "c": 10, "x": 9}, **UNCHANGED},
)
"""Only one group grew, by 9, 2 and 1: each table is safe alone; the two margins tell the 2."""


def growing(seed: int, times: int, links: Weights = WEIGHTS) -> list[Counts]:
    """Totals at so many releases, each one to three opened boxes after the one before."""
    chance = random.Random(seed)
    totals: Counts = {}
    states = []
    for _ in range(times):
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            totals = added(totals, one_bundle(chance, links))
        states.append(totals)
    return states


def added(totals: Counts, bundle: Counts) -> Counts:
    after = dict(totals)
    for value, counts in bundle.items():
        before = totals.get(value, {})
        after[value] = {option: before.get(option, 0) + counts[option] for option in OPTIONS}
    return after


def plus_twenty(counts: Counts) -> Counts:
    after: Counts = {}
    for value, row in counts.items():
        after[value] = {option: n + 20 for option, n in row.items()}
    return after


def grow(database: Database, before: Counts, after: Counts) -> None:
    with unhooked("totals of a dataset, whoever counted them"), database.transaction() as session:
        for value, row in after.items():
            for option, n in row.items():
                key = (SLUG, 1, "consideration", value, option)
                tally = session.get(AttributeTally, key)
                assert tally is not None and tally.n == before[value][option]
                tally.n = n
    sign_by_hand(database)
