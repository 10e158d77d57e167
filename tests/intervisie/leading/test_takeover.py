"""Taking over: a question first, the former regie says so, the way back, and races."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn, turn_of
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.intervisie.session import planning, rounds, running
from kopkrakers.intervisie.session.group.takeover import take_over
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.store import LIVE_SESSION, TakenOver
from tests.support.pages import send
from tests.support.sessions.pages import SessionPages, make_session_pages, words
from tests.support.sessions.scene import OWN, SessionScene, at_once
from tests.support.world import World, add_person, browser_of


@pytest.fixture
def els(scene: SessionScene, world: World) -> Visitor:
    """Another begeleider of the team, whom nobody chose."""
    with scene.database.transaction() as session:
        return add_person(session, "Els", world.zaanstad, world.team_noord, Role.BEGELEIDER)


@pytest.fixture
def fatma(scene: SessionScene, world: World) -> Visitor:
    """And one more."""
    with scene.database.transaction() as session:
        return add_person(session, "Fatma", world.zaanstad, world.team_noord, Role.BEGELEIDER)


def ask(pages: SessionPages, client: FlaskClient) -> TestResponse:
    return client.get(f"/intervisie/{pages.code}/overnemen")


def take(pages: SessionPages, client: FlaskClient, **fields: Any) -> TestResponse:
    """Read the question, then press the button."""
    shown = re.search(r'name="van" value="(\d+)"', ask(pages, client).text)
    van = shown[1] if shown else "0"
    return send(client, f"/intervisie/{pages.code}/overnemen", van=van, **fields)


def regie(pages: SessionPages, client: FlaskClient) -> str:
    return words(client.get(f"/intervisie/{pages.code}/regie"))


def taken(scene: SessionScene, who: Visitor, *, leader_id: int, votes_along: bool = False) -> None:
    how: dict[str, Any] = {"leader_id": leader_id, "votes_along": votes_along}
    scene.act(take_over, code=scene.code, user_id=who.id, turn_keys=scene.turn_keys, **how)


def row_of(scene: SessionScene) -> Any:
    (row,) = scene.rows(LIVE_SESSION, LIVE_SESSION.c.code == scene.code)
    return row


@pytest.mark.parametrize("state", ["planned", "lobby", "running"])
def test_from_the_team_page_in_two_presses_with_a_question_between(
    pages: SessionPages, els: Visitor, state: str
) -> None:
    if state == "planned":
        pages.scene.plan()
    if state == "running":
        pages.lead("begin")
    other = browser_of(pages.app, els)
    team = other.get("/team").text
    assert f'href="/intervisie/{pages.code}/overnemen"' in team
    question = words(ask(pages, other))
    assert "Gerda leidt deze sessie" in question and "Ja, neem de regie over" in question
    assert "Deze sessie bestaat niet" in regie(pages, other), "nothing is done yet"
    answer = take(pages, other)
    assert answer.location == f"/intervisie/{pages.code}/regie"
    assert "alleen voor jou" in regie(pages, other)


def test_the_former_regie_says_who_it_was_and_offers_the_way_back(
    pages: SessionPages, els: Visitor
) -> None:
    pages.lead("begin")
    take(pages, browser_of(pages.app, els))
    page = pages.gerda.get(f"/intervisie/{pages.code}/regie")
    assert page.status_code == 200 and "Els nam de regie over" in words(page)
    assert "data-live" in page.text and "Volgende stap" not in words(page)
    news = pages.gerda.get(f"/intervisie/{pages.code}/regie/nu?seen=0.0.1")
    assert "Els nam de regie over" in words(news) and "data-live" in news.text
    assert "Els leidt deze sessie" in words(ask(pages, pages.gerda))
    assert take(pages, pages.gerda).status_code == 303
    assert "Volgende stap" in pages.regie()
    assert "Gerda nam de regie over" in regie(pages, browser_of(pages.app, els))


def test_every_press_of_the_former_regie_says_so_and_does_nothing(
    pages: SessionPages, els: Visitor
) -> None:
    pages.lead("begin")
    take(pages, browser_of(pages.app, els))
    version = pages.scene.regie(els.id).version
    presses: dict[str, dict[str, Any]] = {
        "stap": {"van": 0, "naar": 1, "afspraak_1": "Van Gerda"},
        "stemming/open": {"stemming": 1, "meestemmen": "ja"},
        "tijd": {"doe": "start", "minuten": 3},
        "afspraken": {"afspraak_1": "Van Gerda"},
        "toon": {"wat": "verhaal"},
        "tweede": {"tweede": ""},
        "meestemmen": {"meestemmen": "ja"},
        "einde": {"zeker": "ja"},
        "afzeggen": {},
    }
    for what, fields in presses.items():
        sent: dict[str, Any] = {name: str(value) for name, value in fields.items()}
        refused = send(pages.gerda, f"/intervisie/{pages.code}/regie/{what}", **sent)
        assert refused.status_code == 409, what
        assert "Wat je net koos, is niet gedaan" in words(refused)
        assert "Els nam de regie over" in words(refused) and "data-live" in refused.text
    assert pages.scene.regie(els.id).version == version


def test_the_beamer_of_the_former_goes_on(pages: SessionPages, els: Visitor) -> None:
    pages.lead("begin")
    other = browser_of(pages.app, els)
    take(pages, other)
    send(other, f"/intervisie/{pages.code}/regie/stap", van="0", naar="1")
    assert "Stap 2 van" in pages.scherm()
    told = send(pages.gerda, f"/intervisie/{pages.code}/scherm/bladen", bladen="3", versie="99")
    assert told.status_code == 204


def test_it_holds_on_another_device_after_signing_out_and_after_a_restart(
    pages: SessionPages, els: Visitor
) -> None:
    pages.lead("begin")
    first = browser_of(pages.app, els)
    take(pages, first)
    send(first, "/uitloggen")
    elsewhere = browser_of(pages.app, els)
    assert "Volgende stap" in regie(pages, elsewhere)
    code = pages.code
    again = make_session_pages(pages.app, pages.scene, pages.world)
    again.scene.code = code
    assert "Els nam de regie over" in again.regie()


@pytest.mark.parametrize("who", ["anna", "bram", "chris", "dewi"])
def test_who_is_no_begeleider_of_the_team_takes_nothing_over(pages: SessionPages, who: str) -> None:
    client = browser_of(pages.app, getattr(pages.world, who))
    assert ask(pages, client).status_code in (403, 404)
    sent = send(client, f"/intervisie/{pages.code}/overnemen", van=str(pages.world.gerda.id))
    assert sent.status_code in (403, 404)
    assert "overnemen" not in client.get("/team").text


def test_who_leads_already_goes_to_the_regie(pages: SessionPages, els: Visitor) -> None:
    pages.lead("tweede", tweede=els.id)
    assert ask(pages, browser_of(pages.app, els)).location.endswith("/regie")
    assert take(pages, browser_of(pages.app, els)).status_code == 303
    assert "alleen voor jou" in pages.regie(), "she still leads too"


def test_a_rehearsal_and_a_session_that_is_over_stay(scene: SessionScene, els: Visitor) -> None:
    gerda = scene.world.gerda.id
    scene.open(rehearsal=True)
    with pytest.raises(NotYours):
        taken(scene, els, leader_id=gerda)
    scene.open(OWN)
    scene.lead(running.start)
    scene.lead(running.end, now=scene.now)
    with pytest.raises(TooLate):
        taken(scene, els, leader_id=gerda)


def test_a_former_begeleider_can_be_chosen_as_the_second(scene: SessionScene, els: Visitor) -> None:
    scene.open()
    gerda = scene.world.gerda
    taken(scene, els, leader_id=gerda.id)
    how = {"second_id": gerda.id, "votes_along": False, "turn_keys": scene.turn_keys}
    scene.act(planning.set_second, code=scene.code, user_id=els.id, **how)
    assert scene.regie(gerda.id).leads == ("Els", "Gerda")


def test_the_new_begeleider_is_asked_whether_they_vote_too(
    scene: SessionScene, els: Visitor
) -> None:
    scene.open().join(5)
    scene.lead(running.start)
    scene.agree_on_heads()
    assert scene.regie().now.begeleider_votes is None
    taken(scene, els, leader_id=scene.world.gerda.id)
    assert scene.regie(els.id).now.begeleider_votes is None


@pytest.mark.parametrize(
    ("votes_along", "signed_in", "shown"),
    [(False, False, True), (True, False, False), (False, True, False)],
)
def test_a_begeleider_who_voted_before_taking_over_does_not_make_five(
    scene: SessionScene, els: Visitor, *, votes_along: bool, signed_in: bool, shown: bool
) -> None:
    scene.open().join(4)
    scene.join(user_id=els.id if signed_in else None)
    scene.open_round()
    for phone, option in zip(scene.phones, "aabbc", strict=True):
        scene.vote(phone, option)
    taken(scene, els, leader_id=scene.world.gerda.id, votes_along=votes_along)
    who = {"code": scene.code, "user_id": els.id}
    scene.act(rounds.close_round, number=1, **who)
    scene.quick()
    scene.act(running.move_step, from_step=1, to_step=4, **who)
    scene.act(rounds.reveal_round, number=1, turn_keys=scene.turn_keys, today=scene.today, **who)
    round_ = scene.regie(els.id).now.round(1)
    assert round_ is not None and (round_.totals is not None) == shown


def test_that_somebody_votes_unseen_is_never_forgotten(scene: SessionScene, els: Visitor) -> None:
    scene.open()
    scene.lead(running.start)
    with scene.database.transaction() as session:
        session.execute(LIVE_SESSION.update().values(begeleider_votes=True))
    taken(scene, els, leader_id=scene.world.gerda.id)
    taken(scene, scene.world.gerda, leader_id=els.id)
    assert scene.regie().now.begeleider_votes is True


def test_seeing_the_figures_uses_up_the_turn_and_the_page_says_so(
    pages: SessionPages, els: Visitor
) -> None:
    scene = pages.scene
    pages.come_in(5)
    pages.hold("aabbc")
    other = browser_of(pages.app, els)
    assert "beurt voorbij" not in words(ask(pages, other))
    scene.reveal()
    assert "beurt voorbij" in words(ask(pages, other))
    assert turn(scene, els) == Turn.NONE, "asking costs nothing"
    take(pages, other, meestemmen="nee")
    assert turn(scene, els) == Turn.SEEN


def turn(scene: SessionScene, who: Visitor) -> Turn:
    with scene.database.reading() as session:
        return turn_of(session, scene.voter(who.id), scene.slug, 1)


def test_a_former_begeleider_whose_beamer_shows_the_figures_used_the_turn(
    scene: SessionScene, els: Visitor
) -> None:
    scene.open().join(5)
    scene.hold("aabbc")
    taken(scene, els, leader_id=scene.world.gerda.id)
    who = {"code": scene.code, "user_id": els.id}
    scene.act(running.move_step, from_step=1, to_step=4, **who)
    scene.act(rounds.reveal_round, number=1, turn_keys=scene.turn_keys, today=scene.today, **who)
    assert {turn(scene, scene.world.gerda), turn(scene, els)} == {Turn.SEEN}


def test_of_two_who_take_over_at_once_one_does(
    scene: SessionScene, els: Visitor, fatma: Visitor
) -> None:
    scene.open()
    gerda = scene.world.gerda.id
    how: dict[str, Any] = {"code": scene.code, "leader_id": gerda, "votes_along": False}
    done = at_once(
        scene,
        *(
            lambda session, who=who: take_over(
                session, user_id=who.id, turn_keys=scene.turn_keys, **how
            )
            for who in (els, fatma)
        ),
    )
    assert done == ["TooLate", "done"]


def test_a_second_press_changes_nothing(scene: SessionScene, els: Visitor) -> None:
    scene.open()
    gerda = scene.world.gerda.id
    taken(scene, els, leader_id=gerda)
    before = row_of(scene)
    taken(scene, els, leader_id=gerda)
    assert row_of(scene) == before


@pytest.mark.parametrize("name", ["next", "open", "close", "end", "withdraw"])
def test_taking_over_and_a_press_at_once_leave_no_half_step(
    scene: SessionScene, els: Visitor, name: str
) -> None:
    scene.open().join(5)
    gerda: dict[str, Any] = {"code": scene.code, "user_id": scene.world.gerda.id}
    if name in ("close", "withdraw"):
        scene.open_round()
    else:
        scene.go_to_vote(1)
        scene.agree_on_heads()
    doing: dict[str, Any] = {
        "next": lambda session: running.move_step(session, from_step=1, to_step=2, **gerda),
        "open": lambda session: rounds.open_round(session, number=1, mac_keys=scene.keys, **gerda),
        "close": lambda session: rounds.close_round(session, number=1, **gerda),
        "withdraw": lambda session: rounds.withdraw_round(session, number=1, **gerda),
        "end": lambda session: running.end(session, now=scene.now, **gerda),
    }
    how: dict[str, Any] = {"code": scene.code, "votes_along": False}
    how |= {"leader_id": scene.world.gerda.id, "user_id": els.id}
    done = at_once(
        scene,
        doing[name],
        lambda session: take_over(session, turn_keys=scene.turn_keys, **how),
    )
    assert "done" in done and set(done) <= {"done", "TakenOver", "TooLate"}
    if row_of(scene).state == SessionState.ENDED:
        assert done == ["TooLate", "done"], "it was over before"
        return
    with pytest.raises(TakenOver):
        scene.act(doing[name])
    assert scene.regie(els.id).moves, "Els goes on, wherever the press got to"
