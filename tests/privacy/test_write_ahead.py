"""PostgreSQL's log of changes, which replicas and backups keep:
between counts it says nothing of any total.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.moving import night
from kopkrakers.privacy.rules import LATE_DAYS
from tests.support.databases.server import (
    changed_between,
    data_folder,
    files_of,
    position,
    settled_position,
)
from tests.support.polling import Polling, make_polling

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
MIXED = "aaaaabbbcc"
TALLIES = ("tally", "attribute_tally")


def changes_while(database: Database, act: Callable[[], object]) -> list[str]:
    start = settled_position(database)
    act()
    return changed_between(database, start, position(database))


@pytest.fixture
def polling(database: Database, key_dir: Any) -> Polling:
    polling = make_polling(database, key_dir, people=60)
    data_folder(database)
    return polling


def test_casting_taking_back_and_waiting_write_nothing_about_totals(polling: Polling) -> None:
    database, totals = polling.database, files_of(polling.database, *TALLIES)
    envelopes = files_of(database, "envelope")

    def a_morning() -> None:
        for option in "abcx":
            polling.cast(polling.people["abcx".index(option)], option)
        polling.take_back(polling.people[0])
        polling.tick(2)
        polling.cast_all("aaaaaaaaab", others=True)
        polling.tick(2)
        night(polling.counter, polling.now)

    changed = set(changes_while(database, a_morning))
    assert envelopes & changed
    assert not totals & changed


def test_a_count_writes_the_totals_of_a_bundle_at_once(polling: Polling) -> None:
    database = polling.database
    polling.cast_all(MIXED)
    polling.tick()
    changed = changes_while(database, polling.tick)
    heap = files_of(database, "tally") & set(changed)
    assert heap
    last, first = (
        max(i for i, name in enumerate(changed) if name in heap),
        changed.index(min(heap, key=changed.index)),
    )
    assert set(changed[first : last + 1]) <= heap


def test_attributes_reach_their_totals_only_when_their_box_opens(polling: Polling) -> None:
    database, attributes = polling.database, files_of(polling.database, "attribute_tally")
    polling.now += timedelta(days=LATE_DAYS)
    with database.transaction() as session:
        # the boxes of attributes are old, the edition is not: its answers wait in their gemeente
        session.execute(update(EDITION).values(opens_on=polling.today))
    polling.cast_all("abcbabcbabcbabcbabcbabcbabcbabcbabcbabcbab")
    changed = changes_while(database, lambda: polling.tick(2))
    assert sum(polling.totals("NL").values()) == 42
    assert not attributes & set(changed)
    polling.cast_all("abcbabcbabcb", skip=42)
    assert attributes & set(changes_while(database, lambda: polling.tick(2)))
