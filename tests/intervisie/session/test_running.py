"""Coming in, the lock, the steps, the timer and two begeleiders at once."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import Change, Role, UserRole
from kopkrakers.base.errors import NotNow, NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages import reading
from kopkrakers.intervisie.pages.shown.views import Move, PhonePage
from kopkrakers.intervisie.session import planning, rounds, running, store
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import GUEST, PARTICIPANT
from tests.support.sessions.scene import SessionScene, at_once
from tests.support.world import ROW_KEYS


def make_begeleider(scene: SessionScene, user_id: int) -> None:
    with (
        scene.database.transaction() as session,
        changing(session, ROW_KEYS, user_id, Change.ROLES),
    ):
        session.add(UserRole(user_id=user_id, role=Role.BEGELEIDER))


def test_a_participant_carries_no_user(scene: SessionScene) -> None:
    scene.open().join(user_id=scene.world.anna.id)
    assert {column.name for column in PARTICIPANT.c} == {
        "id",
        "session_id",
        "token_hash",
        "begeleider",
        "watches",
        "pretends",
        "heads_agreed",
    }
    assert [guest.user_id for guest in scene.rows(GUEST)] == [scene.world.anna.id]
    assert scene.phones[0] not in str(scene.rows(PARTICIPANT))


def test_a_phone_says_where_it_is(scene: SessionScene) -> None:
    scene.open()
    assert scene.phone(None).page == PhonePage.JOIN
    (phone,) = scene.join()
    assert scene.phone(phone).page == PhonePage.LOBBY
    scene.lead(running.start)
    assert scene.phone(phone).page == PhonePage.STEP
    scene.open_round()
    assert scene.phone(phone).page == PhonePage.VOTE
    scene.vote(phone)
    assert scene.phone(phone).page == PhonePage.VOTED
    scene.lead(rounds.close_round, number=1)
    assert scene.phone(phone).page == PhonePage.CLOSED
    scene.end()
    assert (scene.phone(phone).page, scene.phone(phone).polls) == (PhonePage.ENDED, False)


def test_the_head_count_stands_on_every_phone_until_the_lock(scene: SessionScene) -> None:
    scene.open().join(3)
    scene.act(running.leave, code=scene.code, token=scene.phones[2])
    assert scene.phone(scene.phones[0]).now.heads == 2
    scene.open_round()
    scene.join()
    scene.act(running.leave, code=scene.code, token=scene.phones[1])
    assert scene.phone(scene.phones[0]).now.heads == 2


def test_who_comes_after_the_lock_only_watches(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.open_round()
    (late,) = scene.join()
    view = scene.phone(late)
    assert (view.watches, view.page) == (True, PhonePage.STEP)
    with pytest.raises(TooLate):
        scene.vote(late)


def test_who_did_not_come_in_sees_nothing_of_the_session(scene: SessionScene) -> None:
    scene.open().join(6)
    scene.hold("aaabbc")
    scene.reveal()
    stranger = scene.phone("verzonnen")
    assert stranger.page == PhonePage.JOIN
    assert (stranger.now.rounds, stranger.now.figures, stranger.now.reasons) == ((), None, ())


@pytest.mark.parametrize("code", ["", "XXXXXX", "0OIL", "'; drop table"])
def test_a_wrong_code_is_not_known(scene: SessionScene, code: str) -> None:
    with scene.database.reading() as session, pytest.raises(NotYours):
        reading.phone(
            session,
            scene.library,
            scene.memory,
            code=code,
            token=None,
            visitor=None,
            row_keys=scene.keys,
        )


def test_an_old_code_says_that_it_is_over(scene: SessionScene) -> None:
    scene.open().end()
    scene.clock.move(hours=25)
    scene.quick()
    with scene.database.reading() as session, pytest.raises(NotYours, match="afgelopen"):
        reading.phone(
            session,
            scene.library,
            scene.memory,
            code=scene.code,
            token=None,
            visitor=None,
            row_keys=scene.keys,
        )
    assert store.version_of(session, scene.code) is None


def test_only_its_begeleiders_lead_a_session(scene: SessionScene) -> None:
    scene.open()
    for stranger in (scene.world.anna, scene.world.chris, scene.world.farid):
        with pytest.raises(NotYours):
            scene.lead(running.start, by=stranger.id)
        with pytest.raises(NotYours):
            scene.regie(stranger.id)


def test_a_second_begeleider_takes_over(scene: SessionScene) -> None:
    make_begeleider(scene, scene.world.bram.id)
    scene.open()
    scene.lead(
        planning.set_second,
        second_id=scene.world.bram.id,
        votes_along=False,
        turn_keys=scene.turn_keys,
    )
    scene.lead(running.start, by=scene.world.bram.id)
    assert scene.regie(scene.world.bram.id).now.state == SessionState.RUNNING
    assert scene.regie().leads == ("Bram", "Gerda")


@pytest.mark.parametrize("name", ["anna", "chris", "gerda"])
def test_a_second_begeleider_is_another_one_of_the_team(scene: SessionScene, name: str) -> None:
    scene.open()
    with pytest.raises(WrongInput):
        second_id = getattr(scene.world, name).id
        scene.lead(
            planning.set_second, second_id=second_id, votes_along=False, turn_keys=scene.turn_keys
        )


def test_a_double_click_goes_one_step(scene: SessionScene) -> None:
    scene.open().lead(running.start)
    scene.lead(running.move_step, from_step=0, to_step=1)
    with pytest.raises(TooLate):
        scene.lead(running.move_step, from_step=0, to_step=1)
    assert scene.step == 1


@pytest.mark.parametrize(("from_step", "to_step"), [(0, 99), (0, -1), (8, 9), (0, 0)])
def test_no_step_is_gone_to_that_is_absent(
    scene: SessionScene, from_step: int, to_step: int
) -> None:
    scene.open().lead(running.start)
    with pytest.raises(WrongInput):
        scene.lead(running.move_step, from_step=from_step, to_step=to_step)


def test_an_open_vote_holds_the_step(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.open_round()
    assert scene.regie().moves == {Move.CLOSE_1, Move.WITHDRAW_1, Move.END}
    with pytest.raises(TooLate):
        scene.lead(running.move_step, from_step=1, to_step=2)


def test_a_vote_cannot_open_before_its_box_stands(scene: SessionScene) -> None:
    scene.plan()
    scene.lead(planning.open_lobby, now=scene.now)
    scene.go_to_vote(1)
    assert not scene.regie().box_ready
    with pytest.raises(NotNow):
        scene.lead(rounds.open_round, number=1, mac_keys=scene.keys)
    scene.quick()
    scene.lead(rounds.open_round, number=1, mac_keys=scene.keys)


def test_the_timer_is_set_and_extended_once(scene: SessionScene) -> None:
    scene.open().lead(running.start)
    scene.lead(running.start_timer, minutes=4, seen=None, now=scene.now)
    until = scene.regie().now.timer_ends_at
    assert until == scene.now + timedelta(minutes=4)
    scene.lead(running.extend_timer, minutes=2, seen=until, now=scene.now)
    with pytest.raises(TooLate):
        scene.lead(running.extend_timer, minutes=2, seen=until, now=scene.now)
    assert scene.regie().now.timer_ends_at == scene.now + timedelta(minutes=6)
    scene.lead(running.stop_timer, seen=scene.now + timedelta(minutes=6))
    assert scene.regie().now.timer_ends_at is None


def test_everything_a_page_shows_raises_the_version(scene: SessionScene) -> None:
    seen: list[int] = []

    def look() -> None:
        with scene.database.reading() as session:
            version = store.version_of(session, scene.code)
        assert version is not None
        seen.append(version)

    scene.open()
    for happens in (
        look,
        scene.join,
        look,
        lambda: scene.lead(running.start),
        look,
        scene.open_round,
        look,
        scene.close,
        look,
    ):
        happens()
    assert seen == sorted(set(seen))


def test_a_vote_moves_the_regie_but_no_phone(scene: SessionScene) -> None:
    scene.open().join(2)
    scene.open_round()
    with scene.database.reading() as session:
        before = store.version_of(session, scene.code), store.regie_version(session, scene.code)
    scene.vote(scene.phones[0])
    with scene.database.reading() as session:
        after = store.version_of(session, scene.code), store.regie_version(session, scene.code)
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)
    assert scene.regie().now.rounds[0].votes_in == 1


@pytest.mark.parametrize("name", ["open", "close", "next", "reveal", "end"])
def test_two_begeleiders_at_once_do_one_thing_once(scene: SessionScene, name: str) -> None:
    scene.open().join(5)
    who: dict[str, Any] = {"code": scene.code, "user_id": scene.world.gerda.id}
    doing: dict[str, Any] = {
        "open": lambda session: rounds.open_round(session, number=1, mac_keys=scene.keys, **who),
        "close": lambda session: rounds.close_round(session, number=1, **who),
        "next": lambda session: running.move_step(session, from_step=1, to_step=2, **who),
        "reveal": lambda session: rounds.reveal_round(
            session, number=1, turn_keys=scene.turn_keys, today=scene.today, **who
        ),
        "end": lambda session: running.end(session, now=scene.now, **who),
    }
    scene.go_to_vote(1)
    scene.agree_on_heads()
    if name == "close":
        scene.open_round()
    if name == "reveal":
        scene.hold("aabbc")
        scene.go_to(4)
    assert at_once(scene, *[doing[name]] * 4) == ["TooLate", "TooLate", "TooLate", "done"]


def test_opening_and_walking_on_at_once_never_both_happen(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.go_to_vote(1)
    scene.agree_on_heads()
    who: dict[str, Any] = {"code": scene.code, "user_id": scene.world.gerda.id}

    def open_it(session: Session) -> None:
        rounds.open_round(session, number=1, mac_keys=scene.keys, **who)

    def walk_on(session: Session) -> None:
        running.move_step(session, from_step=1, to_step=2, **who)

    assert at_once(scene, open_it, walk_on) == ["TooLate", "done"]
    assert (scene.step == 1) == (scene.regie().now.rounds[0].state == RoundState.OPEN)


def test_many_phones_join_and_vote_at_once(scene: SessionScene) -> None:
    scene.open()
    assert (
        at_once(
            scene,
            *[
                partial(
                    running.join,
                    code=scene.code,
                    token=token,
                    user_id=None,
                    turn_keys=scene.turn_keys,
                )
                for token in (*map(str, range(12)), "0", "1")
            ],
        )
        == ["done"] * 14
    )
    assert scene.regie().now.heads == 12


def test_two_tabs_of_one_phone_vote_once(scene: SessionScene) -> None:
    scene.open().join(5)
    scene.open_round()

    def vote(session: Session) -> None:
        cast = rounds.PhoneVote(1, "a", [""], mark="")
        token = scene.phones[0]
        rounds.cast_vote(session, code=scene.code, token=token, vote=cast, mac_keys=scene.keys)

    assert at_once(scene, vote, vote, vote) == ["TooLate", "TooLate", "done"]
    assert scene.regie().now.rounds[0].votes_in == 1
