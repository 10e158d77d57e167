"""Another secret: turns stay used, envelopes stay countable, and the former secret can go."""

from dataclasses import replace

import pytest

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import PARTICIPATION, Turn, Vote, cast_answer, take_back, turn_of
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.errors import TooLate
from kopkrakers.base.keys import Keys
from kopkrakers.counter.counter import Counter
from tests.support.attacks import Attacker
from tests.support.polling import KEYS, SLUG, TURN_KEYS

ROTATED = Keys(b"n" * 32, (TURN_KEYS.current,))
MIXED = "aaaaabbbcc"


def rotated(attacker: Attacker) -> Counter:
    return replace(attacker.polling.counter, turn_keys=ROTATED)


def turn(attacker: Attacker, person: int, keys: Keys) -> Turn:
    with attacker.polling.database.reading() as session:
        return turn_of(session, Voter(person, keys), SLUG, 1)


def cast(attacker: Attacker, person: int, keys: Keys) -> None:
    polling = attacker.polling
    with polling.database.transaction() as session:
        cast_answer(
            session,
            Vote(
                voter=Voter(person, keys),
                gemeente_id=polling.gemeente,
                dilemma=SLUG,
                edition=1,
                answer=Answer("a", "w"),
            ),
            today=polling.today,
            mac_keys=KEYS,
        )


def test_nobody_answers_twice_while_the_counter_has_not_yet_been_by(attacker: Attacker) -> None:
    voters = attacker.polling.cast_all(MIXED)
    with pytest.raises(TooLate):
        cast(attacker, voters[0], ROTATED)
    assert turn(attacker, voters[0], ROTATED) is Turn.IN_BOX


def test_the_counter_writes_turns_and_envelopes_anew(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all(MIXED)
    attacker.tick(counter=rotated(attacker))
    under_new = {Voter(person, Keys(ROTATED.current)).on(SLUG, 1) for person in voters}
    assert {row.pseudonym for row in attacker.rows(PARTICIPATION)} == under_new
    assert {row.voter for row in attacker.rows(ENVELOPE)} == under_new
    attacker.tick(counter=rotated(attacker))
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert turn(attacker, voters[0], Keys(ROTATED.current)) is Turn.COUNTED
    assert attacker.refused() == 0


def test_an_answer_can_be_taken_back_before_and_after(attacker: Attacker) -> None:
    voters = attacker.polling.cast_all(MIXED)
    for person in voters[:2]:
        with attacker.polling.database.transaction() as session:
            take_back(session, voter=Voter(person, ROTATED), dilemma=SLUG, edition=1)
        assert turn(attacker, person, ROTATED) is Turn.TAKEN_BACK
        attacker.tick(counter=rotated(attacker))


def test_a_forged_envelope_is_not_signed_on_the_way(attacker: Attacker) -> None:
    polling = attacker.polling
    victim = polling.cast_all(MIXED)[0]
    attacker.change_envelope(victim, nights=2)
    attacker.tick(2, counter=rotated(attacker))
    assert polling.totals("NL") == {}
    assert attacker.refused() == 1
    assert turn(attacker, victim, ROTATED) is Turn.NOT_COUNTED
