"""Loose attributes that wait: no pile, transaction or key tells which of them came together."""

from datetime import timedelta

import pytest

from kopkrakers.answers.rules import Attribute
from kopkrakers.ballots.boxes import ATTRIBUTE, BOX
from kopkrakers.counter.counting import renew_attributes, renew_old_attributes
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loop import tick
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.privacy.rules import K_ATTRIBUTE, K_ATTRIBUTE_LATE, KEY_DAYS, LATE_DAYS
from tests.counter.crashes import before, killed
from tests.support.attacks import Attacker, loose_in, open_pile
from tests.support.polling import Polling

MIXED = "aaaaabbbcc"


def mix_three_bundles(attacker: Attacker) -> None:
    """Three groups of ten are counted, two of them at one look."""
    polling = attacker.polling
    polling.cast_all(MIXED)
    polling.cast_all("bbbbbbaacx", others=True)
    attacker.tick(2)
    polling.cast_all("cccccbbbaa", skip=10)
    attacker.tick(2)


def test_all_that_wait_are_one_pile(attacker: Attacker) -> None:
    mix_three_bundles(attacker)
    piles = attacker.piles()
    assert {attribute for attribute, _ in piles} == set(Attribute)
    assert [len(codes) for _, codes in piles] == [30] * len(Attribute)


def test_without_writing_anew_a_small_group_would_lie_apart(
    attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kopkrakers.counter.counting.renew_attributes", lambda *_: None)
    mix_three_bundles(attacker)
    sizes = [len(codes) for _, codes in attacker.piles()]
    assert sizes == [10] * 3 * len(Attribute)


def test_what_was_written_before_opens_with_no_key_that_is_left(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    saved = attacker.rows(ATTRIBUTE_ENVELOPE)
    polling.cast_all(MIXED, others=True)
    attacker.tick(2)
    left = list(polling.counter.folder.folder.glob("*.key"))
    assert left
    assert not {f"{row.box_id}.key" for row in saved} & {key.name for key in left}
    private = [polling.counter.folder.private(key.stem) or b"" for key in left]
    assert all(not opens(key, row.sealed) for key in private for row in saved)
    assert not {row.id for row in saved} & {row.id for row in attacker.rows(ATTRIBUTE_ENVELOPE)}


def opens(private: bytes, sealed: bytes) -> bool:
    try:
        open_pile(private, sealed)
    except Exception:  # noqa: BLE001  any fault says that it does not open
        return False
    return True


def test_every_night_all_of_it_is_written_under_a_new_key(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    before_night = codes(attacker)
    keys = {row.id for row in attacker.rows(BOX, BOX.c.kind == ATTRIBUTE)}
    polling.now += timedelta(days=1)
    tick(polling.counter, attacker.library, polling.now)
    assert not keys & {row.id for row in attacker.rows(BOX, BOX.c.kind == ATTRIBUTE)}
    assert codes(attacker) == before_night


def codes(attacker: Attacker) -> list[tuple[str, str]]:
    return sorted((attribute, one) for attribute, pile in attacker.piles() for one in pile)


def test_the_age_of_a_box_outlives_its_keys_and_stands_in_no_table(attacker: Attacker) -> None:
    polling = attacker.polling
    made = polling.now
    polling.cast_all(MIXED)
    attacker.tick(2)
    for days in range(1, 4):
        renew_old_attributes(polling.counter, made + timedelta(days=days))
    (key, *_) = [row.id for row in attacker.rows(BOX, BOX.c.kind == ATTRIBUTE)]
    assert polling.counter.folder.born_at(key) == made
    assert polling.counter.folder.made_at(key) == made + timedelta(days=3)
    assert KeyFolder(polling.counter.folder.folder).born_at(key) == made
    polling.counter.end_old_attributes(made + timedelta(days=KEY_DAYS))
    assert attacker.rows(ATTRIBUTE_ENVELOPE) == []


def test_a_box_opens_at_a_large_number_and_at_a_smaller_one_when_its_end_is_near(
    polling: Polling,
) -> None:
    made, size = polling.now, len(MIXED)
    counted = 0
    while counted < K_ATTRIBUTE_LATE:
        polling.cast_all(MIXED, others=counted >= 40, skip=counted % 40)
        polling.tick(2)
        counted += size
    assert attributes_of(polling) == counted
    assert counted < K_ATTRIBUTE
    polling.now = made + timedelta(days=LATE_DAYS) - timedelta(minutes=30)
    polling.tick()
    assert attributes_of(polling) == counted
    polling.tick()
    assert attributes_of(polling) == 0


def attributes_of(polling: Polling) -> int:
    """Attributes that wait in each of the boxes; as many in all."""
    numbers = loose_in(polling)
    assert len(numbers) in (0, len(Attribute))
    assert len(set(numbers.values())) <= 1
    return max(numbers.values(), default=0)


def test_killed_while_writing_anew_nothing_is_lost_or_doubled(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick(2)
    waiting = codes(attacker)
    for moment in (before("DELETE FROM attribute_envelope"), before("INSERT INTO attribute_")):
        killed(
            polling, moment, lambda own: renew_attributes(own.counter, [("een-plek", 1)], own.now)
        )
        assert codes(attacker) == waiting
    attacker.tick()
    renew_attributes(polling.counter, [("een-plek", 1)], polling.now)
    assert codes(attacker) == waiting
    polling.now += timedelta(hours=2)
    attacker.tick()
    keys = {path.stem for path in polling.counter.folder.folder.glob("*.key")}
    assert keys == {row.id for row in attacker.rows(BOX)}
