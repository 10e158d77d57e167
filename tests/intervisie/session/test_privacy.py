"""Attacks on a session: database, statements and pages tell nothing of one person's vote."""

from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import update
from sqlmodel import SQLModel

from kopkrakers.ballots.boxes import BOX, ENVELOPE, SESSION, SHIFT, refusals
from kopkrakers.counter.build import QUICK_JOBS
from kopkrakers.counter.loop import keep_looking
from kopkrakers.counter.sessions.rounds import count_round
from kopkrakers.intervisie.session import rounds
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import PARTICIPANT, REASON, SESSION_TALLY
from kopkrakers.intervisie.session.verdicts import Pair, first_verdict, second_verdict, shift_table
from tests.support.pages import statements
from tests.support.sessions.scene import SessionScene


def voting(scene: SessionScene, people: int = 6) -> SessionScene:
    scene.open()
    scene.join(people)
    scene.open_round()
    return scene


def test_before_closing_nothing_about_a_vote_can_be_read(scene: SessionScene) -> None:
    voting(scene)
    for phone, option in zip(scene.phones, "aaabbc", strict=True):
        scene.vote(phone, option, "omdat het zo is")
    assert (scene.count(SESSION_TALLY), scene.count(REASON)) == (0, 0)
    assert len({len(row.sealed) for row in scene.rows(ENVELOPE)}) == 1
    assert "omdat" not in str(scene.rows(ENVELOPE))
    scene.tick()
    assert (scene.count(SESSION_TALLY), scene.count(REASON)) == (0, 0)


def test_every_vote_takes_the_same_statements_and_bytes(scene: SessionScene) -> None:
    voting(scene)
    sent = []
    for phone, option, reason in zip(
        scene.phones, "abcxaa", ("", "kort", "x" * 280, "é" * 280, "", "😀" * 280), strict=True
    ):
        with statements() as seen:
            scene.vote(phone, option, reason)
        sent.append(tuple(seen))
    assert len(set(sent)) == 1
    assert len({len(row.sealed) for row in scene.rows(ENVELOPE)}) == 1


@pytest.mark.parametrize("options", ["aaaa", "abcx", "aabb", "a"])
def test_few_is_the_same_whatever_was_chosen(scene: SessionScene, options: str) -> None:
    scene.open().join(len(options))
    with statements() as seen:
        scene.hold(options)
    scene.reveal()
    shown = scene.regie().now.rounds[0]
    assert (shown.verdict, shown.totals, scene.count(SESSION_TALLY)) == (Verdict.FEW, None, 0)
    assert shown.sentence == "Er stemden minder dan 5 mensen. Dan tonen we nooit cijfers."
    assert "room_tally" not in " ".join(sql for sql in seen if sql.startswith("INSERT"))


@pytest.mark.parametrize("option", ["a", "b", "x"])
def test_near_unanimity_names_no_option(scene: SessionScene, option: str) -> None:
    scene.open().join(7)
    scene.hold(option * 6 + "c")
    scene.reveal()
    shown = scene.regie().now.rounds[0]
    assert (shown.verdict, scene.count(SESSION_TALLY)) == (Verdict.ALIKE, 0)
    assert shown.sentence == "Jullie zitten bijna op één lijn. Daarom tonen we geen cijfers."
    assert shown.way_on == "Vraag: wie verdedigt de andere kant?"


def test_reasons_stand_in_no_order_of_people(scene: SessionScene) -> None:
    voting(scene, 40)
    for number, phone in enumerate(scene.phones):
        scene.vote(phone, "ab"[number % 2], f"{number:02}")
    scene.close()
    texts = [row.text for row in scene.rows(REASON)]
    assert sorted(texts) == [f"{number:02}" for number in range(40)]
    assert texts != sorted(texts)
    assert {column.name for column in REASON.c} == {"id", "session_id", "round", "text", "state"}


def test_totals_hold_every_option_in_fixed_order(scene: SessionScene) -> None:
    voting(scene)
    for phone, option in zip(scene.phones, "ccbbbb", strict=True):
        scene.vote(phone, option)
    scene.close()
    assert {row.option: row.n for row in scene.rows(SESSION_TALLY)} == {
        "a": 0,
        "b": 4,
        "c": 2,
        "x": 0,
    }


def test_a_forged_moved_or_foreign_envelope_is_not_counted(scene: SessionScene) -> None:
    voting(scene, 8)
    for phone, option in zip(scene.phones, "aaabbbcc", strict=True):
        scene.vote(phone, option)
    first, second, *_ = scene.rows(ENVELOPE)
    with scene.database.transaction() as session:
        swap = update(ENVELOPE).where(ENVELOPE.c.voter == first.voter).values(sealed=second.sealed)
        session.connection().execute(swap)
        gone = update(ENVELOPE).where(ENVELOPE.c.voter == second.voter).values(voter="f" * 32)
        session.connection().execute(gone)
    scene.close()
    assert sum(row.n for row in scene.rows(SESSION_TALLY)) == 6
    with scene.database.reading() as session:
        assert refusals(session) == 2


def test_a_vote_is_not_sealed_to_a_key_that_someone_put_in(scene: SessionScene) -> None:
    voting(scene)
    with scene.database.transaction() as session:
        session.connection().execute(
            update(BOX).where(BOX.c.kind == SESSION).values(public_key=b"k" * 32)
        )
    with pytest.raises(Exception, match="Stemmen kan nu even niet"):
        scene.vote(scene.phones[0], "a")


def test_a_counter_that_dies_while_closing_loses_and_doubles_nothing(scene: SessionScene) -> None:
    voting(scene)
    for phone, option in zip(scene.phones, "aaabbc", strict=True):
        scene.vote(phone, option)
    scene.lead(rounds.close_round, number=1)
    with pytest.raises(ZeroDivisionError), scene.database.transaction() as session:
        count_round(scene.counter, session, scene.id, 1, scene.now)
        raise ZeroDivisionError("killed before commit")
    assert scene.count(SESSION_TALLY) == 0
    scene.quick()
    scene.quick()
    assert sum(row.n for row in scene.rows(SESSION_TALLY)) == 6


def test_whoever_ties_a_guest_to_a_participant_finds_nothing_readable(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.join(user_id=scene.world.anna.id)
    participants = [row.id for row in scene.rows(PARTICIPANT)]
    for number in (1, 2):
        scene.hold("aabbcc", number)
        assert named_in(scene, participants) == {"participant", "envelope"}
        scene.reveal(number)
    scene.end()
    assert scene.count(ENVELOPE) == 6, "pairs wait, under ids of their own"
    assert named_in(scene, participants) == set()


def named_in(scene: SessionScene, ids: Sequence[str]) -> set[str]:
    """The tables in which any of these ids stands, in whatever column."""
    names = set()
    for table in SQLModel.metadata.sorted_tables:
        text = "\n".join(str(row) for row in scene.rows(table))
        if any(id_ in text for id_ in ids):
            names.add(table.name)
    return names


def test_pairs_carry_neither_session_nor_participant(scene: SessionScene) -> None:
    scene.open().join(6)
    for number in (1, 2):
        scene.hold("aabbcc", number)
        scene.reveal(number)
    participants = {row.id for row in scene.rows(PARTICIPANT)}
    session_id = scene.id
    scene.end()
    pairs = scene.rows(ENVELOPE)
    assert not participants & {row.voter for row in pairs}
    assert {row.subject for row in pairs} == {scene.slug}
    assert session_id not in str(pairs) + str(scene.rows(BOX, BOX.c.kind == SHIFT))


def test_the_counters_loop_closes_a_vote_at_once_not_at_the_next_tick(scene: SessionScene) -> None:
    voting(scene)
    for phone, option in zip(scene.phones, "aaabbc", strict=True):
        scene.vote(phone, option)
    stop = Event()
    looking = Thread(
        target=keep_looking, args=(scene.counter, scene.library, scene.clock, stop, QUICK_JOBS)
    )
    looking.start()
    try:
        scene.lead(rounds.close_round, number=1)
        patience = monotonic() + 30  # a second on a machine of its own; tests share theirs
        while scene.regie().now.rounds[0].state != RoundState.CLOSED and monotonic() < patience:
            sleep(0.05)
        assert scene.regie().now.rounds[0].state == RoundState.CLOSED
    finally:
        stop.set()
        looking.join()


def test_what_may_be_said_follows_from_the_others_alone() -> None:
    assert first_verdict({"a": 3, "b": 1}) == Verdict.FEW
    assert first_verdict({"a": 4, "b": 1}) == Verdict.ALIKE
    assert first_verdict({"a": 3, "b": 2}) == Verdict.COUNTED
    for first in (Verdict.COUNTED, Verdict.ALIKE, Verdict.FEW):
        assert second_verdict({"a": 9, "b": 9}, first=first, same_people=False) == Verdict.OTHERS
        assert second_verdict({"a": 2, "b": 2}, first=first, same_people=True) == Verdict.FEW


def test_a_shift_table_keeps_both_margins_safe() -> None:
    def pairs(*moves: str) -> list[Pair]:
        return [Pair(f"sessie {number}", *move) for number in range(4) for move in moves]

    assert shift_table("abx", pairs("aa", "ab", "ba", "bb", "ab")) is not None
    assert shift_table("abx", pairs("aa", "ab", "aa", "ab", "aa")) is None
    assert shift_table("abx", pairs("aa", "ba", "aa", "ba", "aa")) is None
