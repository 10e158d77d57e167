"""Totals that somebody changed, removed or put back by SQL: nothing is added to them, and an alarm
names them. Each attack is shown to work on a counter that adds to whatever stands there.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy.engine import Row
from structlog.testing import capture_logs

from kopkrakers.answers.service import Turn
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter import counting, daily
from kopkrakers.counter.newest.count_number import count_number
from kopkrakers.counter.totals import TOTALS_FILE, recalled_numbers
from kopkrakers.tallies.models import (
    ATTRIBUTE_TALLY,
    EDITION_MAC,
    NL,
    SHIFT_TALLY,
    TALLY,
    TOTAL_MAC,
)
from kopkrakers.tallies.signing import read_totals
from tests.counter.totals.attacks import (
    BOTH,
    HERE,
    MORE,
    NATIONAL,
    TEN,
    all_removed,
    count,
    faults,
    put_in_place,
    rows_of,
    up,
    waiting,
)
from tests.support.attacks import OTHER_SLUG, Attacker
from tests.support.polling import SLUG
from tests.support.signed_totals import sign_by_hand

Attack = Callable[[Attacker], None]


@pytest.fixture
def naive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter of before: it adds to whatever stands there."""

    def believe(_counter: Any, session: Any, box: Row[Any]) -> Any:
        return read_totals(session, box.subject, box.edition)

    monkeypatch.setattr(counting, "verified_totals", believe)


def down(attacker: Attacker) -> None:
    attacker.change(TALLY, HERE, TALLY.c.option == "a", n=TALLY.c.n - 2)


def moved(attacker: Attacker) -> None:
    """From one option to another: the sum stays."""
    attacker.change(TALLY, HERE, TALLY.c.option == "a", n=TALLY.c.n - 1)
    attacker.change(TALLY, HERE, TALLY.c.option == "c", n=TALLY.c.n + 1)


def row_removed(attacker: Attacker) -> None:
    attacker.remove(TALLY, HERE, NATIONAL, TALLY.c.option == "b")


def row_added(attacker: Attacker) -> None:
    row = {"dilemma": SLUG, "edition": 1, "scope": NL, "option": "d", "n": 3}
    attacker.put(TALLY, row)


def scope_removed(attacker: Attacker) -> None:
    """All of a gemeente, with its MAC."""
    pool = str(attacker.polling.gemeente)
    attacker.remove(TALLY, HERE, TALLY.c.scope == pool)
    attacker.remove(TOTAL_MAC, TOTAL_MAC.c.dilemma == SLUG, TOTAL_MAC.c.part == pool)


def of_another_edition(attacker: Attacker) -> None:
    """The totals of another dilemma, with the MACs that hold there."""
    for option, n in {"a": 20, "b": 9, "c": 4, "x": 0}.items():
        total = {"dilemma": OTHER_SLUG, "edition": 1, "scope": NL, "option": option, "n": n}
        attacker.put(TALLY, total)
    sign_by_hand(attacker.polling.database)
    for table in (TALLY, TOTAL_MAC, EDITION_MAC):
        rows = attacker.rows(table, table.c.dilemma == OTHER_SLUG)
        attacker.remove(table, table.c.dilemma == SLUG)
        for copied in rows:
            attacker.put(table, copied._asdict() | {"dilemma": SLUG})
        attacker.remove(table, table.c.dilemma == OTHER_SLUG)


ATTACKS = (
    up,
    down,
    moved,
    row_removed,
    row_added,
    scope_removed,
    all_removed,
    of_another_edition,
)
attacks = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)


@attacks
@pytest.mark.usefixtures("naive")
def test_a_counter_that_believes_the_totals_adds_to_them(
    attacker: Attacker, attack: Attack
) -> None:
    count(attacker, TEN)
    attack(attacker)
    count(attacker, MORE, skip=10)
    assert waiting(attacker) == 0
    everything = [attacker.polling.totals(scope) for scope in (NL, attacker.polling.gemeente)]
    assert everything != [BOTH, BOTH]


@attacks
def test_nothing_is_added_to_totals_that_were_changed(attacker: Attacker, attack: Attack) -> None:
    count(attacker, TEN)
    attack(attacker)
    before = attacker.rows(TALLY)
    with capture_logs() as said:
        count(attacker, MORE, skip=10)
    assert attacker.rows(TALLY) == before
    assert waiting(attacker) == len(MORE)
    (alarm,) = [line for line in said if line["event"] == "totals do not hold"]
    assert f"{SLUG}, editie 1" in alarm["reason"]


@attacks
def test_check_names_the_edition(attacker: Attacker, attack: Attack) -> None:
    count(attacker, TEN)
    assert faults(attacker) == {}
    attack(attacker)
    assert faults(attacker).keys() == {(SLUG, 1)}


def test_check_names_the_scopes_that_were_changed(attacker: Attacker) -> None:
    count(attacker, TEN)
    attacker.change(TALLY, HERE, NATIONAL, TALLY.c.option == "a", n=50)
    assert "(het land)" in faults(attacker)[SLUG, 1]
    attacker.change(TALLY, HERE, ~NATIONAL, TALLY.c.option == "a", n=50)
    assert "(Zaanstad, het land)" in faults(attacker)[SLUG, 1]


def test_an_older_set_of_an_edition_is_noticed(attacker: Attacker) -> None:
    """The rows and MACs of before a count hold together; the key folder knows the count."""
    count(attacker, TEN)
    older = rows_of(attacker)
    count(attacker, MORE, skip=10)
    assert attacker.polling.totals(NL) == BOTH
    put_in_place(attacker, older)
    count(attacker, TEN, skip=20)
    assert waiting(attacker) == len(TEN)
    assert faults(attacker).keys() == {(SLUG, 1)}


def test_the_folder_knows_the_number_of_the_last_count(attacker: Attacker) -> None:
    count(attacker, TEN)
    count(attacker, MORE, skip=10)
    with attacker.polling.database.reading() as session:
        number = count_number(session)
    assert recalled_numbers(attacker.polling.counter.folder) == {(SLUG, 1): number}


def test_totals_of_an_edition_that_was_never_counted_are_noticed(attacker: Attacker) -> None:
    row = {"dilemma": SLUG, "edition": 1, "scope": NL, "option": "a", "n": 300}
    attacker.tick()
    attacker.put(TALLY, row)
    count(attacker, TEN)
    assert waiting(attacker) == len(TEN)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (ATTRIBUTE_TALLY, {"attribute": "consideration", "value": "w", "option": "a"}),
        (SHIFT_TALLY, {"before": "a", "after": "b"}),
    ],
    ids=["attribute_tally", "shift_tally"],
)
@pytest.mark.parametrize("change", ["raised", "removed", "renamed"])
def test_totals_of_attributes_and_shifts_stop_the_count_too(
    attacker: Attacker, table: Table, row: dict[str, str], change: str
) -> None:
    count(attacker, TEN)
    attacker.put(table, {"dilemma": SLUG, "edition": 1, "n": 40} | row)
    sign_by_hand(attacker.polling.database)
    assert faults(attacker) == {}
    if change == "raised":
        attacker.change(table, n=41)
    elif change == "removed":
        attacker.remove(table)
    else:
        attacker.change(table, **{list(row)[-1]: "c"})
    count(attacker, MORE, skip=10)
    assert waiting(attacker) == len(MORE)


@pytest.mark.parametrize("table", [TOTAL_MAC, EDITION_MAC], ids=lambda table: table.name)
def test_a_mac_that_was_changed_or_removed_is_noticed(attacker: Attacker, table: Table) -> None:
    count(attacker, TEN)
    (kept, *_) = attacker.rows(table)
    attacker.change(table, mac=b"0" * 32)
    assert faults(attacker)
    attacker.change(table, mac=kept.mac)
    attacker.remove(table)
    assert faults(attacker)


def test_the_number_of_the_count_is_under_the_mac(attacker: Attacker) -> None:
    count(attacker, TEN)
    attacker.change(EDITION_MAC, count_number=99)
    assert faults(attacker)


def test_other_editions_go_on(attacker: Attacker) -> None:
    """The alarm is of one edition."""
    count(attacker, TEN)
    row = {"dilemma": OTHER_SLUG, "edition": 1, "scope": NL, "option": "a", "n": 300}
    attacker.put(TALLY, row)
    count(attacker, MORE, skip=10)
    assert waiting(attacker) == 0
    assert faults(attacker).keys() == {(OTHER_SLUG, 1)}


def test_once_the_totals_are_right_again_what_waited_is_counted(attacker: Attacker) -> None:
    count(attacker, TEN)
    attacker.change(TALLY, HERE, NATIONAL, TALLY.c.option == "a", n=50)
    count(attacker, MORE, skip=10)
    attacker.change(TALLY, HERE, NATIONAL, TALLY.c.option == "a", n=5)
    attacker.tick()
    assert attacker.polling.totals(NL) == BOTH


def test_a_closed_edition_waits_a_week_for_the_right_totals(attacker: Attacker) -> None:
    polling = attacker.polling
    count(attacker, TEN)
    attacker.change(TALLY, HERE, NATIONAL, TALLY.c.option == "a", n=50)
    voters = polling.cast_all(MORE, skip=10)
    attacker.tick()
    polling.now += timedelta(days=1)
    attacker.change(EDITION, EDITION.c.dilemma == SLUG, closes_on=polling.today)
    attacker.tick(2)
    assert waiting(attacker) == len(MORE)
    polling.now += daily.REPAIR_TIME
    attacker.tick(2)
    assert waiting(attacker) == 0
    assert polling.totals(NL)["a"] == 50
    (edition,) = attacker.rows(EDITION, EDITION.c.dilemma == SLUG)
    assert (edition.settled, edition.part_not_counted) == (True, True)
    assert polling.turn(voters[0]) == Turn.NONE


def test_a_counter_killed_before_it_noted_a_count_goes_on(attacker: Attacker) -> None:
    folder = attacker.polling.counter.folder
    attacker.tick()
    noted = folder.recall(TOTALS_FILE)
    assert noted is not None
    count(attacker, TEN)
    folder.remember(TOTALS_FILE, noted)
    attacker.tick()
    assert recalled_numbers(folder).keys() == {(SLUG, 1)}
    count(attacker, MORE, skip=10)
    assert attacker.polling.totals(NL) == BOTH
