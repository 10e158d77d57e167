"""Accounts that somebody made or moved by SQL count for nothing: a victim is never alone with them.

Each attack is shown to work where the counter believes every account.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import USER, USER_ROLE, Change, Role
from kopkrakers.answers.service import Turn
from kopkrakers.base import logs
from kopkrakers.base.config import Settings
from kopkrakers.counter import counting
from kopkrakers.counter.believing import BelievedEnvelopes
from kopkrakers.operations.check import changed_accounts
from kopkrakers.pools.sizes import believed_sizes, sizes
from tests.support.attacks import Attacker
from tests.support.polling import KEYS

NINE = "aaaabbbcc"
MADE_UP = range(5001, 5010)


def believe_all(
    _counter: Any, _session: Any, _box: Any, rows: Sequence[Any], _today: date
) -> BelievedEnvelopes:
    return BelievedEnvelopes(rows)


@pytest.fixture
def naive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter of before: every account counts."""
    monkeypatch.setattr(counting, "believed", believe_all)


def make_accounts_by_sql(attacker: Attacker) -> None:
    for user_id in MADE_UP:
        row = {
            "id": user_id,
            "gemeente_id": attacker.polling.gemeente,
            "address_hmac": f"made up {user_id}",
            "generation": 0,
            "status": "active",
            "address_proved": True,
        }
        attacker.put(USER, row)
        attacker.put(USER_ROLE, {"user_id": user_id, "role": Role.KLANTMANAGER})


def vote_beside_a_victim(attacker: Attacker) -> int:
    """The nine vote what the attacker knows, and one person votes "b" with them."""
    polling = attacker.polling
    make_accounts_by_sql(attacker)
    for user_id, option in zip(MADE_UP, NINE, strict=True):
        polling.cast(user_id, option)
    polling.cast(polling.people[0], "b")
    attacker.tick(2)
    return polling.people[0]


def move_a_victim(attacker: Attacker) -> int:
    """Nine honest accounts of another gemeente work together; SQL puts one person with them."""
    polling = attacker.polling
    victim = polling.people[0]
    attacker.change(USER, USER.c.id == victim, gemeente_id=polling.other_gemeente)
    polling.cast_all(NINE, others=True)
    polling.others.append(victim)
    polling.cast(victim, "b")
    attacker.tick(2)
    return victim


@pytest.mark.usefixtures("naive")
def test_nine_accounts_made_by_sql_read_a_vote_where_all_are_believed(attacker: Attacker) -> None:
    vote_beside_a_victim(attacker)
    assert attacker.polling.totals("NL") == {"a": 4, "b": 3 + 1, "c": 2, "x": 0}


def test_nine_accounts_made_by_sql_count_for_nothing(attacker: Attacker) -> None:
    victim = vote_beside_a_victim(attacker)
    polling = attacker.polling
    assert polling.totals("NL") == {}
    assert attacker.refused() == len(MADE_UP)
    assert polling.turn(victim) == Turn.IN_BOX
    (said,) = changed_accounts(polling.counter, polling.now)
    assert "5001, 5002, 5003" in said


def test_the_victim_is_counted_once_enough_others_answered(attacker: Attacker) -> None:
    vote_beside_a_victim(attacker)
    polling = attacker.polling
    polling.cast_all("aaaaabbcc", skip=1)
    attacker.tick(2)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}


@pytest.mark.usefixtures("naive")
def test_a_person_moved_by_sql_is_read_where_all_are_believed(attacker: Attacker) -> None:
    move_a_victim(attacker)
    assert attacker.polling.totals("NL") == {"a": 4, "b": 3 + 1, "c": 2, "x": 0}


def test_a_person_moved_by_sql_is_not_counted(attacker: Attacker) -> None:
    victim = move_a_victim(attacker)
    polling = attacker.polling
    assert polling.totals("NL") == {}
    assert polling.turn(victim) == Turn.NOT_COUNTED
    assert attacker.refused() == 1


def test_a_person_whom_the_product_moved_is_counted_where_they_answered(
    attacker: Attacker,
) -> None:
    """Their account is looked for in the gemeente of the box, and is no longer there."""
    polling = attacker.polling
    person = polling.cast_all("aaaaabbccc")[0]
    attacker.change(USER, USER.c.id == person, gemeente_id=polling.other_gemeente)
    with polling.database.transaction() as session:
        record_change(session, KEYS, [person], Change.MADE)
    attacker.tick(2)
    assert polling.totals(polling.gemeente) == {"a": 5, "b": 2, "c": 3, "x": 0}
    assert attacker.refused() == 0


@pytest.mark.parametrize("column", ["address_hmac", "address_proved", "mac"])
def test_every_column_under_the_mac_makes_an_account_fail(attacker: Attacker, column: str) -> None:
    values: dict[str, Any] = {"address_hmac": "other", "address_proved": False, "mac": b"0" * 32}
    person = attacker.polling.people[0]
    attacker.change(USER, USER.c.id == person, **{column: values[column]})
    (said,) = changed_accounts(attacker.polling.counter, attacker.polling.now)
    assert f"account {person}." in said


def test_the_mac_of_another_account_does_not_serve(attacker: Attacker) -> None:
    first, second = attacker.polling.people[:2]
    (row,) = attacker.rows(USER, USER.c.id == first)
    attacker.change(USER, USER.c.id == second, mac=row.mac)
    assert list(changed_accounts(attacker.polling.counter, attacker.polling.now))


def test_accounts_of_the_product_hold(attacker: Attacker, settings: Settings) -> None:
    assert settings.key_dir is not None
    assert list(changed_accounts(attacker.polling.counter, attacker.polling.now)) == []


def test_accounts_made_by_sql_make_no_pool(attacker: Attacker) -> None:
    polling = attacker.polling
    make_accounts_by_sql(attacker)
    with polling.database.reading() as session:
        counted = {size.gemeente_id: size.accounts for size in sizes(session, KEYS)}
        believed = {size.gemeente_id: size.accounts for size in believed_sizes(session, KEYS)}
    assert counted == {polling.gemeente: 40 + len(MADE_UP), polling.other_gemeente: 40}
    assert believed == {polling.gemeente: 40, polling.other_gemeente: 40}


def test_the_counter_raises_an_alarm_at_every_tick(
    attacker: Attacker, capsys: pytest.CaptureFixture[str]
) -> None:
    # a command that some other test ran may have asked for less
    logs.configure("info")
    attacker.tick()
    assert "accounts altered" not in "".join(capsys.readouterr())
    make_accounts_by_sql(attacker)
    attacker.tick()
    said = "".join(capsys.readouterr())
    assert "accounts altered outside kopkrakers" in said and "5001" not in said
