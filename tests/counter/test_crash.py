"""`kill -9` at any moment: acknowledged votes are counted or wait, none twice; a tick heals."""

from typing import Any

import pytest

from kopkrakers.answers.models import Participation
from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.counter.moving import night
from tests.counter.crashes import at_key, at_the_end, before, before_commit, killed
from tests.support.attacks import Attacker
from tests.support.polling import Polling, prepare

MIXED = "aaaaabbbcc"
COUNTED = {"a": 5, "b": 3, "c": 2, "x": 0}
TURN: Any = table(Participation)
IN_A_COUNT = {
    "total": before("INSERT INTO tally"),
    "attributes": before("INSERT INTO attribute_envelope"),
    "envelopes": before("DELETE FROM envelope"),
    "box": before("DELETE FROM ballot_box"),
    "next key": at_key("os.rename", ".key"),
    "next box": before("INSERT INTO ballot_box"),
    "commit": before_commit,
}
"""Moments inside the transaction of a count, in their order."""


def keys_in(polling: Polling) -> set[str]:
    return {path.name for path in polling.counter.folder.folder.glob("*.key*")}


def assert_keys_fit_boxes(attacker: Attacker) -> None:
    """After five ticks only the keys of boxes are left, whatever was orphaned or unfinished."""
    attacker.tick(5)
    assert keys_in(attacker.polling) == {f"{box.id}.key" for box in attacker.rows(BOX)}


def test_a_vote_that_was_not_committed_is_not_there_and_can_be_cast_again(
    attacker: Attacker,
) -> None:
    polling, person = attacker.polling, attacker.polling.people[0]
    for moment in (before("INSERT INTO envelope"), before_commit):
        killed(polling, moment, lambda own: own.cast(person, "b"))
        assert (polling.turn(person), attacker.rows(ENVELOPE), attacker.rows(TURN)) == (
            Turn.NONE,
            [],
            [],
        )
    killed(polling, at_the_end, lambda own: own.cast(person, "b"))
    assert polling.turn(person) is Turn.IN_BOX
    assert len(attacker.rows(ENVELOPE)) == 1


def test_taking_back_is_done_whole_or_not_at_all(attacker: Attacker) -> None:
    polling, person = attacker.polling, attacker.polling.people[0]
    polling.cast(person, "b")
    for moment in (before("UPDATE participation"), before_commit):
        killed(polling, moment, lambda own: own.take_back(person))
        assert (polling.turn(person), len(attacker.rows(ENVELOPE))) == (Turn.IN_BOX, 1)
    killed(polling, at_the_end, lambda own: own.take_back(person))
    assert (polling.turn(person), attacker.rows(ENVELOPE)) == (Turn.TAKEN_BACK, [])


def test_a_count_that_was_not_committed_did_not_happen_and_the_next_one_does(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    voters = polling.cast_all(MIXED)
    attacker.tick()
    for name, moment in IN_A_COUNT.items():
        killed(polling, moment, lambda own: own.tick())
        assert (polling.totals("NL"), len(attacker.rows(ENVELOPE))) == ({}, 10), name
        assert not attacker.rows(ATTRIBUTE_ENVELOPE), name
        assert {polling.turn(voter) for voter in voters} == {Turn.IN_BOX}, name
    attacker.tick()
    assert polling.totals("NL") == COUNTED
    assert {polling.turn(voter) for voter in voters} == {Turn.COUNTED}
    assert_keys_fit_boxes(attacker)


@pytest.mark.parametrize(
    "moment", [at_key("open"), at_key("os.remove")], ids=["overwritten", "removed"]
)
def test_a_count_whose_key_was_not_destroyed_is_not_done_again_and_the_key_goes(
    attacker: Attacker, moment: Any
) -> None:
    polling = attacker.polling
    voters = polling.cast_all(MIXED)
    box = attacker.box("gemeente", polling.gemeente)
    attacker.tick()
    killed(polling, moment, lambda own: own.tick())
    assert polling.totals("NL") == COUNTED
    assert f"{box.id}.key" in keys_in(polling)
    attacker.tick()
    assert polling.totals("NL") == COUNTED
    assert {polling.turn(voter) for voter in voters} == {Turn.COUNTED}
    assert_keys_fit_boxes(attacker)


def test_a_box_whose_making_was_cut_off_is_made_by_the_next_tick(attacker: Attacker) -> None:
    polling = attacker.polling
    attacker.remove(BOX)
    for moment in (at_key("os.rename"), before("INSERT INTO ballot_box"), before_commit):
        killed(polling, moment, prepare)
        assert not attacker.rows(BOX)
    attacker.tick()
    polling.cast_all(MIXED)
    attacker.tick(2)
    assert polling.totals("NL") == COUNTED
    assert_keys_fit_boxes(attacker)


def test_a_night_or_a_close_that_was_cut_off_is_done_by_the_next(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbb")
    polling.cast_all("aaaaabbbbbc", others=True)
    night(polling.counter, polling.now)
    night(polling.counter, polling.now)
    for moment in (before("UPDATE envelope"), before_commit):
        killed(polling, moment, lambda own: night(own.counter, own.now))
        assert {row.nights for row in attacker.rows(ENVELOPE)} == {2}
    for moment in (
        before("DELETE FROM ballot_box"),
        before("UPDATE edition SET settled"),
        at_key("os.remove"),
    ):
        killed(polling, moment, lambda own: own.close())
    attacker.tick()
    assert polling.totals("NL") == {"a": 10, "b": 9, "c": 1, "x": 0}
    assert not attacker.rows(ENVELOPE)
    assert_keys_fit_boxes(attacker)
