"""Keys and the database together: what a count destroys, and what happens when the folder fails."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nacl.exceptions import CryptoError

from kopkrakers.answers.models import Participation
from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import ATTRIBUTE, BOX, ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.base.errors import ConfigurationError, NotNow
from kopkrakers.counter.keys import KeyFolder
from tests.counter.folders import full_disk, read_only
from tests.support.attacks import Attacker, unseal
from tests.support.polling import Polling, prepare

MIXED = "aaaaabbbcc"
COUNTED = {"a": 5, "b": 3, "c": 2, "x": 0}
TURN: Any = table(Participation)


def keys_in(polling: Polling) -> dict[str, bytes | None]:
    folder = polling.counter.folder
    return {path.stem: folder.private(path.stem) for path in folder.folder.glob("*.key")}


def test_an_envelope_saved_before_the_count_cannot_be_opened_after_it(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    saved = [row.sealed for row in attacker.rows(ENVELOPE)]
    box_id = attacker.box("gemeente", polling.gemeente).id
    assert unseal(keys_in(polling)[box_id] or b"", saved[0])[1:] == "w---"
    attacker.tick(2)
    assert box_id not in keys_in(polling)
    for private in keys_in(polling).values():
        for sealed in saved:
            with pytest.raises(CryptoError):
                unseal(private or b"", sealed)


def test_an_envelope_saved_before_it_moved_to_national_cannot_be_opened_after(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    polling.cast_all("aaabb")
    saved = [row.sealed for row in attacker.rows(ENVELOPE)]
    polling.nights(2)
    polling.cast(polling.people[10], "c")
    polling.nights(1)
    assert attacker.envelope(polling.people[0]).box_id == attacker.box("land", "NL").id
    for private in keys_in(polling).values():
        for sealed in saved:
            with pytest.raises(CryptoError):
                unseal(private or b"", sealed)
    stayed = attacker.envelope(polling.people[10])
    assert (stayed.nights, stayed.lived) == (1, True)
    assert set(keys_in(polling)) == {row.id for row in attacker.rows(BOX)}


def test_a_count_destroys_exactly_the_keys_of_what_it_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    before = set(keys_in(polling))
    counted = attacker.box("gemeente", polling.gemeente).id
    # what waits there was written anew, beside what the count brought along
    renewed = {row.id for row in attacker.rows(BOX, BOX.c.kind == ATTRIBUTE)}
    polling.cast_all(MIXED)
    polling.cast_all("aaabb", others=True)
    attacker.tick(2)
    assert before - set(keys_in(polling)) == {counted} | renewed
    assert set(keys_in(polling)) == {row.id for row in attacker.rows(BOX)}


@pytest.mark.parametrize(
    "what_is_left",
    [None, "0" * 97, "2026-11-23T08:00:00+00:00 " + "11" * 32],
    ids=["nothing", "zeros", "another key"],
)
def test_a_lost_key_gives_up_its_box_alone_and_says_so(
    attacker: Attacker, what_is_left: str | None
) -> None:
    polling = attacker.polling
    lost = polling.cast_all(MIXED)
    kept = polling.cast_all(MIXED, others=True)
    key = polling.counter.folder.folder / f"{attacker.box('gemeente', polling.gemeente).id}.key"
    key.unlink() if what_is_left is None else key.write_text(what_is_left)
    attacker.tick(2)
    assert polling.totals("NL") == polling.totals(polling.other_gemeente) == COUNTED
    assert {polling.turn(voter) for voter in lost} == {Turn.NOT_COUNTED}
    assert {polling.turn(voter) for voter in kept} == {Turn.COUNTED}
    assert attacker.refused() == 10
    polling.cast_all(MIXED, skip=10)
    attacker.tick(2)
    assert polling.totals(polling.gemeente) == COUNTED


def test_a_key_made_for_a_box_that_never_came_is_swept(attacker: Attacker) -> None:
    attacker.polling.counter.folder.make("f" * 32, attacker.polling.now)
    attacker.tick(4)
    assert "f" * 32 in keys_in(attacker.polling)
    attacker.tick()
    assert "f" * 32 not in keys_in(attacker.polling)


@pytest.mark.parametrize("other", ["empty", "another instance", "gone"])
def test_another_folder_stops_the_count_and_costs_nobody_a_vote(
    attacker: Attacker, other: str
) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick()
    folder = polling.counter.folder.folder.parent / "andere-sleutels"
    if other != "gone":
        folder.mkdir(mode=0o700)
    if other == "another instance":
        KeyFolder(folder).belong_to(None)
        KeyFolder(folder).make("f" * 32, polling.now - timedelta(days=1))
    with pytest.raises((ConfigurationError, FileNotFoundError)):
        attacker.tick(counter=replace(polling.counter, folder=KeyFolder(folder)))
    assert len(attacker.rows(ENVELOPE)) == 10
    assert other != "another instance" or KeyFolder(folder).private("f" * 32)
    attacker.tick()
    assert polling.totals("NL") == COUNTED


def without_boxes(attacker: Attacker) -> Path:
    """As on the first morning: the instance is known, no box stands ready."""
    attacker.remove(BOX)
    folder = attacker.polling.counter.folder.folder
    for key in folder.glob("*.key"):
        key.unlink()
    return folder


@pytest.mark.parametrize("fault", ["full", "read-only", "missing"])
def test_a_folder_that_fails_leaves_no_half_box_and_voting_waits(
    attacker: Attacker, fault: str
) -> None:
    polling, folder = attacker.polling, without_boxes(attacker)
    away = folder.with_name("weg")
    if fault == "full":
        with full_disk(), pytest.raises(OSError, match="too large"):
            prepare(polling)
    elif fault == "read-only":
        with read_only(folder), pytest.raises(PermissionError):
            prepare(polling)
    else:
        shutil.move(folder, away)
        with pytest.raises(FileNotFoundError):
            prepare(polling)
        shutil.move(away, folder)
    assert not attacker.rows(BOX)
    with pytest.raises(NotNow, match="Stemmen kan nu even niet") as refusal:
        polling.cast(polling.people[0])
    assert refusal.value.status == 503
    assert not attacker.rows(TURN)
    prepare(polling)
    polling.cast(polling.people[0])


def test_a_count_that_cannot_make_the_next_box_counts_nothing_yet(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all(MIXED)
    attacker.tick()
    with read_only(polling.counter.folder.folder), pytest.raises(PermissionError):
        polling.tick()
    assert polling.totals("NL") == {}
    attacker.tick()
    assert polling.totals("NL") == COUNTED
