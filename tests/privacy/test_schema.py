"""The tables where answers wait and are counted:
nothing in them tells when, in which order, from where or who.
"""

import re
from typing import Any

import pytest
from sqlalchemy import Date, DateTime, Integer, Interval, Time, inspect

from kopkrakers.answers.models import Participation
from kopkrakers.ballots.models import AttributeEnvelope, BallotBox, Envelope, Refusal
from kopkrakers.base.db import Database
from kopkrakers.base.db import table as table_of
from kopkrakers.tallies.models import AttributeTally, EditionMac, ShiftTally, Tally, TotalMac

GUARDED = (
    Participation,
    BallotBox,
    Envelope,
    Tally,
    AttributeEnvelope,
    AttributeTally,
    ShiftTally,
    TotalMac,
    EditionMac,
    Refusal,
)
TABLES: list[Any] = [table_of(model) for model in GUARDED]
NAMES = [table.name for table in TABLES]
MOMENT = re.compile(r"time|date|_at$|_on$|moment|created|updated|day", re.IGNORECASE)
PLACE = re.compile(r"address|(^|_)ip($|_)|agent|host|remote|device|email|phone", re.IGNORECASE)
PERSON = re.compile(r"user|voter|person|participant|team|member", re.IGNORECASE)
WHO = {"envelope": {"voter"}}
"""The only column whose name speaks of a person: a pseudonym, or the random id of a participant."""
REFERS = {
    "envelope": {"ballot_box"},
    "attribute_envelope": {"ballot_box"},
}
"""The only rows that lead to others; totals lead nowhere."""


def test_the_database_keeps_no_moment_place_or_sequence(database: Database) -> None:
    for name in NAMES:
        for column in inspect(database.reader).get_columns(name):
            assert not isinstance(column["type"], Date | DateTime | Time | Interval), (name, column)
            assert not MOMENT.search(column["name"]), (name, column)
            assert not PLACE.search(column["name"]), (name, column)
            assert column.get("autoincrement") in (None, False, "auto", 0), (name, column)
            assert column.get("identity") is None, (name, column)
            assert column["default"] is None, (name, column)


def test_only_turns_and_waiting_envelopes_name_a_person(database: Database) -> None:
    asked = inspect(database.reader)
    for name in NAMES:
        named = {
            column["name"] for column in asked.get_columns(name) if PERSON.search(column["name"])
        }
        assert named == WHO.get(name, set()), name
        referred = {key["referred_table"] for key in asked.get_foreign_keys(name)}
        assert referred == REFERS.get(name, set()), name


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_no_key_counts_up(table: Any) -> None:
    key = list(table.primary_key)
    lone_integer = len(key) == 1 and isinstance(key[0].type, Integer)
    assert not lone_integer
    assert not [
        column for column in table.columns if column.server_default is not None or column.identity
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rows_lie_in_the_order_of_their_key_on_sqlite(database: Database) -> None:
    with database.reader.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        )
        made = {name: statement for name, statement in rows}  # noqa: C416 (rows are no pairs)
    for name in NAMES:
        assert re.search(r"\)\s*WITHOUT ROWID\s*$", made[name]), name
        assert "AUTOINCREMENT" not in made[name]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgres_keeps_no_sequence_trigger_or_commit_time(database: Database) -> None:
    sequences = (
        "SELECT c.relname FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
    )
    sequences += " JOIN pg_class c ON c.oid = d.refobjid"
    triggers = "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    triggers += " WHERE NOT t.tgisinternal"
    with database.reader.connect() as connection:
        for question in (sequences, triggers):
            assert not set(connection.exec_driver_sql(question).scalars()) & set(NAMES)
        assert connection.exec_driver_sql("SHOW track_commit_timestamp").scalar_one() == "off"
