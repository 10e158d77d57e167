"""The counter: when a group is counted, when it waits, and what is left behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import ATTRIBUTE, BOX
from kopkrakers.base.errors import TooLate
from kopkrakers.privacy.rules import KEY_DAYS
from tests.support.attacks import loose_in
from tests.support.polling import Polling, prepare

MIXED = "aaaaabbbcc"


def test_ten_different_enough_people_are_counted_after_living_through_a_tick(
    polling: Polling,
) -> None:
    polling.cast_all(MIXED)
    polling.tick()
    assert polling.totals("NL") == {}
    polling.tick()
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert polling.totals(polling.gemeente) == {"a": 5, "b": 3, "c": 2, "x": 0}


def test_nine_people_wait(polling: Polling) -> None:
    polling.cast_all(MIXED[:9])
    polling.tick(3)
    assert polling.totals("NL") == {}


def test_two_gemeenten_are_counted_apart_and_together(polling: Polling) -> None:
    polling.cast_all(MIXED)
    polling.cast_all("bbbbbbaacx", others=True)
    polling.tick(2)
    assert polling.totals(polling.other_gemeente) == {"a": 2, "b": 6, "c": 1, "x": 1}
    assert polling.totals("NL") == {"a": 7, "b": 9, "c": 3, "x": 1}


def test_a_nearly_unanimous_group_waits_until_ten_new_ones_came(polling: Polling) -> None:
    polling.cast_all("aaaaaaaaab")
    polling.tick(2)
    assert polling.totals("NL") == {}
    polling.cast_all("bbbbbbbbb", skip=10)
    polling.tick(2)
    assert polling.totals("NL") == {}
    polling.cast_all("b", skip=19)
    polling.tick(2)
    assert polling.totals("NL") == {"a": 9, "b": 11, "c": 0, "x": 0}


def test_a_newcomer_never_decides_alone_that_a_group_becomes_countable(polling: Polling) -> None:
    voters = polling.cast_all("aaaaaaaaab")
    polling.tick(2)
    polling.take_back(voters[0])
    polling.cast_all("b", skip=10)
    polling.tick(3)
    assert polling.totals("NL") == {}


def test_a_late_answer_is_not_counted_with_a_box_it_did_not_wait_in(polling: Polling) -> None:
    polling.cast_all(MIXED)
    polling.tick()
    late = polling.cast_all("c", skip=10)[0]
    polling.tick()
    assert sum(polling.totals("NL").values()) == 10
    assert polling.turn(late) is Turn.IN_BOX
    polling.cast_all("aaaabbbcc", skip=11)
    polling.tick(2)
    assert sum(polling.totals("NL").values()) == 20
    assert polling.turn(late) is Turn.COUNTED


def test_taking_back_is_possible_until_the_count_and_uses_the_turn(polling: Polling) -> None:
    voters = polling.cast_all(MIXED)
    polling.take_back(voters[0])
    assert polling.turn(voters[0]) is Turn.TAKEN_BACK
    with pytest.raises(TooLate):
        polling.cast(voters[0], "b")
    polling.cast_all("a", skip=10)
    polling.tick(2)
    with pytest.raises(TooLate):
        polling.take_back(voters[1])


def test_the_national_box_counts_twenty_from_several_gemeenten(polling: Polling) -> None:
    polling.cast_all("aaaaabbbb")
    polling.tick()
    polling.nights(3)
    polling.cast_all("aaaaabbb", others=True)
    polling.nights(4)
    assert polling.totals("NL") == {}
    polling.cast_all("bbb", others=True, skip=8)
    polling.nights(4)
    assert polling.totals("NL") == {"a": 10, "b": 10, "c": 0, "x": 0}
    assert polling.totals(polling.gemeente) == {}


def test_closing_destroys_what_cannot_be_counted_and_forgets_who_took_part(
    polling: Polling,
) -> None:
    voters = polling.cast_all("aaabb")
    polling.tick()
    polling.close()
    assert polling.totals("NL") == {}
    assert polling.turn(voters[0]) is Turn.NONE
    with pytest.raises(TooLate):
        polling.cast(polling.people[20])
    assert not list(polling.counter.folder.folder.glob("*.key")) or _only_attribute_keys(polling)


def test_loose_attributes_wait_a_month_at_most_and_go_with_their_keys(polling: Polling) -> None:
    made = polling.now
    polling.cast_all(MIXED)
    polling.tick(2)
    old = boxes_of_attributes(polling)
    waiting = loose_attributes(polling)
    assert waiting >= len(MIXED)
    assert polling.counter.end_old_attributes(made + timedelta(days=KEY_DAYS, seconds=-1)) == 0
    assert loose_attributes(polling) == waiting
    assert polling.counter.end_old_attributes(made + timedelta(days=KEY_DAYS)) == len(old)
    assert loose_attributes(polling) == 0
    assert boxes_of_attributes(polling) == set()
    assert all(polling.counter.folder.private(box) is None for box in old)
    prepare(polling)
    assert len(boxes_of_attributes(polling)) == len(old)


def boxes_of_attributes(polling: Polling) -> set[str]:
    with polling.database.reading() as session:
        return set(session.execute(select(BOX.c.id).where(BOX.c.kind == ATTRIBUTE)).scalars())


def loose_attributes(polling: Polling) -> int:
    return sum(loose_in(polling).values())


def test_a_second_answer_is_refused_and_the_first_stays(polling: Polling) -> None:
    voters = polling.cast_all(MIXED)
    with pytest.raises(TooLate):
        polling.cast(voters[0], "b")
    polling.tick(2)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}


def _only_attribute_keys(polling: Polling) -> bool:
    from kopkrakers.ballots.boxes import BOX

    with polling.database.reading() as session:
        kinds = {row.id: row.kind for row in session.connection().execute(BOX.select())}
    return {kinds[key.stem] for key in polling.counter.folder.folder.glob("*.key")} == {"attribute"}
