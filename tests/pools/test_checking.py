"""What `kopkrakers check` says of pools."""

from typing import Any

import pytest
from sqlalchemy import update

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.pools import regios
from kopkrakers.pools.checking import changed_pools, notes_on_pools
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.privacy.rules import K_POOL
from tests.support.polling import KEYS, Polling
from tests.support.world import add_gemeente, add_people


def changed(polling: Polling) -> list[str]:
    with polling.database.reading() as session:
        return changed_pools(session, KEYS)


def test_nothing_is_said_of_what_the_product_did(polling: Polling) -> None:
    with polling.database.transaction() as session:
        regios.add_regio(session, KEYS, "Samen", ["Zaanstad", "Almere"])
        regios.take_out_of_regio(session, KEYS, polling.gemeente)
    assert changed(polling) == []


@pytest.mark.parametrize(
    ("table", "values", "sentence"),
    [
        (GEMEENTE, {"regio_id": 1}, "Buiten kopkrakers om in een regio gezet: Almere, Zaanstad"),
        (POOL_ASSIGNMENT, {"pool": "R1"}, "wie met wie telt"),
        (EDITION, {"pools": 7}, "wie met wie telt"),
    ],
    ids=["gemeente", "assignment", "edition"],
)
def test_a_row_that_was_changed_by_sql_is_named(
    polling: Polling, table: Any, values: dict[str, Any], sentence: str
) -> None:
    with polling.database.transaction() as session:
        regios.add_regio(session, KEYS, "Samen", ["Zaanstad", "Almere"])
        for gemeente in (polling.gemeente, polling.other_gemeente):
            regios.take_out_of_regio(session, KEYS, gemeente)
        session.execute(update(table).values(**values))
    said = changed(polling)
    assert len(said) == 1
    for word in sentence.split(": ")[-1].split(", "):
        assert word in said[0]


def notes(database: Database, gemeenten: list[int], *, together: bool) -> list[str]:
    """Return what is noted of gemeenten of these sizes; the first two may be a regio together."""
    with database.transaction() as session:
        for number, people in enumerate(gemeenten):
            add_people(session, add_gemeente(session, f"Gemeente {number}"), people)
        if together:
            regios.add_regio(session, KEYS, "Samen", ["Gemeente 0", "Gemeente 1"])
        return notes_on_pools(session, KEYS)


@pytest.mark.parametrize(
    ("gemeenten", "noted"),
    [([6], True), ([0], True), ([K_POOL], False), ([6, 6], True), ([13, 13], False), ([], False)],
)
def test_that_figures_of_a_day_cannot_come_is_noted(
    database: Database, gemeenten: list[int], noted: bool
) -> None:
    said = notes(database, gemeenten, together=False)
    assert len(said) == noted
    for one in said:
        assert one.startswith("Daguitslagen komen er nog niet.")
        assert f"Accounts die kunnen stemmen: {sum(gemeenten)}. " in one


@pytest.mark.parametrize(
    ("gemeenten", "begins"),
    [
        ([6, 6], []),
        ([K_POOL, 6, 6], ["Regio Samen heeft geen twee kleine gemeenten met accounts."]),
        ([K_POOL, K_POOL], []),
        ([0, 30], ["Regio Samen heeft geen twee kleine gemeenten met accounts."]),
        ([4, 5], ["Regio Samen heeft samen nog te weinig accounts voor een uitslag: 9."]),
        ([5, 5], []),
    ],
)
def test_a_regio_that_has_no_figures_is_noted(
    database: Database, gemeenten: list[int], begins: list[str]
) -> None:
    said = notes(database, gemeenten, together=True)
    assert len(said) == len(begins)
    for one, begin in zip(said, begins, strict=True):
        assert one.startswith(begin)
