"""A database that was copied back without `restore` is older than its keys: nothing is counted."""

import pytest
from sqlalchemy import update

from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter.newest.count_number import COUNT_NUMBER_FILE, INSTANCE, count_number
from kopkrakers.counter.totals import TOTALS_FILE
from kopkrakers.operations.backups import go_on_after_restore, is_behind_keys
from tests.support.attacks import Attacker
from tests.support.databases.copies import copy_back, copy_of
from tests.support.polling import Polling

TEN = "aaaaabbbcc"


def counted_and_copied_back(attacker: Attacker) -> dict[str, int]:
    """Ten answer and are counted, and the copy of before is put back. Return what was shown."""
    polling = attacker.polling
    attacker.tick()
    copied = copy_of(polling.database)
    shown = count_ten(attacker)
    copy_back(polling.database, copied)
    return shown


def count_ten(attacker: Attacker) -> dict[str, int]:
    attacker.polling.cast_all(TEN)
    attacker.tick(2)
    return attacker.polling.totals("NL")


def number_here(polling: Polling) -> int:
    with polling.database.reading() as session:
        return count_number(session)


def number_there(polling: Polling) -> int:
    return int(polling.counter.folder.recall(COUNT_NUMBER_FILE) or 0)


def nine_again_and_a_newcomer(attacker: Attacker) -> None:
    attacker.polling.cast_all(TEN[:9])
    attacker.polling.cast(attacker.polling.people[10], "b")
    attacker.tick(2)


def test_a_count_raises_the_number_in_both_places(attacker: Attacker) -> None:
    count_ten(attacker)
    polling = attacker.polling
    assert number_here(polling) == number_there(polling) > 0


def test_a_database_copied_back_counts_and_deletes_nothing(attacker: Attacker) -> None:
    counted_and_copied_back(attacker)
    polling = attacker.polling
    boxes, files = attacker.rows(BOX), sorted(polling.counter.folder.folder.iterdir())
    with pytest.raises(ConfigurationError, match="ouder dan de sleutels"):
        nine_again_and_a_newcomer(attacker)
    assert polling.totals("NL") == {}
    assert attacker.rows(BOX) == boxes
    assert len(attacker.rows(ENVELOPE)) == 10
    assert sorted(polling.counter.folder.folder.iterdir()) == files


def test_without_the_numbers_in_the_folder_the_copy_gives_one_person_away(
    attacker: Attacker,
) -> None:
    shown = counted_and_copied_back(attacker)
    for name in (COUNT_NUMBER_FILE, TOTALS_FILE):
        (attacker.polling.counter.folder.folder / name).unlink()
    attacker.tick()  # makes new boxes, for the keys of the old ones are gone
    nine_again_and_a_newcomer(attacker)
    after = attacker.polling.totals("NL")
    assert {option: after[option] - shown[option] for option in shown} == {
        "a": 0,
        "b": 1,
        "c": -1,
        "x": 0,
    }


def test_a_count_that_is_under_way_when_the_copy_is_put_back_is_rolled_back(
    attacker: Attacker,
) -> None:
    counted_and_copied_back(attacker)
    polling = attacker.polling
    with (
        pytest.raises(ConfigurationError, match="restore"),
        polling.database.transaction() as session,
    ):
        polling.counter.number_count(session)
    assert number_here(polling) == 0


def test_restore_brings_database_and_folder_together(
    attacker: Attacker, settings: Settings
) -> None:
    counted_and_copied_back(attacker)
    polling = attacker.polling
    assert is_behind_keys(settings, polling.database)
    go_on_after_restore(settings, polling.database, polling.now)
    assert not is_behind_keys(settings, polling.database)
    assert number_here(polling) == number_there(polling) > 0
    attacker.tick()


def test_a_counter_killed_between_a_count_and_the_folder_goes_on(attacker: Attacker) -> None:
    count_ten(attacker)
    polling = attacker.polling
    polling.counter.folder.remember(COUNT_NUMBER_FILE, str(number_here(polling) - 1))
    attacker.tick()
    assert number_there(polling) == number_here(polling)


@pytest.mark.parametrize("number", [0, 999])
def test_a_number_that_was_changed_stops_the_counter(attacker: Attacker, number: int) -> None:
    counted_and_copied_back(attacker)
    with attacker.polling.database.transaction() as session:
        session.execute(update(INSTANCE).values(count_number=number))
    with pytest.raises(ConfigurationError, match="restore"):
        attacker.tick()
