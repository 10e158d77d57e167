"""Coming in, the lock, the steps, the timer and two begeleiders at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from kopkrakers.accounts.models import Role, UserRole
from kopkrakers.base.errors import KopkrakersError, NotNow, NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages import looking
from kopkrakers.intervisie.pages.views import Move, PhonePage
from kopkrakers.intervisie.session import planning, rounds, running, store
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import GUEST, PARTICIPANT
from tests.support.live_room import Room


def make_begeleider(room: Room, user_id: int) -> None:
    with room.database.transaction() as session:
        session.add(UserRole(user_id=user_id, role=Role.BEGELEIDER))


def test_a_participant_carries_no_user(room: Room) -> None:
    room.open().join(user_id=room.world.anna.id)
    assert {column.name for column in PARTICIPANT.c} == {
        "id",
        "session_id",
        "token_hash",
        "begeleider",
        "watches",
        "pretends",
    }
    assert [guest.user_id for guest in room.rows(GUEST)] == [room.world.anna.id]
    assert room.phones[0] not in str(room.rows(PARTICIPANT))


def test_a_phone_says_where_it_is(room: Room) -> None:
    room.open()
    assert room.phone(None).page == PhonePage.JOIN
    (phone,) = room.join()
    assert room.phone(phone).page == PhonePage.LOBBY
    room.lead(running.start)
    assert room.phone(phone).page == PhonePage.STEP
    room.open_round()
    assert room.phone(phone).page == PhonePage.VOTE
    room.vote(phone)
    assert room.phone(phone).page == PhonePage.VOTED
    room.lead(rounds.close_round, number=1)
    assert room.phone(phone).page == PhonePage.CLOSED
    room.end()
    assert (room.phone(phone).page, room.phone(phone).polls) == (PhonePage.ENDED, False)


def test_the_head_count_stands_on_every_phone_until_the_lock(room: Room) -> None:
    room.open().join(3)
    room.act(running.leave, code=room.code, token=room.phones[2])
    assert room.phone(room.phones[0]).room.heads == 2
    room.open_round()
    room.join()
    room.act(running.leave, code=room.code, token=room.phones[1])
    assert room.phone(room.phones[0]).room.heads == 2


def test_who_comes_after_the_lock_only_watches(room: Room) -> None:
    room.open().join(5)
    room.open_round()
    (late,) = room.join()
    view = room.phone(late)
    assert (view.watches, view.page) == (True, PhonePage.STEP)
    with pytest.raises(TooLate):
        room.vote(late)


def test_who_did_not_come_in_sees_nothing_of_the_room(room: Room) -> None:
    room.open().join(6)
    room.hold("aaabbc")
    room.reveal()
    stranger = room.phone("verzonnen")
    assert stranger.page == PhonePage.JOIN
    assert (stranger.room.rounds, stranger.room.figures, stranger.room.reasons) == ((), None, ())


@pytest.mark.parametrize("code", ["", "XXXXXX", "0OIL", "'; drop table"])
def test_a_wrong_code_is_not_known(room: Room, code: str) -> None:
    with room.database.reading() as session, pytest.raises(NotYours):
        looking.phone(session, room.library, room.memory, code=code, token=None, user_id=None)


def test_an_old_code_says_that_it_is_over(room: Room) -> None:
    room.open().end()
    room.clock.move(hours=25)
    room.quick()
    with room.database.reading() as session, pytest.raises(NotYours, match="afgelopen"):
        looking.phone(session, room.library, room.memory, code=room.code, token=None, user_id=None)
    assert store.version_of(session, room.code) is None


def test_only_its_begeleiders_lead_a_session(room: Room) -> None:
    room.open()
    for stranger in (room.world.anna, room.world.chris, room.world.farid):
        with pytest.raises(NotYours):
            room.lead(running.start, by=stranger.id)
        with pytest.raises(NotYours):
            room.regie(stranger.id)


def test_a_second_begeleider_takes_over(room: Room) -> None:
    make_begeleider(room, room.world.bram.id)
    room.open()
    room.lead(planning.set_second, second_id=room.world.bram.id)
    room.lead(running.start, by=room.world.bram.id)
    assert room.regie(room.world.bram.id).room.state == SessionState.RUNNING
    assert room.regie().leads == ("Bram", "Gerda")


@pytest.mark.parametrize("name", ["anna", "chris", "gerda"])
def test_a_second_begeleider_is_another_one_of_the_team(room: Room, name: str) -> None:
    room.open()
    with pytest.raises(WrongInput):
        room.lead(planning.set_second, second_id=getattr(room.world, name).id)


def test_a_double_click_goes_one_step(room: Room) -> None:
    room.open().lead(running.start)
    room.lead(running.move_step, from_step=0, to_step=1)
    with pytest.raises(TooLate):
        room.lead(running.move_step, from_step=0, to_step=1)
    assert room.step == 1


@pytest.mark.parametrize(("from_step", "to_step"), [(0, 2), (0, -1), (8, 9), (0, 0)])
def test_steps_go_one_by_one(room: Room, from_step: int, to_step: int) -> None:
    room.open().lead(running.start)
    with pytest.raises(WrongInput):
        room.lead(running.move_step, from_step=from_step, to_step=to_step)


def test_an_open_vote_holds_the_step(room: Room) -> None:
    room.open().join(5)
    room.open_round()
    assert room.regie().moves == {Move.CLOSE_1, Move.END}
    with pytest.raises(TooLate):
        room.lead(running.move_step, from_step=1, to_step=2)


def test_a_vote_cannot_open_before_its_box_stands(room: Room) -> None:
    room.plan()
    room.lead(planning.open_lobby, now=room.now)
    room.go_to_vote(1)
    assert not room.regie().box_ready
    with pytest.raises(NotNow):
        room.lead(rounds.open_round, number=1, mac_keys=room.keys)
    room.quick()
    room.lead(rounds.open_round, number=1, mac_keys=room.keys)


def test_the_timer_is_set_and_extended_once(room: Room) -> None:
    room.open().lead(running.start)
    room.lead(running.start_timer, minutes=4, seen=None, now=room.now)
    until = room.regie().room.timer_ends_at
    assert until == room.now + timedelta(minutes=4)
    room.lead(running.extend_timer, minutes=2, seen=until, now=room.now)
    with pytest.raises(TooLate):
        room.lead(running.extend_timer, minutes=2, seen=until, now=room.now)
    assert room.regie().room.timer_ends_at == room.now + timedelta(minutes=6)
    room.lead(running.stop_timer, seen=room.now + timedelta(minutes=6))
    assert room.regie().room.timer_ends_at is None


def test_everything_a_page_shows_raises_the_version(room: Room) -> None:
    seen = []

    def look() -> None:
        with room.database.reading() as session:
            seen.append(store.version_of(session, room.code))

    room.open()
    for happens in (
        look,
        room.join,
        look,
        lambda: room.lead(running.start),
        look,
        room.open_round,
        look,
        room.close,
        look,
    ):
        happens()
    assert seen == sorted(set(seen))


def test_a_vote_moves_the_regie_but_no_phone(room: Room) -> None:
    room.open().join(2)
    room.open_round()
    with room.database.reading() as session:
        before = store.version_of(session, room.code), store.regie_mark(session, room.code)
    room.vote(room.phones[0])
    with room.database.reading() as session:
        after = store.version_of(session, room.code), store.regie_mark(session, room.code)
    assert (before[0] == after[0], before[1] == after[1]) == (True, False)
    assert room.regie().room.rounds[0].votes_in == 1


def at_once(room: Room, *doing: Any) -> list[str]:
    """Each in a transaction and thread of its own; gives what became of them."""

    def one(what: Any) -> str:
        try:
            with room.database.transaction() as session:
                what(session)
        except KopkrakersError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(doing)) as pool:
        return sorted(pool.map(one, doing))


@pytest.mark.parametrize("name", ["open", "close", "next", "reveal", "end"])
def test_two_begeleiders_at_once_do_one_thing_once(room: Room, name: str) -> None:
    room.open().join(5)
    who = {"code": room.code, "user_id": room.world.gerda.id}
    doing: dict[str, Any] = {
        "open": lambda session: rounds.open_round(session, number=1, mac_keys=room.keys, **who),
        "close": lambda session: rounds.close_round(session, number=1, **who),
        "next": lambda session: running.move_step(session, from_step=1, to_step=2, **who),
        "reveal": lambda session: rounds.reveal_round(session, number=1, **who),
        "end": lambda session: running.end(session, now=room.now, **who),
    }
    room.go_to_vote(1)
    if name == "close":
        room.open_round()
    if name == "reveal":
        room.hold("aabbc")
        room.go_to(4)
    assert at_once(room, *[doing[name]] * 4) == ["TooLate", "TooLate", "TooLate", "done"]


def test_opening_and_walking_on_at_once_never_both_happen(room: Room) -> None:
    room.open().join(5)
    room.go_to_vote(1)
    who = {"code": room.code, "user_id": room.world.gerda.id}

    def open_it(session: Session) -> None:
        rounds.open_round(session, number=1, mac_keys=room.keys, **who)

    def walk_on(session: Session) -> None:
        running.move_step(session, from_step=1, to_step=2, **who)

    assert at_once(room, open_it, walk_on) == ["TooLate", "done"]
    assert (room.step == 1) == (room.regie().room.rounds[0].state == RoundState.OPEN)


def test_many_phones_join_and_vote_at_once(room: Room) -> None:
    room.open()
    assert (
        at_once(room, *[lambda session: running.join(session, code=room.code, user_id=None)] * 12)
        == ["done"] * 12
    )
    assert room.regie().room.heads == 12


def test_two_tabs_of_one_phone_vote_once(room: Room) -> None:
    room.open().join(5)
    room.open_round()

    def vote(session: Session) -> None:
        how = {"option": "a", "reason": "", "mac_keys": room.keys}
        rounds.cast_vote(session, code=room.code, token=room.phones[0], number=1, **how)

    assert at_once(room, vote, vote, vote) == ["TooLate", "TooLate", "done"]
    assert room.regie().room.rounds[0].votes_in == 1
