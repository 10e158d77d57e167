"""Boxes that someone changed or forged take no votes and are not counted; the pool goes on."""

from typing import Any

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from kopkrakers.answers.models import Participation
from kopkrakers.answers.rules import Attribute
from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.ballots.sealing import seal
from kopkrakers.base.db import table
from kopkrakers.base.errors import NotNow
from kopkrakers.counter.counting import renew_attributes
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.privacy.rules import K_ATTRIBUTE
from kopkrakers.tallies.models import ATTRIBUTE_TALLY
from tests.support.attacks import Attacker, loose_in, unseal
from tests.support.databases.recording import Said, recording
from tests.support.polling import SLUG

MIXED = "aaaaabbbcc"
COUNTED = {"a": 5, "b": 3, "c": 2, "x": 0}
TURN: Any = table(Participation)
OWN = PrivateKey.generate()
CHANGES: dict[str, dict[str, Any]] = {
    "public key": {"public_key": bytes(OWN.public_key)},
    "pool": {"pool": "999"},
    "kind": {"kind": "attribute"},
    "invented kind": {"kind": "stemhok"},
    "dilemma": {"subject": "paar-uur"},
    "edition": {"edition": 2},
    "mac": {"mac": b"\0" * 32},
}


def sealed_to(private: PrivateKey, said: list[Said]) -> list[bytes]:
    """Every sealed vote that was written, if only for a moment, and that this key opens."""
    written = [row["sealed"] for one in said for row in one.rows if "sealed" in row]
    assert written
    return [sealed for sealed in written if opens(private, sealed)]


def opens(private: PrivateKey, sealed: bytes) -> bool:
    try:
        unseal(bytes(private), sealed)
    except CryptoError:
        return False
    return True


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_changed_box_takes_no_votes_and_is_replaced(
    attacker: Attacker, changed: dict[str, Any]
) -> None:
    polling = attacker.polling
    victims = polling.cast_all(MIXED)
    attacker.tick()
    attacker.change(BOX, BOX.c.id == attacker.box("gemeente", polling.gemeente).id, **changed)
    with pytest.raises(NotNow):
        polling.cast(polling.people[10])
    assert not attacker.rows(TURN, TURN.c.pseudonym == polling.pseudonym(polling.people[10]))
    attacker.tick()
    assert {polling.turn(victim) for victim in victims} == {Turn.NOT_COUNTED}
    assert attacker.refused() == 10
    polling.cast_all(MIXED, skip=10)
    attacker.tick(2)
    assert polling.totals("NL") == COUNTED


def test_two_boxes_that_changed_places_are_replaced(attacker: Attacker) -> None:
    polling = attacker.polling
    mine, theirs = (
        attacker.box("gemeente", polling.gemeente),
        attacker.box("gemeente", polling.other_gemeente),
    )
    attacker.change(BOX, BOX.c.id == mine.id, pool="wacht")
    attacker.change(BOX, BOX.c.id == theirs.id, pool=mine.pool)
    attacker.change(BOX, BOX.c.id == mine.id, pool=theirs.pool)
    with pytest.raises(NotNow):
        polling.cast(polling.people[0])
    attacker.tick()
    polling.cast_all(MIXED)
    attacker.tick(2)
    assert polling.totals(polling.gemeente) == COUNTED


def test_at_night_nothing_is_sealed_to_a_key_that_someone_put_on_the_lands_box(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaabb")
    attacker.change(
        BOX, BOX.c.id == attacker.box("land", "NL").id, public_key=bytes(OWN.public_key)
    )
    with recording(polling.database) as said:
        polling.nights(4)
    assert sealed_to(OWN, said) == []
    assert len(attacker.rows(ENVELOPE)) == len(voters)


def test_at_the_close_nothing_is_sealed_to_a_key_that_someone_put_on_the_lands_box(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    polling.cast_all("aaabb")
    attacker.change(
        BOX, BOX.c.id == attacker.box("land", "NL").id, public_key=bytes(OWN.public_key)
    )
    with recording(polling.database) as said:
        polling.tick()
        polling.close()
    assert sealed_to(OWN, said) == []


def test_no_attribute_is_sealed_to_a_key_that_someone_put_on_its_box(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.change(
        BOX, BOX.c.id == attacker.box("attribute", "certainty").id, public_key=bytes(OWN.public_key)
    )
    with recording(polling.database) as said:
        polling.tick(2)
    assert polling.totals("NL") == COUNTED
    assert sealed_to(OWN, said) == []
    assert len(attacker.rows(ATTRIBUTE_ENVELOPE)) == 3
    assert sum(loose_in(polling).values()) == 3 * 10


def test_forged_piles_are_refused_and_the_others_stay(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    box, other = attacker.box("attribute", "certainty"), attacker.box("attribute", "expected")
    mine, theirs, third, _ = (
        attacker.rows(
            ATTRIBUTE_ENVELOPE,
            ATTRIBUTE_ENVELOPE.c.box_id == attacker.box("attribute", attribute).id,
        )[0]
        for attribute in Attribute
    )
    by_attacker = {
        "id": "f" * 32,
        "box_id": box.id,
        "tried": False,
        "sealed": seal(box.public_key, "a3"),
    }
    attacker.put(ATTRIBUTE_ENVELOPE, by_attacker | {"mac": mine.mac})
    moved = other.id if mine.box_id == box.id else box.id
    attacker.change(ATTRIBUTE_ENVELOPE, ATTRIBUTE_ENVELOPE.c.id == mine.id, box_id=moved)
    attacker.change(ATTRIBUTE_ENVELOPE, ATTRIBUTE_ENVELOPE.c.id == theirs.id, tried=True)
    changed = third.sealed[:-1] + bytes([third.sealed[-1] ^ 1])
    attacker.change(ATTRIBUTE_ENVELOPE, ATTRIBUTE_ENVELOPE.c.id == third.id, sealed=changed)
    # as after every count, and every night
    renew_attributes(polling.counter, {(SLUG, 1)}, polling.now)
    assert attacker.refused() == 4
    assert [len(codes) for _, codes in attacker.piles()] == [10]
    left = attacker.rows(BOX, BOX.c.id == attacker.rows(ATTRIBUTE_ENVELOPE)[0].box_id)
    assert left[0].pool == list(Attribute)[3]


def test_forged_piles_help_no_box_to_its_threshold(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    box = attacker.box("attribute", "certainty")
    mine = attacker.rows(ATTRIBUTE_ENVELOPE, ATTRIBUTE_ENVELOPE.c.box_id == box.id)[0]
    copies = K_ATTRIBUTE // len(MIXED)
    for number in range(copies):
        attacker.put(ATTRIBUTE_ENVELOPE, mine._asdict() | {"id": f"{number:032x}"})
    attacker.tick()
    assert attacker.rows(ATTRIBUTE_TALLY) == []
    assert attacker.refused() == copies
    assert loose_in(polling) == dict.fromkeys(Attribute, len(MIXED))


def test_a_pile_that_somebody_puts_among_envelopes_takes_none_along(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    pile = attacker.rows(ATTRIBUTE_ENVELOPE)[0]
    polling.cast_all(MIXED, skip=10)
    box = attacker.box("gemeente", polling.gemeente)
    attacker.put(ATTRIBUTE_ENVELOPE, pile._asdict() | {"id": "f" * 32, "box_id": box.id})
    renew_attributes(polling.counter, {(SLUG, 1)}, polling.now)
    attacker.tick(2)
    assert polling.totals("NL") == {option: 2 * n for option, n in COUNTED.items()}


def test_a_made_up_box_neither_stops_the_count_nor_leads_out_of_the_key_folder(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    outside = polling.counter.folder.folder.parent / "van-een-ander.key"
    outside.write_text("niet van ons")
    box = attacker.box("gemeente", polling.gemeente)._asdict()
    attacker.put(BOX, box | {"id": "../van-een-ander", "kind": "stemhok"})
    attacker.tick(2)
    assert polling.totals("NL") == COUNTED
    assert outside.read_text() == "niet van ons"
    assert not attacker.rows(BOX, BOX.c.kind == "stemhok")
