"""Looking back: at what, in which order, what stays of it, and two who say it at the same time."""

from typing import Any

import pytest

from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.intervisie.agenda.service import WISH, add_wish
from kopkrakers.intervisie.session import planning, running
from kopkrakers.intervisie.session.group.retrospect import (
    AgreementOutcome,
    KeptAgreement,
    LookBack,
    last_agreements,
    say_outcome,
)
from kopkrakers.intervisie.session.planning import LIFE
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.reporting.reports import ReportView, reports_of
from kopkrakers.intervisie.session.script.adapting import LOOKING_BACK
from kopkrakers.intervisie.session.store import LIVE_SESSION
from kopkrakers.intervisie.werkvormen.reading import TABLE, werkvormen
from tests.support.sessions.scene import OWN, SessionScene, at_once, reading

DONE, PARTLY, NOT = AgreementOutcome.DONE, AgreementOutcome.PARTLY, AgreementOutcome.NOT


def held(scene: SessionScene, *agreements: str) -> str:
    """A session that ended with these agreements; gives its report."""
    scene.open(OWN)
    scene.lead(running.start)
    for number, text in enumerate(agreements, start=1):
        scene.lead(reports.set_agreement, number=number, text=text)
    report_id = scene.end()
    assert report_id is not None
    return report_id


def said(scene: SessionScene, number: int, outcome: AgreementOutcome | None) -> None:
    scene.lead(say_outcome, number=number, outcome=outcome)


def report_of(scene: SessionScene, report_id: str | None) -> ReportView:
    view: ReportView = reading(scene, reports.read_report, report_id=report_id)
    return view


def now_to_see(scene: SessionScene) -> tuple[str, ...]:
    back: LookBack | None = reading(scene, last_agreements, team_id=scene.world.team_noord)
    return back.agreements if back else ()


@pytest.mark.parametrize("slug", werkvormen())
def test_a_session_with_something_to_look_back_at_begins_with_it(
    scene: SessionScene, slug: str
) -> None:
    before = werkvormen()[slug]
    held(scene, "We bellen eerst.")
    scene.open(werkvorm=slug)
    now = scene.regie().now
    assert now.script.looks_back
    own = 0 if before.looks_back else 1
    assert now.script.stappen[own:] == before.stappen, "the other steps keep their time"
    assert now.script.minuten == before.minuten + own * LOOKING_BACK.minuten
    for number in (1, 2, TABLE):
        place = before.votes_at(number)
        assert now.script.votes_at(number) == (None if place is None else place + own)


def test_a_session_with_nothing_to_look_back_at_is_as_it_was(scene: SessionScene) -> None:
    held(scene)
    scene.open()
    assert scene.regie().now.script == werkvormen()["kraak-45"]


def test_a_whole_session_with_votes_goes_its_way_after_looking_back(scene: SessionScene) -> None:
    held(scene, "We bellen eerst.")
    scene.open().join(6)
    scene.hold("aaabbc")
    scene.reveal()
    scene.hold("aabbbb", 2)
    scene.reveal(2)
    assert scene.totals(2) == {"a": 2, "b": 4, "c": 0, "x": 0}


def test_what_is_not_said_stays_open_and_all_of_it_is_in_the_report(scene: SessionScene) -> None:
    earlier = held(scene, "Eén", "Twee", "Drie")
    scene.open()
    scene.lead(running.start)
    said(scene, 1, PARTLY)
    said(scene, 2, DONE)
    said(scene, 2, None)
    said(scene, 3, NOT)
    back = report_of(scene, scene.end()).look_back
    assert back is not None and back.report_id == earlier
    assert [line.words for line in back.lines] == ["deels", "nog open", "niet"]
    assert back.agreements == ("Eén", "Twee", "Drie")


def test_what_is_done_does_not_come_back_and_the_rest_does(scene: SessionScene) -> None:
    held(scene, "Eén", "Twee")
    scene.open()
    scene.lead(running.start)
    said(scene, 1, DONE)
    said(scene, 2, PARTLY)
    scene.end()
    assert now_to_see(scene) == ("Twee",)
    scene.open()
    scene.lead(running.start)
    said(scene, 1, DONE)
    scene.end()
    assert now_to_see(scene) == ()
    scene.open()
    assert not scene.regie().now.script.looks_back


def test_the_newest_session_of_a_day_comes_first(scene: SessionScene) -> None:
    made = [held(scene, f"Afspraak {number}") for number in range(5)]
    assert now_to_see(scene) == ("Afspraak 4",)
    page = reading(scene, reports_of, team_id=scene.world.team_noord, number=1)
    assert [line.id for line in page.items] == made[::-1]


def test_it_stays_as_it_was_when_the_lobby_opened(scene: SessionScene) -> None:
    earlier = held(scene, "Eén")
    scene.open()
    scene.act(reports.delete_report, report_id=earlier, user_id=scene.world.gerda.id)
    scene.lead(running.start)
    assert scene.regie().now.look_back is not None
    assert [step.actie for step in scene.regie().steps][:2] == ["look_back", "read"]


def test_a_plan_of_before_looks_back_at_what_came_between(scene: SessionScene) -> None:
    code = scene.plan()
    held(scene, "Later gemaakt")
    scene.code = code
    assert scene.regie().now.look_back is None
    scene.lead(planning.open_lobby, now=scene.now)
    assert scene.regie().now.look_back is not None


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_an_agreement_that_is_not_there_gets_no_outcome(scene: SessionScene, number: int) -> None:
    held(scene, "Eén")
    scene.open()
    scene.lead(running.start)
    with pytest.raises(WrongInput):
        said(scene, number, DONE)


def test_it_is_said_while_the_session_runs(scene: SessionScene) -> None:
    held(scene, "Eén")
    scene.open()
    with pytest.raises(TooLate):
        said(scene, 1, DONE)
    scene.lead(running.start)
    scene.end()
    with pytest.raises(TooLate):
        said(scene, 1, DONE)


def test_two_begeleiders_at_once_lose_nothing(scene: SessionScene) -> None:
    held(scene, "Eén", "Twee")
    scene.open()
    scene.lead(running.start)
    who: dict[str, Any] = {"code": scene.code, "user_id": scene.world.gerda.id}
    done = at_once(
        scene,
        lambda session: say_outcome(session, **who, number=1, outcome=DONE),
        lambda session: say_outcome(session, **who, number=2, outcome=NOT),
    )
    assert done == ["done", "done"]
    back = scene.regie().now.look_back
    assert back is not None
    assert back.lines == (KeptAgreement("Eén", DONE), KeptAgreement("Twee", NOT))


def test_who_only_typed_a_code_sees_no_agreement(scene: SessionScene) -> None:
    held(scene, "Eén")
    scene.open()
    scene.lead(running.start)
    assert scene.phone(None).now.look_back is None


def test_a_session_that_is_over_and_cleared_holds_none_of_it(scene: SessionScene) -> None:
    held(scene, "Eén")
    scene.open()
    scene.lead(running.start)
    scene.end()
    (row,) = scene.rows(LIVE_SESSION, LIVE_SESSION.c.code == scene.code)
    assert row.cleared and row.look_back is None


def test_a_rehearsal_looks_back_and_leaves_the_agreements_as_they_were(scene: SessionScene) -> None:
    held(scene, "Eén")
    scene.open(rehearsal=True)
    scene.lead(running.start)
    said(scene, 1, DONE)
    assert scene.end() is None
    assert now_to_see(scene) == ("Eén",)


def wished(scene: SessionScene) -> None:
    how = {"user_id": scene.world.anna.id, "team_id": scene.world.team_noord}
    scene.act(add_wish, library=scene.library, dilemma=scene.slug, keys=scene.turn_keys, **how)


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_cracked_dilemma_leaves_the_agenda_however_its_session_ended(
    scene: SessionScene, *, by_itself: bool
) -> None:
    wished(scene)
    scene.open().join(5)
    scene.hold("aabbc")
    scene.reveal()
    if by_itself:
        scene.clock.moment += LIFE
        scene.quick()
    else:
        scene.end()
    assert scene.count(WISH) == 0


@pytest.mark.parametrize(("step", "left"), [(-1, 0), (-2, 1)])
def test_without_a_vote_it_leaves_when_the_group_came_to_the_last_step(
    scene: SessionScene, step: int, left: int
) -> None:
    wished(scene)
    scene.open(werkvorm="effect-eerst")
    scene.go_to(len(werkvormen()["effect-eerst"].stappen) + step)
    scene.end()
    assert scene.count(WISH) == left
