"""Envelopes that were moved, altered or forged are not counted, and their voters are told so."""

from collections.abc import Callable
from typing import Any

from nacl.public import PrivateKey

from kopkrakers.answers.models import Participation
from kopkrakers.answers.service import Turn, box_of_pool
from kopkrakers.ballots.boxes import ENVELOPE, put_in_box
from kopkrakers.ballots.sealing import seal
from kopkrakers.base.db import table
from kopkrakers.counter.daily import vanished
from tests.support.attacks import OTHER_SLUG, Attacker
from tests.support.polling import KEYS, SLUG

MIXED = "aaaaabbbcc"
COUNTED = {"a": 5, "b": 3, "c": 2, "x": 0}
TURN: Any = table(Participation)


def changed(**values: Any) -> Callable[[Attacker, int], None]:
    return lambda attacker, victim: attacker.change_envelope(victim, **values)


def moved_to(kind: str, pool: str) -> Callable[[Attacker, int], None]:
    def move(attacker: Attacker, victim: int) -> None:
        where = attacker.polling.other_gemeente if pool == "other" else pool
        attacker.change_envelope(victim, box_id=attacker.box(kind, where).id)

    return move


def sealed_by_attacker(attacker: Attacker, victim: int) -> None:
    public = attacker.box("gemeente", attacker.polling.gemeente).public_key
    attacker.change_envelope(victim, sealed=seal(public, "bw---"))


def sealed_to_own_key(attacker: Attacker, victim: int) -> None:
    attacker.change_envelope(victim, sealed=seal(bytes(PrivateKey.generate().public_key), "bw---"))


def one_bit_changed(attacker: Attacker, victim: int) -> None:
    sealed = bytearray(attacker.envelope(victim).sealed)
    sealed[-1] ^= 1
    attacker.change_envelope(victim, sealed=bytes(sealed))


def swapped_with_a_neighbour(attacker: Attacker, victim: int) -> None:
    neighbour = attacker.envelope(attacker.polling.people[0])
    attacker.change_envelope(victim, sealed=neighbour.sealed, mac=neighbour.mac)


ATTACKS = {
    "moved to another gemeente": moved_to("gemeente", "other"),
    "moved to the land": moved_to("land", "NL"),
    "moved among attributes": moved_to("attribute", "certainty"),
    "named for another dilemma": changed(subject=OTHER_SLUG),
    "named for another edition": changed(edition=2),
    "made riper": changed(nights=2),
    "marked as tried": changed(tried=True),
    "mac gone": changed(mac=b"\0" * 32),
    "empty": changed(sealed=b""),
    "one bit": one_bit_changed,
    "sealed by the attacker": sealed_by_attacker,
    "sealed to another key": sealed_to_own_key,
    "swapped": swapped_with_a_neighbour,
}


def test_tampered_envelopes_are_refused_and_the_others_are_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    victims = dict(zip(ATTACKS, polling.cast_all("c" * len(ATTACKS), skip=10), strict=True))
    attacker.tick()
    for name, victim in victims.items():
        ATTACKS[name](attacker, victim)
    attacker.tick()
    assert polling.totals("NL") == COUNTED
    assert {name: polling.turn(victim) for name, victim in victims.items()} == dict.fromkeys(
        ATTACKS, Turn.NOT_COUNTED
    )
    assert attacker.refused() == len(ATTACKS)
    assert not attacker.rows(ENVELOPE)


def test_a_young_envelope_made_ripe_is_refused(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick()
    victim = polling.cast_all("c", skip=10)[0]
    attacker.change_envelope(victim, lived=True)
    attacker.tick()
    assert (polling.totals("NL"), polling.turn(victim), attacker.refused()) == (
        COUNTED,
        Turn.NOT_COUNTED,
        1,
    )


def test_an_envelope_put_back_after_it_was_taken_back_is_not_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    victim = polling.cast_all("c", skip=10)[0]
    copied = attacker.envelope(victim)._asdict()
    polling.take_back(victim)
    attacker.put(ENVELOPE, copied)
    attacker.tick(2)
    assert (polling.totals("NL"), polling.turn(victim), attacker.refused()) == (
        COUNTED,
        Turn.NOT_COUNTED,
        1,
    )


def test_envelopes_for_people_who_did_not_vote_are_not_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    ghost = polling.people[30]
    copied = attacker.envelope(polling.people[9])._asdict()
    made_up = [polling.pseudonym(ghost), str(ghost), "²", "9" * 32, "-1", "niemand", ""]
    for voter in made_up:
        attacker.put(ENVELOPE, copied | {"voter": voter})
    attacker.tick(2)
    assert (polling.totals("NL"), attacker.refused()) == (COUNTED, len(made_up))
    assert polling.turn(ghost) is Turn.NONE
    assert polling.turn(polling.people[0]) is Turn.COUNTED


def test_a_made_up_turn_does_not_make_a_forged_envelope_count(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    ghost = polling.people[30]
    which = {
        "pseudonym": polling.pseudonym(ghost),
        "dilemma": SLUG,
        "edition": 1,
        "state": Turn.IN_BOX,
    }
    attacker.put(TURN, which)
    attacker.put(
        ENVELOPE,
        attacker.envelope(polling.people[0])._asdict() | {"voter": polling.pseudonym(ghost)},
    )
    attacker.tick(2)
    assert (polling.totals("NL"), polling.turn(ghost)) == (COUNTED, Turn.NOT_COUNTED)


def test_a_forged_envelope_takes_nothing_from_the_voter_it_names(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all(MIXED)
    copied = attacker.envelope(voters[0])._asdict()
    attacker.put(ENVELOPE, copied | {"subject": OTHER_SLUG})
    attacker.tick(2)
    assert polling.totals("NL") == COUNTED
    assert [polling.turn(voter) for voter in voters] == [Turn.COUNTED] * 10
    assert attacker.refused() == 1


def test_marked_votes_that_are_no_answer_to_this_card_are_not_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    wrong = ["dw---", "aq---", "aw-x-", "aw--9", "a", "", "aw----", "awawaw"]
    victims = polling.people[10 : 10 + len(wrong)]
    for victim, codes in zip(victims, wrong, strict=True):
        pseudonym = polling.pseudonym(victim)
        turn = {"pseudonym": pseudonym, "dilemma": SLUG, "edition": 1, "state": Turn.IN_BOX}
        attacker.put(TURN, turn)
        with polling.database.transaction() as session:
            put_in_box(
                session,
                box_of_pool(str(polling.gemeente), SLUG, 1),
                voter=pseudonym,
                codes=codes,
                keys=KEYS,
            )
    attacker.tick(2)
    assert (polling.totals("NL"), attacker.refused()) == (COUNTED, len(wrong))
    assert {polling.turn(victim) for victim in victims} == {Turn.NOT_COUNTED}


def test_nothing_is_opened_while_too_few_wait_and_what_is_no_answer_makes_no_group_full(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED[:9])
    wrong = polling.people[20]
    pseudonym = polling.pseudonym(wrong)
    turn = {"pseudonym": pseudonym, "dilemma": SLUG, "edition": 1, "state": Turn.IN_BOX}
    attacker.put(TURN, turn)
    with polling.database.transaction() as session:
        put_in_box(
            session,
            box_of_pool(str(polling.gemeente), SLUG, 1),
            voter=pseudonym,
            codes="dw---",
            keys=KEYS,
        )
    polling.take_back(polling.people[8])
    attacker.tick(2)
    assert (attacker.refused(), polling.turn(wrong)) == (0, Turn.IN_BOX)
    polling.cast_all("c", skip=9)
    attacker.tick(2)
    assert (attacker.refused(), polling.turn(wrong), polling.totals("NL")) == (
        1,
        Turn.NOT_COUNTED,
        {},
    )
    polling.cast_all("c", skip=10)
    attacker.tick(2)
    assert polling.totals("NL") == COUNTED


def test_a_copy_from_before_a_group_was_tried_cannot_make_it_be_tried_again(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaaaaaaaab")
    attacker.tick()
    before = [row._asdict() for row in attacker.rows(ENVELOPE)]
    attacker.tick()
    newcomer = polling.cast_all("b", skip=10)[0]
    for row in before:
        attacker.change(
            ENVELOPE,
            ENVELOPE.c.voter == row["voter"],
            tried=False,
            mac=row["mac"],
            sealed=row["sealed"],
        )
    attacker.tick(2)
    assert polling.totals("NL") == {}
    assert polling.turn(newcomer) is Turn.IN_BOX
    assert [polling.turn(voter) for voter in voters] == [Turn.NOT_COUNTED] * 10


def test_envelopes_that_were_deleted_or_given_another_name_are_missed(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all(MIXED + "abc")
    polling.take_back(voters[10])
    assert missing(attacker) == 0
    attacker.remove(ENVELOPE, ENVELOPE.c.voter == polling.pseudonym(voters[11]))
    attacker.change_envelope(voters[12], voter=polling.pseudonym(polling.people[30]))
    assert missing(attacker) == 2
    attacker.tick(2)
    assert (polling.totals("NL"), missing(attacker), attacker.refused()) == (COUNTED, 2, 1)
    polling.close()
    assert missing(attacker) == 0


def missing(attacker: Attacker) -> int:
    with attacker.polling.database.reading() as session:
        return vanished(session)
