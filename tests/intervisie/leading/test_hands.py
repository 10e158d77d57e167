"""Without phones: hands are typed or not, shown to those who saw them, and apart from counts."""

from typing import Any

import pytest
from sqlalchemy import select

from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import table
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.intervisie.session import running
from kopkrakers.intervisie.session.group.hands import count_hands
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.reporting.reports import ReportView
from kopkrakers.intervisie.session.states import Verdict
from kopkrakers.intervisie.session.store import LIVE_SESSION, PARTICIPANT, ROUND, SESSION_TALLY
from kopkrakers.intervisie.session.verdicts import SENTENCES, STILL
from kopkrakers.intervisie.werkvormen.reading import werkvormen
from kopkrakers.tallies.models import Tally
from tests.support.pages import words
from tests.support.sessions.pages import SessionPages, post
from tests.support.sessions.scene import SessionScene, at_once, reading

TALLY = table(Tally)
VOTE, REVEAL, REVOTE, SHIFT = 1, 4, 6, 7
"""The steps of Kraak 45."""


def typed(scene: SessionScene, number: int, option: str, hands: int | None) -> None:
    scene.lead(count_hands, number=number, option=option, hands=hands)


def held(scene: SessionScene, first: dict[str, int], second: dict[str, int] | None = None) -> Any:
    """A whole session by hand; gives its report."""
    scene.open(without_phones=True)
    scene.lead(running.start)
    for number, counts in ((1, first), (2, second or {})):
        for option, hands in counts.items():
            typed(scene, number, option, hands)
    view: ReportView = reading(scene, reports.read_report, report_id=scene.end())
    return view


@pytest.fixture
def by_hand(pages: SessionPages) -> SessionPages:
    pages.scene.open(without_phones=True)
    return pages


@pytest.mark.parametrize("slug", werkvormen())
def test_every_werkvorm_walks_to_its_end_without_a_vote(scene: SessionScene, slug: str) -> None:
    scene.open(werkvorm=slug, without_phones=True)
    last = len(werkvormen()[slug].stappen) - 1
    scene.go_to(last)
    assert scene.regie().controls.ends
    assert scene.count(ROUND) == 0
    for step in scene.regie().steps:
        assert "telefoon" not in step.doe.lower() and not step.tabel and not step.beginwoorden
    assert scene.end() is not None


def test_what_is_typed_stands_on_the_scherm_and_goes_along_with_a_step(
    by_hand: SessionPages,
) -> None:
    by_hand.scene.go_to(VOTE)
    assert "Steek dan bij jouw werkwijze je hand op." in by_hand.scherm()
    assert "je eigen beurt" not in by_hand.regie(), "no figures are shown, so it costs none"
    assert "Tel de handen" in by_hand.regie() and "anoniem is dit niet" in by_hand.regie()
    sent = by_hand.lead("stap", van=VOTE, naar=VOTE + 1, handen_1_a="3", was_handen_1_a="")
    assert sent.status_code == 303
    by_hand.scene.go_to(REVEAL)
    page = by_hand.scherm()
    assert "Handen, geteld in de zaal" in page and "–" in page
    by_hand.lead("afspraken", handen_1_a="", was_handen_1_a="3")
    assert "Handen, geteld" not in by_hand.scherm()


def test_no_code_and_no_phone(by_hand: SessionPages) -> None:
    for state in ("lobby", "running"):
        assert by_hand.code not in by_hand.scherm().replace(" ", "")
        phone = by_hand.app.test_client()
        assert "gaat zonder telefoons" in words(phone.get(by_hand.at()))
        assert post(phone, by_hand.at(), "/doe-mee").status_code == 409
        if state == "lobby":
            by_hand.lead("begin")
    assert by_hand.scene.count(PARTICIPANT) == 0


@pytest.mark.parametrize("number", ["-1", "1000", "veel", "1.5", "9" * 500])
def test_a_strange_number_says_so_and_comes_back(by_hand: SessionPages, number: str) -> None:
    by_hand.scene.go_to(VOTE)
    refused = by_hand.lead("afspraken", handen_1_a=number, was_handen_1_a="", afspraak_1="")
    assert refused.status_code == 422 and number in refused.text
    assert by_hand.scene.regie().now.counted_hands == ()


@pytest.mark.parametrize(("number", "option"), [(1, "d"), (1, "z"), (3, "a"), (0, "a")])
def test_hands_are_for_an_option_in_a_vote_of_this_session(
    scene: SessionScene, number: int, option: str
) -> None:
    scene.open(without_phones=True)
    scene.lead(running.start)
    with pytest.raises(WrongInput):
        typed(scene, number, option, 3)


def test_a_session_with_phones_takes_no_hands(scene: SessionScene) -> None:
    scene.open()
    scene.lead(running.start)
    with pytest.raises(WrongInput):
        typed(scene, 1, "a", 3)


def test_hands_are_typed_while_the_session_runs(scene: SessionScene) -> None:
    scene.open(without_phones=True)
    with pytest.raises(TooLate):
        typed(scene, 1, "a", 3)


def test_two_begeleiders_at_once_lose_no_number(scene: SessionScene) -> None:
    scene.open(without_phones=True)
    scene.lead(running.start)
    who: dict[str, Any] = {"code": scene.code, "user_id": scene.world.gerda.id, "number": 1}
    done = at_once(
        scene,
        lambda session: count_hands(session, option="a", hands=3, **who),
        lambda session: count_hands(session, option="b", hands=2, **who),
    )
    assert done == ["done", "done"]
    assert scene.regie().now.hands == {1: {"a": 3, "b": 2}}


def test_the_second_time_is_not_shown_before_its_step(scene: SessionScene) -> None:
    scene.open(without_phones=True)
    scene.go_to(REVOTE)
    typed(scene, 1, "a", 3)
    typed(scene, 2, "a", 2)
    shown = {step: len(counted_at(scene, step)) for step in (VOTE, REVEAL, REVOTE, SHIFT)}
    assert shown == {VOTE: 1, REVEAL: 1, REVOTE: 2, SHIFT: 2}


def counted_at(scene: SessionScene, step: int) -> tuple[Any, ...]:
    scene.go_to(step)
    return scene.regie().now.counted_hands


def test_the_report_holds_hands_by_the_rules_of_votes(scene: SessionScene) -> None:
    report = held(scene, {"a": 3, "b": 2, "c": 1}, {"a": 1, "b": 4, "c": 1})
    assert report.by_hand
    assert {row.option: row.n for row in report.before.rows} == {"a": 3, "b": 2, "c": 1, "x": 0}
    assert {row.option: row.n for row in report.after.rows} == {"a": 1, "b": 4, "c": 1, "x": 0}


@pytest.mark.parametrize(
    ("first", "second", "sentences"),
    [
        ({"a": 5}, None, (Verdict.ALIKE, None)),
        ({"a": 40, "b": 1}, None, (Verdict.ALIKE, None)),
        ({"a": 2, "b": 2}, None, (Verdict.FEW, None)),
        ({"a": 3, "b": 2}, {"a": 1, "b": 3}, (None, Verdict.FEW)),
        ({"a": 3, "b": 3}, {"a": 2, "b": 5}, (None, Verdict.OTHERS)),
        ({"a": 6}, {"a": 3, "b": 3}, (Verdict.ALIKE, Verdict.WITHHELD)),
        ({}, None, (None, None)),
    ],
)
def test_a_reader_of_the_report_never_learns_what_each_of_them_chose(
    scene: SessionScene,
    first: dict[str, int],
    second: dict[str, int] | None,
    sentences: tuple[Verdict | None, Verdict | None],
) -> None:
    report = held(scene, first, second)
    told = tuple(SENTENCES[verdict] if verdict else None for verdict in sentences)
    assert (report.before_sentence, report.after_sentence) == told
    assert (report.before is None) == (sentences[0] is not None or not first)
    assert report.after is None


def test_one_who_moved_is_not_told_from_none(scene: SessionScene) -> None:
    report = held(scene, {"a": 3, "b": 3}, {"a": 4, "b": 2})
    assert report.after is None and report.after_sentence == STILL


def test_hands_meet_nothing_that_is_counted(scene: SessionScene) -> None:
    def kept() -> list[Any]:
        with scene.database.reading() as session:
            return list(session.execute(select(TALLY)).all())

    before = kept()
    held(scene, {"a": 30, "b": 20}, {"a": 10, "b": 40})
    scene.tick()
    assert kept() == before
    assert (scene.count(ENVELOPE), scene.count(SESSION_TALLY)) == (0, 0)
    with scene.database.reading() as session:
        turn = turn_of(session, scene.voter(scene.world.gerda.id), scene.slug, 1)
    assert turn == Turn.NONE, "no figures were shown"
    (row,) = scene.rows(LIVE_SESSION)
    assert row.cleared and row.hands is None


def test_options_stay_what_they_are_once_hands_were_counted(scene: SessionScene) -> None:
    scene.open(werkvorm="dilemmamethode", without_phones=True)
    scene.lead(running.start)
    assert scene.regie().may_write_options
    typed(scene, 1, "a", 3)
    assert not scene.regie().may_write_options


def test_planning_offers_it_and_says_what_it_costs(pages: SessionPages) -> None:
    address = f"/team/{pages.world.team_noord}/intervisie"
    assert "De zaal ziet dan wie wat kiest" in words(pages.gerda.get(address))
    fields = {"soort": "dilemma", "dilemma": pages.scene.slug, "werkvorm": "kraak-45"}
    answer = post(pages.gerda, address, "", **fields, doe="start", zonder_telefoons="ja")
    assert "Zonder telefoons" in words(pages.gerda.get(answer.location))


def test_report_and_markdown_say_that_hands_were_counted(scene: SessionScene, pages: Any) -> None:
    report = held(scene, {"a": 3, "b": 2})
    for end in ("", ".md"):
        assert "telde de handen in de zaal" in words(pages.gerda.get(f"/verslag/{report.id}{end}"))
