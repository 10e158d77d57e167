"""The two votes: who may vote when, what comes out, and what is said when figures may not be shown."""

import pytest

from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages.views import PhonePage
from kopkrakers.intervisie.session import rounds
from kopkrakers.intervisie.session.states import ReasonState, RoundState, Verdict
from tests.support.live_room import Room


def seated(room: Room, people: int = 6) -> Room:
    room.open()
    room.join(people)
    return room


def test_a_whole_session_from_vote_to_shift(room: Room) -> None:
    seated(room).hold("aaabbc")
    assert room.totals() is None
    room.reveal()
    assert room.totals() == {"a": 3, "b": 2, "c": 1, "x": 0}
    room.hold("aabbbb", 2)
    room.reveal(2)
    assert room.totals(2) == {"a": 2, "b": 4, "c": 0, "x": 0}
    assert room.phone(room.phones[0]).page == PhonePage.RESULT
    assert room.phone(room.phones[0]).room.shift_is_shown


def test_nobody_sees_totals_before_the_reveal(room: Room) -> None:
    seated(room).hold("aaabbc")
    for view in (room.regie().room, room.phone(room.phones[0]).room):
        assert [round_.totals for round_ in view.rounds] == [None, None]
        assert view.figures is None
        assert view.rounds[0].verdict == Verdict.NONE


def test_the_second_of_two_votes_of_one_phone_is_refused(room: Room) -> None:
    seated(room).open_round()
    room.vote(room.phones[0], "a")
    with pytest.raises(TooLate):
        room.vote(room.phones[0], "b")


def test_a_closed_vote_takes_no_ballot(room: Room) -> None:
    seated(room).open_round()
    room.lead(rounds.close_round, number=1)
    with pytest.raises(TooLate):
        room.vote(room.phones[0], "a")
    room.quick()
    with pytest.raises(TooLate):
        room.vote(room.phones[0], "a")


def test_a_second_click_on_close_or_open_does_nothing_twice(room: Room) -> None:
    seated(room).open_round()
    with pytest.raises(TooLate):
        room.lead(rounds.open_round, number=1, mac_keys=room.keys)
    room.close()
    with pytest.raises(TooLate):
        room.lead(rounds.close_round, number=1)
    assert room.regie().room.rounds[0].state == RoundState.CLOSED


def test_a_vote_opens_in_its_own_step_only(room: Room) -> None:
    seated(room).go_to(2)
    with pytest.raises(TooLate):
        room.lead(rounds.open_round, number=1, mac_keys=room.keys)


def test_numbers_cannot_come_before_the_arguments(room: Room) -> None:
    seated(room).hold("aaabbc")
    room.go_to(3)
    with pytest.raises(TooLate):
        room.lead(rounds.reveal_round, number=1)


def test_without_a_first_vote_there_is_no_second(room: Room) -> None:
    seated(room).go_to_vote(2)
    with pytest.raises(TooLate):
        room.lead(rounds.open_round, number=2, mac_keys=room.keys)


@pytest.mark.parametrize("option", ["", "d", "q", "aa"])
def test_a_vote_names_one_of_the_options(room: Room, option: str) -> None:
    seated(room).open_round()
    with pytest.raises(WrongInput) as refused:
        room.vote(room.phones[0], option)
    assert refused.value.field == "optie"


def test_a_reason_of_two_thousand_signs_is_refused_whole(room: Room) -> None:
    seated(room).open_round()
    with pytest.raises(WrongInput) as refused:
        room.vote(room.phones[0], "a", "x" * 2000)
    assert refused.value.field == "reden"
    room.vote(room.phones[0], "a", "😀" * 280)


def test_an_unknown_phone_cannot_vote(room: Room) -> None:
    seated(room).open_round()
    with pytest.raises(NotYours):
        room.vote("verzonnen", "a")


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ("aaaa", Verdict.FEW),
        ("abcx", Verdict.FEW),
        ("aaaaab", Verdict.ALIKE),
        ("aaaabb", Verdict.COUNTED),
    ],
)
def test_what_may_be_said_of_a_vote(room: Room, options: str, verdict: Verdict) -> None:
    seated(room).hold(options)
    room.reveal()
    assert room.regie().room.rounds[0].verdict == verdict
    assert (room.totals() is None) == (verdict != Verdict.COUNTED)


def test_the_begeleider_votes_but_does_not_make_five(room: Room) -> None:
    room.open()
    room.join(user_id=room.world.gerda.id)
    room.join(4)
    room.hold("aabbc")
    room.reveal()
    assert room.regie().room.rounds[0].verdict == Verdict.FEW


def test_the_begeleiders_vote_is_in_the_totals(room: Room) -> None:
    room.open()
    room.join(user_id=room.world.gerda.id)
    room.join(5)
    room.hold("xaabbc")
    room.reveal()
    assert room.totals() == {"a": 2, "b": 2, "c": 1, "x": 1}


def test_a_second_set_needs_the_same_people(room: Room) -> None:
    seated(room).hold("aabbc")
    room.reveal()
    room.hold("aabbcc", 2)
    room.reveal(2)
    second = room.regie().room.rounds[1]
    assert (second.verdict, second.totals) == (Verdict.OTHERS, None)


@pytest.mark.parametrize("again", ["aaabbb", "aaaaaa"])
def test_of_a_second_vote_nothing_is_said_where_the_first_has_no_figures(
    room: Room, again: str
) -> None:
    seated(room).hold("aaaaab")
    room.reveal()
    room.hold(again, 2)
    room.reveal(2)
    assert room.regie().room.rounds[1].verdict == Verdict.WITHHELD


def test_reasons_wait_until_the_begeleider_lets_them_through(room: Room) -> None:
    seated(room).hold("aaabbc")
    reasons = room.regie().reasons
    assert sorted(reason.text for reason in reasons) == sorted(
        f"reden {option}" for option in "aaabbc"
    )
    assert room.regie().room.reasons == ()
    room.lead(rounds.judge_reason, reason_id=reasons[0].id, state=ReasonState.SHOWN)
    assert [reason.id for reason in room.phone(room.phones[0]).room.reasons] == [reasons[0].id]


def test_markup_in_a_reason_stays_text_and_control_signs_go(room: Room) -> None:
    seated(room).open_round()
    room.vote(room.phones[0], "a", "<b>zo\x00</b>\n\ten niet ‮anders")
    room.close()
    assert [reason.text for reason in room.regie().reasons] == ["<b>zo</b> en niet anders"]


def test_the_answer_of_round_one_does_not_linger_in_round_two(room: Room) -> None:
    seated(room).hold("aaabbc")
    room.reveal()
    room.open_round(2)
    assert room.phone(room.phones[0]).page == PhonePage.VOTE
    room.vote(room.phones[0], "b", number=2)
    assert room.phone(room.phones[0]).page == PhonePage.VOTED


def test_session_votes_never_touch_the_daily_totals(room: Room) -> None:
    from kopkrakers.tallies.models import TALLY

    seated(room, 25).hold("abc" * 8)
    room.tick()
    room.tick()
    assert room.count(TALLY) == 0
