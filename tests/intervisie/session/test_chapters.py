"""A session on a case that unfolds: votes after new facts, and totals that point at nobody."""

import json
from itertools import pairwise, product
from pathlib import Path

import pytest

from kopkrakers.ballots.boxes import BOX, ENVELOPE, SHIFT
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.intervisie.session import rounds
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    PARTICIPANT,
    REASON,
    REPORT,
    ROUND,
    SESSION_TALLY,
)
from kopkrakers.intervisie.session.verdicts import is_still
from tests.support.pages import statements
from tests.support.sessions.chapters import ONE, TWO, UNFOLDING, cast, unfold_cards, walk
from tests.support.sessions.scene import OWN, SessionScene


@pytest.fixture
def unfolding(cards_dir: Path) -> None:
    unfold_cards(cards_dir)


@pytest.fixture
def group(unfolding: None, scene: SessionScene) -> SessionScene:
    """Six phones, and a session on a card with two chapters."""
    scene.open(werkvorm=UNFOLDING).join(6)
    return scene


def verdicts(scene: SessionScene) -> dict[int, str]:
    return {row.number: row.verdict for row in scene.rows(ROUND)}


def all_totals(scene: SessionScene) -> list[dict[str, int] | None]:
    return [scene.totals(number) for number in (1, ONE, TWO)]


def written(scene: SessionScene) -> set[int]:
    return {row.round for row in scene.rows(SESSION_TALLY)}


def test_each_chapter_is_a_step_with_a_vote_of_its_own(group: SessionScene) -> None:
    now = group.regie().now
    assert [step.opens for step in now.script.stappen][:5] == [None, 1, ONE, TWO, None]
    assert [round_.number for round_ in now.rounds] == [1, ONE, TWO]


def test_all_votes_are_revealed_at_once_and_no_figure_comes_before(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc", "bbbbaa")
    assert all_totals(group) == [None, None, None]
    assert all(one.verdict == Verdict.NONE for one in group.regie().now.rounds)
    group.reveal()
    assert all_totals(group) == [
        {"a": 3, "b": 2, "c": 1, "x": 0},
        {"a": 1, "b": 3, "c": 2, "x": 0},
        {"a": 2, "b": 4, "c": 0, "x": 0},
    ]


def test_a_chapter_is_never_revealed_by_itself(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc")
    group.go_to(5)
    with pytest.raises(TooLate):
        group.reveal(ONE)
    assert group.totals(ONE) is None


def test_chapters_come_in_their_order(group: SessionScene) -> None:
    walk(group, "aaabbc")
    with pytest.raises(TooLate, match="nog niet geteld"):
        group.open_round(TWO)
    assert group.regie().now.open_round is None


def test_after_the_figures_no_new_fact_is_voted_on(group: SessionScene) -> None:
    # else the group would choose by the group, and one late vote be the difference
    walk(group, "aaabbc", "abbbcc")
    group.reveal()
    with pytest.raises(TooLate, match="al onthuld"):
        group.open_round(TWO)


def test_chapters_can_be_left_out(group: SessionScene) -> None:
    walk(group, "aaabbc")
    group.reveal()
    assert group.totals() == {"a": 3, "b": 2, "c": 1, "x": 0}
    assert {row.state for row in group.rows(ROUND, ROUND.c.number > 1)} == {RoundState.DRAFT}


def test_no_reveal_while_a_chapter_is_being_counted(group: SessionScene) -> None:
    walk(group, "aaabbc")
    cast(group, ONE, "abbbcc")
    group.lead(rounds.close_round, number=ONE)
    with pytest.raises(TooLate):
        group.reveal()
    group.quick()
    group.reveal()
    assert group.totals(ONE) is not None


@pytest.mark.parametrize("options", ["aaaaaa", "aaaaab", "bbbbbb", "cccccx"])
def test_unanimous_and_all_but_one_after_a_fact_read_the_same(
    group: SessionScene, options: str
) -> None:
    walk(group, "aaabbc", options, "abbbcc")
    group.reveal()
    assert verdicts(group) == {1: "counted", ONE: "alike", TWO: "withheld"}
    assert written(group) == {1}
    shown = [group.regie().now.round(number) for number in (ONE, TWO)]
    assert [one.sentence for one in shown if one] == [
        "Jullie zitten bijna op één lijn. Daarom tonen we geen cijfers.",
        "Eerder waren er geen cijfers. Daarom tonen we ze hier ook niet.",
    ]


@pytest.mark.parametrize("options", ["aaaaaa", "aaaaab"])
def test_without_figures_at_first_there_are_none_later(group: SessionScene, options: str) -> None:
    walk(group, options, "aaabbc", "abbbcc")
    group.reveal()
    assert verdicts(group) == {1: "alike", ONE: "withheld", TWO: "withheld"}
    assert written(group) == set()


def test_other_people_end_the_figures_for_good(group: SessionScene) -> None:
    # one colleague keeps still after the first fact: the difference would be theirs
    walk(group, "aaabbc", "aaabb", "aabbbc")
    group.reveal()
    assert verdicts(group) == {1: "counted", ONE: "others", TWO: "withheld"}
    assert written(group) == {1}


@pytest.mark.parametrize("moved", ["aaabbc", "aabbbc", "aaabcc", "aaabbx"])
def test_one_who_moves_after_a_fact_reads_the_same_as_nobody(
    group: SessionScene, moved: str
) -> None:
    walk(group, "aaabbc", moved)
    group.reveal()
    assert group.totals(ONE) is None
    assert written(group) == {1}, "what is not shown is not written either"
    shown = group.regie().now.round(ONE)
    assert shown is not None
    assert shown.sentence == (
        "De stand bleef bijna gelijk aan een eerdere. Daarom tonen we geen cijfers."
    )


def test_one_who_moved_and_half_back_is_held_against_every_vote(group: SessionScene) -> None:
    # two move and move back, and one other stays moved: the last differs from the first by them
    walk(group, "aaabbc", "abbbbc", "aaabcc")
    group.reveal()
    assert written(group) == {1, ONE}
    assert group.totals(TWO) is None


def test_shown_totals_always_differ_by_two_people(group: SessionScene) -> None:
    chosen = ["aaabbc", "aabbcc", "abbbcc", "aaabbb", "bbbaac"]
    for number, votes in enumerate(product(chosen, repeat=2)):
        if number:
            group.be_another_team()
            group.open(werkvorm=UNFOLDING).join(6)
        walk(group, "aaabbc", *votes)
        group.reveal()
        shown = [totals for totals in all_totals(group) if totals]
        assert shown
        for place, one in enumerate(shown):
            for other in shown[place + 1 :]:
                assert not is_still(one, other)
        group.end()


def test_a_begeleider_cannot_take_off_what_they_changed(
    unfolding: None, scene: SessionScene
) -> None:
    # gerda and one colleague move: she knows herself, so the other would have a name
    scene.open(werkvorm=UNFOLDING).join(7)
    scene.join(user_id=scene.world.gerda.id)
    walk(scene, "aaabbcca", "baabbccb")
    scene.reveal()
    assert scene.totals(ONE) is None
    assert written(scene) == {1}


def test_with_three_others_her_own_move_tells_nothing(unfolding: None, scene: SessionScene) -> None:
    scene.open(werkvorm=UNFOLDING).join(7)
    scene.join(user_id=scene.world.gerda.id)
    walk(scene, "aaabbcca", "bbabbccb")
    scene.reveal()
    assert scene.totals(ONE) == {"a": 1, "b": 5, "c": 2, "x": 0}


def envelopes(scene: SessionScene) -> dict[int, int]:
    waiting: dict[int, int] = {}
    for row in scene.rows(ENVELOPE):
        waiting[row.edition] = waiting.get(row.edition, 0) + 1
    return waiting


def test_a_copied_box_never_holds_all_votes_of_a_phone(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc")
    assert envelopes(group) == {1: 6, ONE: 6}
    cast(group, TWO, "bbbbaa")
    group.close(TWO)
    assert envelopes(group) == {1: 6, TWO: 6}


def test_every_vote_after_a_fact_takes_the_same_statements_and_bytes(group: SessionScene) -> None:
    walk(group, "aaabbc")
    group.open_round(ONE)
    sent = []
    for token, option in zip(group.phones, "abcxab", strict=True):
        with statements() as seen:
            group.vote(token, option, "een reden die niet meegaat", number=ONE)
        sent.append(tuple(seen))
    assert len(set(sent)) == 1
    assert len({len(row.sealed) for row in group.rows(ENVELOPE)}) == 1
    group.close(ONE)
    assert group.count(REASON) == 0, "a reason would be known again from one vote in the next"


def test_a_phone_is_told_nothing_of_its_former_choice(group: SessionScene) -> None:
    walk(group, "aaabbc")
    group.open_round(ONE)
    views = [group.phone(token) for token in group.phones]
    assert {view.page for view in views} == {"vote"}
    assert all(one.now == other.now for one, other in pairwise(views))


def test_the_choices_of_a_group_lead_to_no_other_chapter(group: SessionScene) -> None:
    steps = [group.regie().now.script]
    for options in ("aaabbc", "cccbba"):
        group.be_another_team()
        group.open(werkvorm=UNFOLDING).join(6)
        walk(group, options, "abbbcc")
        steps.append(group.regie().now.script)
    assert all(one == other for one, other in pairwise(steps))


def test_what_facts_did_is_no_shift_by_talking(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc", "bbbbaa")
    group.reveal()
    group.end()
    assert group.count(BOX, BOX.c.kind == SHIFT) == 0


def test_the_same_card_twice_in_a_week_has_no_totals_of_any_vote(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc")
    group.reveal()
    group.end()
    group.open(werkvorm=UNFOLDING).join(6)
    walk(group, "aabbbc", "abbbcc")
    group.reveal()
    assert set(verdicts(group).values()) == {"again", "none"}
    assert written(group) == set()


def test_of_two_sessions_at_once_one_shows_its_votes(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc")
    first, phones = group.code, group.phones
    group.open(werkvorm=UNFOLDING).join(6)
    walk(group, "aabbbc", "bbbacc")
    group.reveal()
    group.code, group.phones = first, phones
    group.reveal()
    assert all_totals(group) == [None, None, None]


def test_with_fewer_than_five_no_fact_has_figures(unfolding: None, scene: SessionScene) -> None:
    scene.open(werkvorm=UNFOLDING).join(4)
    walk(scene, "aabb", "abbc", "bbcc")
    scene.reveal()
    assert set(verdicts(scene).values()) == {"few"}


def test_a_rehearsal_walks_all_chapters(unfolding: None, scene: SessionScene) -> None:
    scene.open(werkvorm=UNFOLDING, rehearsal=True)
    for number in (1, ONE, TWO):
        scene.open_round(number)
        scene.close(number)
    scene.reveal()
    assert scene.totals() is not None
    assert scene.end() is None


def test_a_card_without_chapters_is_refused(scene: SessionScene) -> None:
    with pytest.raises(WrongInput, match="heeft geen vervolg"):
        scene.plan(werkvorm=UNFOLDING)


def test_an_own_case_and_a_session_by_hand_are_refused(
    unfolding: None, scene: SessionScene
) -> None:
    with pytest.raises(WrongInput, match="heeft geen vervolg"):
        scene.plan(OWN, werkvorm=UNFOLDING)
    with pytest.raises(WrongInput, match="alleen met telefoons"):
        scene.plan(werkvorm=UNFOLDING, without_phones=True)


def test_chapters_stay_as_they_were_when_the_session_was_planned(
    group: SessionScene, cards_dir: Path
) -> None:
    for path in cards_dir.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("De huisarts", "De neef"), encoding="utf-8")
    assert [chapter.voice for chapter in group.regie().now.case.chapters] == [
        "De huisarts",
        "De buurvrouw",
    ]


def test_all_goes_with_the_session_but_the_report(group: SessionScene) -> None:
    walk(group, "aaabbc", "abbbcc", "bbbbbb")
    group.reveal()
    group.end()
    assert [group.count(table) for table in (ENVELOPE, SESSION_TALLY, PARTICIPANT)] == [0, 0, 0]
    assert group.rows(LIVE_SESSION)[0].wording == "{}"
    kept = json.loads(group.rows(REPORT)[0].body)["chapters"]
    assert [one["chapter"]["voice"] for one in kept] == ["De huisarts", "De buurvrouw"]
    assert [one["counts"] for one in kept] == [{"a": 1, "b": 3, "c": 2, "x": 0}, None]
