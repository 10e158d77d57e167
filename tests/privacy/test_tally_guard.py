"""The watch on every write to the totals really refuses what could tell of one person."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from kopkrakers.base.db import Database, table
from kopkrakers.tallies.models import AttributeTally, Tally
from tests.support.tally_guard import GUARD, fault_of_rows, options_of, unhooked

TALLY: Any = table(Tally)
OPTIONS = ("a", "b", "c", "x")
FINE = {"a": 5, "b": 3, "c": 2, "x": 0}


@pytest.fixture
def refused() -> Iterator[None]:
    """A test that writes wrongly on purpose."""
    yield
    assert GUARD.faults
    GUARD.faults.clear()


def rows(*vectors: tuple[str, dict[str, int]], column: str = "scope") -> list[dict[str, Any]]:
    which: dict[str, Any] = {"dilemma": "een-plek", "edition": 1}
    if column == "value":
        which["attribute"] = "certainty"
    return [
        which | {column: name, "option": o, "n": n}
        for name, counts in vectors
        for o, n in counts.items()
    ]


def add(database: Database, what: list[dict[str, Any]], times: int = 1) -> None:
    more = (sqlite if database.is_sqlite else postgresql).insert(TALLY)
    adding = more.on_conflict_do_update(
        index_elements=list(TALLY.primary_key), set_={"n": TALLY.c.n + more.excluded.n}
    )
    with database.transaction() as session:
        for _ in range(times):
            session.connection().execute(adding, what)


def test_a_whole_safe_bundle_may_be_added(database: Database) -> None:
    seen = GUARD.seen
    add(database, rows(("1", FINE), ("NL", FINE)))
    assert GUARD.seen == seen + 1


@pytest.mark.usefixtures("refused")
def test_two_writes_in_one_transaction_are_refused(database: Database) -> None:
    with pytest.raises(AssertionError, match="twice"):
        add(database, rows(("1", FINE), ("NL", FINE)), times=2)


@pytest.mark.usefixtures("refused")
def test_a_total_written_row_by_row_is_refused(database: Database) -> None:
    with database.transaction() as session, pytest.raises(AssertionError, match="without adding"):
        session.add(Tally(dilemma="een-plek", edition=1, scope="NL", option="a", n=30))
        session.flush()


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tally SET n = n + 1",
        "insert into tally values ('een-plek', 1, 'NL', 'a', 1)",
        'DELETE FROM "tally"',
        "delete from attribute_tally",
    ],
)
def test_text_on_the_totals_is_refused(database: Database, statement: str) -> None:
    with database.transaction() as session, pytest.raises(AssertionError, match="by text"):
        session.connection().execute(text(statement))


@pytest.mark.usefixtures("refused")
def test_totals_are_never_changed_or_deleted(database: Database) -> None:
    for statement in (TALLY.update().values(n=1), TALLY.delete()):
        with (
            database.transaction() as session,
            pytest.raises(AssertionError, match="only ever grow"),
        ):
            session.connection().execute(statement)


@pytest.mark.parametrize(
    "vectors",
    [
        [("1", FINE)],
        [("NL", FINE)],
        [("NL", FINE), ("1", FINE)],
        [("1", FINE), ("2", FINE), ("NL", FINE)],
        [("1", FINE), ("NL", FINE | {"x": 1})],
        [("1", FINE | {"a": 4}), ("NL", FINE | {"a": 4})],
        [("1", {"a": 9, "b": 1, "c": 0, "x": 0}), ("NL", {"a": 9, "b": 1, "c": 0, "x": 0})],
        [("1", {"a": 8, "b": 2, "x": 0}), ("NL", {"a": 8, "b": 2, "x": 0})],
        [("1", {"b": 3, "a": 5, "c": 2, "x": 0}), ("NL", {"b": 3, "a": 5, "c": 2, "x": 0})],
        [("1", {"a": 5}), ("NL", FINE), ("1", {"b": 3, "c": 2, "x": 0})],
    ],
)
def test_totals_that_could_tell_of_one_person_are_refused(
    vectors: list[tuple[str, dict[str, int]]],
) -> None:
    assert fault_of_rows("tally", rows(*vectors), OPTIONS)


@pytest.mark.parametrize(
    ("vectors", "fine"),
    [
        ([("1", FINE | {"a": 35}), ("2", FINE)], True),
        ([("1", FINE | {"a": 30})], False),
        ([("1", FINE | {"a": 40}), ("2", {"a": 9, "b": 1, "c": 0, "x": 0})], False),
    ],
)
def test_every_value_of_an_attribute_is_safe(
    vectors: list[tuple[str, dict[str, int]]], fine: bool
) -> None:
    fault = fault_of_rows(
        str(AttributeTally.__tablename__), rows(*vectors, column="value"), OPTIONS
    )
    assert (fault is None) is fine


def test_the_options_are_read_from_the_card_itself() -> None:
    card = Path(__file__).parents[1] / "cards" / "een-plek.md"
    assert options_of(card.read_text()) == OPTIONS
    assert options_of("een verzonnen bron") is None


def test_only_tests_may_write_totals_by_hand(database: Database) -> None:
    with unhooked("this test is about the way round the watch"), database.transaction() as session:
        session.add(Tally(dilemma="een-plek", edition=1, scope="NL", option="a", n=30))
    root = Path(__file__).parents[2]
    files = [*root.glob("kopkrakers/**/*.py"), *root.glob("tests/benchmarks/**/*.py")]
    assert not [path.name for path in files if "unhooked" in path.read_text()]
