"""After the end: only the report is left, and pairs that wait sealed to be counted nationally."""

import sqlite3
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import BOX, ENVELOPE, SESSION, SHIFT
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.counter.sessions.ends import CHILDREN, call_off_after_restore
from kopkrakers.intervisie.pages.shown.views import PhonePage
from kopkrakers.intervisie.session import planning, running
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.states import ReasonState, SessionState
from kopkrakers.intervisie.session.store import LIVE_SESSION, REPORT
from kopkrakers.intervisie.session.texts.reasons import judge_reason
from kopkrakers.privacy.rules import SHIFT_WEEKS
from kopkrakers.tallies.models import SHIFT_TALLY
from tests.support.sessions.scene import OWN, SessionScene, reading

MARKER = "vlinderdas-marker"


def held(scene: SessionScene, first: str = "aaabbc", second: str = "aabbbc") -> SessionScene:
    scene.be_another_team()
    scene.open()
    scene.join(len(first))
    scene.hold(first)
    scene.reveal()
    scene.hold(second, 2)
    scene.reveal(2)
    return scene


def keys_in(scene: SessionScene) -> set[str]:
    return {path.stem for path in scene.counter.folder.folder.glob("*.key")}


def test_nothing_but_the_report_is_left(scene: SessionScene) -> None:
    before = keys_in(scene)
    scene.open(OWN)
    scene.join(6)
    scene.join(user_id=scene.world.anna.id)
    scene.hold("aabbxx")
    scene.end()
    assert {table.name: scene.count(table) for table in CHILDREN} == dict.fromkeys(
        (t.name for t in CHILDREN), 0
    )
    assert scene.count(ENVELOPE) == 0
    assert scene.count(BOX, BOX.c.kind == SESSION) == 0
    assert keys_in(scene) == before
    (row,) = scene.rows(LIVE_SESSION)
    assert (row.wording, row.cleared) == ("{}", True)
    scene.clock.move(hours=1)
    scene.quick()
    assert (scene.count(LIVE_SESSION), scene.count(REPORT)) == (0, 1)


def test_a_rehearsal_leaves_nothing(scene: SessionScene) -> None:
    scene.open(rehearsal=True)
    scene.join(user_id=scene.world.anna.id)
    scene.open_round()
    scene.close()
    scene.reveal()
    assert scene.totals() is not None
    assert scene.regie().now.figures is None
    assert scene.end() is None
    scene.clock.move(hours=1)
    scene.quick()
    with scene.database.reading() as session:
        assert turn_of(session, scene.voter(scene.world.gerda.id), scene.slug, 1) == Turn.NONE
    assert (
        scene.count(LIVE_SESSION),
        scene.count(REPORT),
        scene.count(BOX, BOX.c.kind == SHIFT),
    ) == (
        0,
        0,
        0,
    )


def test_a_session_ends_by_itself_after_a_day(scene: SessionScene) -> None:
    scene.open().join(6)
    scene.hold("aaabbc")
    scene.clock.move(hours=23, minutes=59)
    scene.quick()
    assert scene.regie().now.step is not None
    scene.clock.move(minutes=2)
    scene.quick()
    assert (scene.count(ENVELOPE), scene.count(REPORT)) == (0, 1)
    with pytest.raises(TooLate):
        scene.join()


def test_a_session_that_never_began_leaves_no_report(scene: SessionScene) -> None:
    scene.open().join(3)
    assert scene.end() is None
    assert scene.count(REPORT) == 0


def test_calling_off_clears_the_lobby(scene: SessionScene) -> None:
    scene.open().join(3)
    scene.lead(planning.cancel, now=scene.now)
    scene.quick()
    assert {scene.count(table) for table in CHILDREN} == {0}
    with pytest.raises(TooLate):
        scene.lead(planning.open_lobby, now=scene.now)


def test_a_plan_that_is_called_off_goes_at_once(scene: SessionScene) -> None:
    scene.plan(OWN)
    scene.lead(planning.cancel, now=scene.now)
    scene.quick()
    assert scene.count(LIVE_SESSION) == 0


@pytest.mark.parametrize(
    ("planned_for", "last_day"),
    [(date(2026, 11, 25), date(2026, 12, 2)), (None, date(2026, 12, 21))],
)
def test_a_plan_that_nobody_opened_goes_with_the_case_in_it(
    scene: SessionScene, planned_for: date | None, last_day: date
) -> None:
    scene.plan(OWN, planned_for=planned_for)
    scene.clock.moment = datetime.combine(last_day, time(23, 59), AMSTERDAM)
    scene.quick()
    assert scene.count(LIVE_SESSION) == 1
    scene.clock.move(minutes=1)
    scene.quick()
    assert scene.count(LIVE_SESSION) == 0
    with pytest.raises(NotYours):
        scene.lead(planning.open_lobby, now=scene.now)


def test_opening_a_plan_on_its_last_day_gives_it_a_day(scene: SessionScene) -> None:
    scene.plan(planned_for=scene.today)
    scene.clock.move(days=7)
    scene.lead(planning.open_lobby, now=scene.now)
    scene.clock.move(hours=23)
    scene.quick()
    assert scene.regie().now.state == SessionState.LOBBY


def test_pairs_that_were_not_counted_in_half_a_year_go_with_their_key(scene: SessionScene) -> None:
    held(scene).end()
    (box,) = scene.rows(BOX, BOX.c.kind == SHIFT)
    scene.clock.move(weeks=SHIFT_WEEKS, seconds=-1)
    scene.quick()
    assert scene.count(ENVELOPE) == 6
    scene.clock.move(seconds=1)
    scene.quick()
    assert (scene.count(ENVELOPE), scene.count(BOX, BOX.c.kind == SHIFT)) == (0, 0)
    assert scene.counter.folder.private(box.id) is None


def test_no_word_of_a_vote_is_left_in_the_file(scene: SessionScene) -> None:
    if not scene.database.is_sqlite:
        pytest.skip("files of the embedded database")
    scene.open().join(6)
    scene.open_round()
    for phone in scene.phones:
        scene.vote(phone, "a", MARKER)
    assert MARKER not in on_disk(scene)
    scene.close()
    assert MARKER in on_disk(scene)
    scene.end()
    assert MARKER not in on_disk(scene)


def on_disk(scene: SessionScene) -> str:
    path = Path(scene.settings.database_url.removeprefix("sqlite:///"))
    files = [path, path.with_name(path.name + "-wal")]
    return "".join(file.read_bytes().decode("latin-1") for file in files if file.exists())


def test_the_session_tables_hold_no_moment_of_a_vote(scene: SessionScene) -> None:
    names = {"participant", "guest", "room_tally", "reason", "live_round", "envelope"}
    types = {
        str(column.type) for name in names for column in SQLModel.metadata.tables[name].columns
    }
    assert not {kind for kind in types if "DATE" in kind.upper() or "TIME" in kind.upper()}


def test_pairs_wait_sealed_in_the_national_box(scene: SessionScene) -> None:
    held(scene).end()
    (box,) = scene.rows(BOX, BOX.c.kind == SHIFT)
    pairs = scene.rows(ENVELOPE)
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
def test_pairs_are_counted_by_the_rule(
    scene: SessionScene, sessions: list[str], counted: bool
) -> None:
    for options in sessions:
        held(scene, options, options).end()
    scene.tick()
    scene.tick()
    total = sum(row.n for row in scene.rows(SHIFT_TALLY))
    assert total == (sum(map(len, sessions)) if counted else 0)
    assert bool(scene.count(ENVELOPE)) == (not counted)


def test_the_counted_pairs_say_who_went_where(scene: SessionScene) -> None:
    for _ in range(4):
        held(scene, "aaabbc", "abbbbc").end()
    scene.tick()
    scene.tick()
    table = {(row.before, row.after): row.n for row in scene.rows(SHIFT_TALLY)}
    assert len(table) == 16
    assert {key: n for key, n in table.items() if n} == {
        ("a", "a"): 4,
        ("a", "b"): 8,
        ("b", "b"): 8,
        ("c", "c"): 4,
    }


def test_of_an_own_case_no_pairs_and_no_words_of_it_stay(scene: SessionScene) -> None:
    scene.open(OWN).join(6)
    scene.hold("aabbxx")
    scene.reveal()
    report = reading(scene, reports.read_report, report_id=scene.end())
    assert (report.title, report.own_case) == ("Eigen casus", True)
    assert "scooter" not in str(report)
    assert scene.count(BOX, BOX.c.kind == SHIFT) == 0


def test_the_report_holds_what_was_shown_and_kept(scene: SessionScene) -> None:
    held(scene, second="aabbbb")
    first, second, *_ = scene.regie().reasons
    scene.lead(judge_reason, reason_id=first.id, state=ReasonState.KEPT)
    scene.lead(judge_reason, reason_id=second.id, state=ReasonState.SHOWN)
    scene.lead(reports.set_agreement, number=1, text="We bellen  eerst.")
    scene.lead(reports.set_look_back, day=scene.today + timedelta(days=28), today=scene.today)
    report = reading(scene, reports.read_report, report_id=scene.end())
    assert {row.option: row.n for row in report.before.rows} == {"a": 3, "b": 2, "c": 1, "x": 0}
    assert {row.option: row.n for row in report.after.rows} == {"a": 2, "b": 4, "c": 0, "x": 0}
    assert (report.reasons, report.agreements) == ((first.text,), ("We bellen eerst.",))
    assert report.look_back_on == scene.today + timedelta(days=28)


def test_what_was_not_revealed_is_not_in_the_report(scene: SessionScene) -> None:
    scene.open().join(6)
    scene.hold("aaabbc")
    report = reading(scene, reports.read_report, report_id=scene.end())
    assert (report.before, report.before_sentence) == (None, None)


def test_a_restored_backup_calls_running_sessions_off(scene: SessionScene) -> None:
    held(scene)
    with scene.database.transaction() as session:
        call_off_after_restore(session, scene.now)
    scene.quick()
    assert (scene.count(REPORT), scene.count(ENVELOPE)) == (0, 0)
    assert scene.phone(scene.phones[0]).page == PhonePage.CANCELLED


def test_after_a_restore_no_end_can_be_taken_back(scene: SessionScene) -> None:
    held(scene)
    scene.lead(running.end, now=scene.now)
    with scene.database.transaction() as session:
        call_off_after_restore(session, scene.now)
    with pytest.raises(TooLate):
        scene.lead(running.reopen, now=scene.now)
    scene.quick()
    assert (scene.count(REPORT), scene.count(ENVELOPE)) == (1, 0)


def test_a_session_without_its_key_is_still_cleared(scene: SessionScene) -> None:
    held(scene)
    (box,) = scene.rows(BOX, BOX.c.kind == SESSION)
    scene.counter.folder.destroy(box.id)
    scene.end()
    assert {scene.count(table) for table in CHILDREN} == {0}


def test_a_stranger_cannot_read_the_box_copied_before_the_end(
    scene: SessionScene, tmp_path: Path
) -> None:
    if not scene.database.is_sqlite:
        pytest.skip("files of the embedded database")
    scene.open().join(6)
    scene.open_round()
    for phone in scene.phones:
        scene.vote(phone, "b", MARKER)
    copy = sqlite3.connect(tmp_path / "kopie.db")
    with sqlite3.connect(scene.settings.database_url.removeprefix("sqlite:///")) as source:
        source.backup(copy)
    sealed = [row[0] for row in copy.execute("select sealed from envelope")]
    assert len({len(one) for one in sealed}) == 1
    assert not any(MARKER.encode() in one for one in sealed)
