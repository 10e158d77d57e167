"""After the end: only the report is left, and pairs that wait sealed for the land."""

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import BOX, ENVELOPE, SESSION, SHIFT
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.counter.sessions import CHILDREN, call_off_after_restore
from kopkrakers.intervisie.pages.views import PhonePage
from kopkrakers.intervisie.session import planning, reports, rounds
from kopkrakers.intervisie.session.states import ReasonState, SessionState
from kopkrakers.intervisie.session.store import LIVE_SESSION, REPORT
from kopkrakers.privacy.rules import SHIFT_WEEKS
from kopkrakers.tallies.models import SHIFT_TALLY
from tests.support.live_room import OWN, Room, reading

MARKER = "vlinderdas-marker"


def held(room: Room, first: str = "aaabbc", second: str = "aabbbc") -> Room:
    room.open()
    room.join(len(first))
    room.hold(first)
    room.reveal()
    room.hold(second, 2)
    room.reveal(2)
    return room


def keys_in(room: Room) -> set[str]:
    return {path.stem for path in room.counter.folder.folder.glob("*.key")}


def test_nothing_but_the_report_is_left(room: Room) -> None:
    before = keys_in(room)
    room.open(OWN)
    room.join(6)
    room.join(user_id=room.world.anna.id)
    room.hold("aabbxx")
    room.end()
    assert {table.name: room.count(table) for table in CHILDREN} == dict.fromkeys(
        (t.name for t in CHILDREN), 0
    )
    assert room.count(ENVELOPE) == 0
    assert room.count(BOX, BOX.c.kind == SESSION) == 0
    assert keys_in(room) == before
    (row,) = room.rows(LIVE_SESSION)
    assert (row.wording, row.cleared) == ("{}", True)
    room.clock.move(hours=1)
    room.quick()
    assert (room.count(LIVE_SESSION), room.count(REPORT)) == (0, 1)


def test_a_rehearsal_leaves_nothing(room: Room) -> None:
    room.open(rehearsal=True)
    room.join(user_id=room.world.anna.id)
    room.open_round()
    room.close()
    room.reveal()
    assert room.totals() is not None
    assert room.regie().room.figures is None
    assert room.end() is None
    room.clock.move(hours=1)
    room.quick()
    with room.database.reading() as session:
        assert turn_of(session, room.world.gerda.id, room.slug, 1) == Turn.NONE
    assert (room.count(LIVE_SESSION), room.count(REPORT), room.count(BOX, BOX.c.kind == SHIFT)) == (
        0,
        0,
        0,
    )


def test_a_session_ends_by_itself_after_a_day(room: Room) -> None:
    room.open().join(6)
    room.hold("aaabbc")
    room.clock.move(hours=23, minutes=59)
    room.quick()
    assert room.regie().room.step is not None
    room.clock.move(minutes=2)
    room.quick()
    assert (room.count(ENVELOPE), room.count(REPORT)) == (0, 1)
    with pytest.raises(TooLate):
        room.join()


def test_a_session_that_never_began_leaves_no_report(room: Room) -> None:
    room.open().join(3)
    assert room.end() is None
    assert room.count(REPORT) == 0


def test_calling_off_clears_the_lobby(room: Room) -> None:
    room.open().join(3)
    room.lead(planning.cancel, now=room.now)
    room.quick()
    assert {room.count(table) for table in CHILDREN} == {0}
    with pytest.raises(TooLate):
        room.lead(planning.open_lobby, now=room.now)


def test_a_plan_that_is_called_off_goes_at_once(room: Room) -> None:
    room.plan(OWN)
    room.lead(planning.cancel, now=room.now)
    room.quick()
    assert room.count(LIVE_SESSION) == 0


@pytest.mark.parametrize(
    ("planned_for", "last_day"),
    [(date(2026, 11, 25), date(2026, 12, 2)), (None, date(2026, 12, 21))],
)
def test_a_plan_that_nobody_opened_goes_with_the_case_in_it(
    room: Room, planned_for: date | None, last_day: date
) -> None:
    room.plan(OWN, planned_for=planned_for)
    room.clock.moment = datetime.combine(last_day, time(23, 59), AMSTERDAM)
    room.quick()
    assert room.count(LIVE_SESSION) == 1
    room.clock.move(minutes=1)
    room.quick()
    assert room.count(LIVE_SESSION) == 0
    with pytest.raises(NotYours):
        room.lead(planning.open_lobby, now=room.now)


def test_opening_a_plan_on_its_last_day_gives_it_a_day(room: Room) -> None:
    room.plan(planned_for=room.today)
    room.clock.move(days=7)
    room.lead(planning.open_lobby, now=room.now)
    room.clock.move(hours=23)
    room.quick()
    assert room.regie().room.state == SessionState.LOBBY


def test_pairs_that_were_not_counted_in_half_a_year_go_with_their_key(room: Room) -> None:
    held(room).end()
    (box,) = room.rows(BOX, BOX.c.kind == SHIFT)
    room.clock.move(weeks=SHIFT_WEEKS, seconds=-1)
    room.quick()
    assert room.count(ENVELOPE) == 6
    room.clock.move(seconds=1)
    room.quick()
    assert (room.count(ENVELOPE), room.count(BOX, BOX.c.kind == SHIFT)) == (0, 0)
    assert room.counter.folder.private(box.id) is None


def test_no_word_of_a_vote_is_left_in_the_file(room: Room) -> None:
    if not room.database.is_sqlite:
        pytest.skip("files of the embedded database")
    room.open().join(6)
    room.open_round()
    for phone in room.phones:
        room.vote(phone, "a", MARKER)
    assert MARKER not in on_disk(room)
    room.close()
    assert MARKER in on_disk(room)
    room.end()
    assert MARKER not in on_disk(room)


def on_disk(room: Room) -> str:
    path = Path(room.settings.database_url.removeprefix("sqlite:///"))
    files = [path, path.with_name(path.name + "-wal")]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())


def test_the_room_tables_hold_no_moment_of_a_vote(room: Room) -> None:
    names = {"participant", "guest", "room_tally", "reason", "live_round", "envelope"}
    types = {
        str(column.type) for name in names for column in SQLModel.metadata.tables[name].columns
    }
    assert not {kind for kind in types if "DATE" in kind.upper() or "TIME" in kind.upper()}


def test_pairs_wait_sealed_in_the_box_of_the_land(room: Room) -> None:
    held(room).end()
    (box,) = room.rows(BOX, BOX.c.kind == SHIFT)
    pairs = room.rows(ENVELOPE)
    assert {row.box_id for row in pairs} == {box.id}
    assert len(pairs) == 6
    assert len({len(row.sealed) for row in pairs}) == 1


@pytest.mark.parametrize(
    ("sessions", "counted"),
    [
        (["aaabbc"] * 3, False),
        (["aaabbc"] * 4, True),
        (["aaabbcabcab"] * 2, False),
        (["aaabbc" * 3, "aaabbc", "aaabbc"], False),
        (["aaabbc", "aaaaab", "aaabbc", "aaabbc"], False),
    ],
)
def test_pairs_are_counted_by_the_rule(room: Room, sessions: list[str], counted: bool) -> None:
    for options in sessions:
        held(room, options, options).end()
    room.tick()
    room.tick()
    total = sum(row.n for row in room.rows(SHIFT_TALLY))
    assert total == (sum(map(len, sessions)) if counted else 0)
    assert bool(room.count(ENVELOPE)) == (not counted)


def test_the_counted_pairs_say_who_went_where(room: Room) -> None:
    for _ in range(4):
        held(room, "aaabbc", "abbbbc").end()
    room.tick()
    room.tick()
    table = {(row.before, row.after): row.n for row in room.rows(SHIFT_TALLY)}
    assert len(table) == 16
    assert {key: n for key, n in table.items() if n} == {
        ("a", "a"): 4,
        ("a", "b"): 8,
        ("b", "b"): 8,
        ("c", "c"): 4,
    }


def test_of_an_own_case_no_pairs_and_no_words_of_it_stay(room: Room) -> None:
    room.open(OWN).join(6)
    room.hold("aabbxx")
    room.reveal()
    report = reading(room, reports.report, report_id=room.end())
    assert (report.title, report.own_case) == ("Eigen casus", True)
    assert "scooter" not in str(report)
    assert room.count(BOX, BOX.c.kind == SHIFT) == 0


def test_the_report_holds_what_was_shown_and_kept(room: Room) -> None:
    held(room)
    first, second, *_ = room.regie().reasons
    room.lead(rounds.judge_reason, reason_id=first.id, state=ReasonState.KEPT)
    room.lead(rounds.judge_reason, reason_id=second.id, state=ReasonState.SHOWN)
    room.lead(reports.set_agreement, number=1, text="We bellen  eerst.")
    room.lead(reports.set_look_back, day=room.today + timedelta(days=28), today=room.today)
    report = reading(room, reports.report, report_id=room.end())
    assert {row.option: row.n for row in report.before.rows} == {"a": 3, "b": 2, "c": 1, "x": 0}
    assert {row.option: row.n for row in report.after.rows} == {"a": 2, "b": 3, "c": 1, "x": 0}
    assert (report.reasons, report.agreements) == ((first.text,), ("We bellen eerst.",))
    assert report.look_back_on == room.today + timedelta(days=28)


def test_what_was_not_revealed_is_not_in_the_report(room: Room) -> None:
    room.open().join(6)
    room.hold("aaabbc")
    report = reading(room, reports.report, report_id=room.end())
    assert (report.before, report.before_sentence) == (None, None)


def test_a_restored_backup_calls_running_sessions_off(room: Room) -> None:
    held(room)
    with room.database.transaction() as session:
        call_off_after_restore(session, room.now)
    room.quick()
    assert (room.count(REPORT), room.count(ENVELOPE)) == (0, 0)
    assert room.phone(room.phones[0]).page == PhonePage.CANCELLED


def test_a_room_without_its_key_is_still_cleared(room: Room) -> None:
    held(room)
    (box,) = room.rows(BOX, BOX.c.kind == SESSION)
    room.counter.folder.destroy(box.id)
    room.end()
    assert {room.count(table) for table in CHILDREN} == {0}


def test_a_stranger_cannot_read_the_box_copied_before_the_end(room: Room, tmp_path: Path) -> None:
    if not room.database.is_sqlite:
        pytest.skip("files of the embedded database")
    room.open().join(6)
    room.open_round()
    for phone in room.phones:
        room.vote(phone, "b", MARKER)
    copy = sqlite3.connect(tmp_path / "kopie.db")
    with sqlite3.connect(room.settings.database_url.removeprefix("sqlite:///")) as source:
        source.backup(copy)
    sealed = [row[0] for row in copy.execute("select sealed from envelope")]
    assert len({len(one) for one in sealed}) == 1
    assert not any(MARKER.encode() in one for one in sealed)
