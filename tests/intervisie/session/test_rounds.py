"""The two votes: who may vote when, what comes out, and what is said in place of figures."""

import pytest

from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.counter.build import QUICK_JOBS
from kopkrakers.counter.sessions.quick import AFTER_A_FAILURE, ALONE_SECONDS, QUICK_SECONDS
from kopkrakers.counter.sessions.rounds import count_closed_rounds
from kopkrakers.intervisie.pages.shown.views import PhonePage
from kopkrakers.intervisie.session import rounds
from kopkrakers.intervisie.session.states import ReasonState, RoundState, Verdict
from kopkrakers.intervisie.session.store import SESSION_TALLY
from kopkrakers.intervisie.session.texts.reasons import judge_reason
from tests.support.sessions.scene import SessionScene


def seated(scene: SessionScene, people: int = 6) -> SessionScene:
    scene.open()
    scene.join(people)
    return scene


def test_a_whole_session_from_vote_to_shift(scene: SessionScene) -> None:
    seated(scene).hold("aaabbc")
    assert scene.totals() is None
    scene.reveal()
    assert scene.totals() == {"a": 3, "b": 2, "c": 1, "x": 0}
    scene.hold("aabbbb", 2)
    scene.reveal(2)
    assert scene.totals(2) == {"a": 2, "b": 4, "c": 0, "x": 0}
    assert scene.phone(scene.phones[0]).page == PhonePage.RESULT


def test_the_counter_looks_often_once_a_lobby_is_open(scene: SessionScene) -> None:
    """Who closes a round waits for it; while nobody can, it rests."""
    jobs = {job.act: job for job in QUICK_JOBS}
    job = jobs[count_closed_rounds]

    def rest() -> float:
        return job.rest_after(job(scene.counter, scene.now))

    assert rest() == ALONE_SECONDS
    scene.plan()
    assert rest() == ALONE_SECONDS
    seated(scene)
    assert rest() == QUICK_SECONDS
    scene.open_round()
    scene.lead(rounds.close_round, number=1)
    assert rest() == QUICK_SECONDS
    assert job.rest_after(None) == AFTER_A_FAILURE


def test_nobody_sees_totals_before_the_reveal(scene: SessionScene) -> None:
    seated(scene).hold("aaabbc")
    for view in (scene.regie().now, scene.phone(scene.phones[0]).now):
        assert [round_.totals for round_ in view.rounds] == [None, None]
        assert view.figures is None
        assert view.rounds[0].verdict == Verdict.NONE


def test_the_second_of_two_votes_of_one_phone_is_refused(scene: SessionScene) -> None:
    seated(scene).open_round()
    scene.vote(scene.phones[0], "a")
    with pytest.raises(TooLate):
        scene.vote(scene.phones[0], "b")


def test_a_closed_vote_takes_no_ballot(scene: SessionScene) -> None:
    seated(scene).open_round()
    scene.lead(rounds.close_round, number=1)
    with pytest.raises(TooLate):
        scene.vote(scene.phones[0], "a")
    scene.quick()
    with pytest.raises(TooLate):
        scene.vote(scene.phones[0], "a")


def test_a_second_click_on_close_or_open_does_nothing_twice(scene: SessionScene) -> None:
    seated(scene).open_round()
    with pytest.raises(TooLate):
        scene.lead(rounds.open_round, number=1, mac_keys=scene.keys)
    scene.close()
    with pytest.raises(TooLate):
        scene.lead(rounds.close_round, number=1)
    assert scene.regie().now.rounds[0].state == RoundState.CLOSED


def test_a_vote_opens_in_its_own_step_only(scene: SessionScene) -> None:
    seated(scene).go_to(2)
    with pytest.raises(TooLate):
        scene.lead(rounds.open_round, number=1, mac_keys=scene.keys)


def test_numbers_cannot_come_before_the_arguments(scene: SessionScene) -> None:
    seated(scene).hold("aaabbc")
    scene.go_to(3)
    with pytest.raises(TooLate):
        scene.lead(rounds.reveal_round, number=1, turn_keys=scene.turn_keys, today=scene.today)


def test_without_a_first_vote_there_is_no_second(scene: SessionScene) -> None:
    seated(scene).go_to_vote(2)
    with pytest.raises(TooLate):
        scene.lead(rounds.open_round, number=2, mac_keys=scene.keys)


@pytest.mark.parametrize("option", ["", "d", "q", "aa"])
def test_a_vote_names_one_of_the_options(scene: SessionScene, option: str) -> None:
    seated(scene).open_round()
    with pytest.raises(WrongInput) as refused:
        scene.vote(scene.phones[0], option)
    assert refused.value.field == "optie"


def test_a_reason_of_two_thousand_characters_is_refused_whole(scene: SessionScene) -> None:
    seated(scene).open_round()
    with pytest.raises(WrongInput) as refused:
        scene.vote(scene.phones[0], "a", "x" * 2000)
    assert refused.value.field == "reden"
    scene.vote(scene.phones[0], "a", "😀" * 280)


def test_an_unknown_phone_cannot_vote(scene: SessionScene) -> None:
    seated(scene).open_round()
    with pytest.raises(TooLate, match="We kennen deze telefoon niet meer"):
        scene.vote("verzonnen", "a")


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ("aaaa", Verdict.FEW),
        ("abcx", Verdict.FEW),
        ("aaaaab", Verdict.ALIKE),
        ("aaaabb", Verdict.COUNTED),
    ],
)
def test_what_may_be_said_of_a_vote(scene: SessionScene, options: str, verdict: Verdict) -> None:
    seated(scene).hold(options)
    scene.reveal()
    assert scene.regie().now.rounds[0].verdict == verdict
    assert (scene.totals() is None) == (verdict != Verdict.COUNTED)


def test_the_begeleider_votes_but_does_not_make_five(scene: SessionScene) -> None:
    scene.open()
    scene.join(user_id=scene.world.gerda.id)
    scene.join(4)
    scene.hold("aabbc")
    scene.reveal()
    assert scene.regie().now.rounds[0].verdict == Verdict.FEW


def test_the_begeleiders_vote_is_in_the_totals(scene: SessionScene) -> None:
    scene.open()
    scene.join(user_id=scene.world.gerda.id)
    scene.join(5)
    scene.hold("xaabbc")
    scene.reveal()
    assert scene.totals() == {"a": 2, "b": 2, "c": 1, "x": 1}


def test_a_second_set_needs_the_same_people(scene: SessionScene) -> None:
    seated(scene).hold("aabbc")
    scene.reveal()
    scene.hold("aabbcc", 2)
    scene.reveal(2)
    second = scene.regie().now.rounds[1]
    assert (second.verdict, second.totals) == (Verdict.OTHERS, None)


@pytest.mark.parametrize("again", ["xaabbc", "baabbc", "bbabbc"])
def test_a_begeleider_who_votes_again_cannot_take_off_what_they_changed(
    scene: SessionScene, again: str
) -> None:
    # whoever led knows their own move: with one other, that one would have a name
    scene.open()
    scene.join(user_id=scene.world.gerda.id)
    scene.join(5)
    scene.hold("xaabbc")
    scene.reveal()
    scene.hold(again, 2)
    scene.reveal(2)
    assert scene.regie().now.rounds[1].verdict == Verdict.COUNTED
    assert scene.totals(2) is None
    assert {row.round for row in scene.rows(SESSION_TALLY)} == {1}


def test_with_two_others_a_second_set_is_shown(scene: SessionScene) -> None:
    scene.open()
    scene.join(user_id=scene.world.gerda.id)
    scene.join(5)
    scene.hold("xaabbc")
    scene.reveal()
    scene.hold("cccbbc", 2)
    scene.reveal(2)
    assert scene.totals(2) == {"a": 0, "b": 2, "c": 4, "x": 0}


@pytest.mark.parametrize("again", ["aaabbb", "aaaaaa"])
def test_of_a_second_vote_nothing_is_said_where_the_first_has_no_figures(
    scene: SessionScene, again: str
) -> None:
    seated(scene).hold("aaaaab")
    scene.reveal()
    scene.hold(again, 2)
    scene.reveal(2)
    assert scene.regie().now.rounds[1].verdict == Verdict.WITHHELD


def test_reasons_wait_until_the_begeleider_lets_them_through(scene: SessionScene) -> None:
    seated(scene).hold("aaabbc")
    reasons = scene.regie().reasons
    assert sorted(reason.text for reason in reasons) == sorted(
        f"reden {option}" for option in "aaabbc"
    )
    assert scene.regie().now.reasons == ()
    scene.lead(judge_reason, reason_id=reasons[0].id, state=ReasonState.SHOWN)
    assert [reason.id for reason in scene.phone(scene.phones[0]).now.reasons] == [reasons[0].id]


def test_markup_in_a_reason_stays_text_and_control_characters_go(scene: SessionScene) -> None:
    seated(scene).open_round()
    scene.vote(scene.phones[0], "a", "<b>zo\x00</b>\n\ten niet ‮anders")
    scene.vote(scene.phones[1], "a", "<b>zo\x00</b>\n\ten niet ‮anders")
    scene.close()
    assert [reason.text for reason in scene.regie().reasons] == ["<b>zo</b> en niet anders"] * 2


def test_the_answer_of_round_one_does_not_linger_in_round_two(scene: SessionScene) -> None:
    seated(scene).hold("aaabbc")
    scene.reveal()
    scene.open_round(2)
    assert scene.phone(scene.phones[0]).page == PhonePage.VOTE
    scene.vote(scene.phones[0], "b", number=2)
    assert scene.phone(scene.phones[0]).page == PhonePage.VOTED


def test_session_votes_never_touch_the_daily_totals(scene: SessionScene) -> None:
    from kopkrakers.tallies.models import TALLY

    seated(scene, 25).hold("abc" * 8)
    scene.tick()
    scene.tick()
    assert scene.count(TALLY) == 0
