"""A session with stellingen: votes that nobody ties together, and totals by the rules."""

import hashlib
import hmac
from itertools import product

import pytest
from sqlalchemy import insert

from kopkrakers.ballots.boxes import ENVELOPE, refusals
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.intervisie.session import rounds, running
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import CRACKED, LIVE_SESSION, PARTICIPANT, SESSION_TALLY
from kopkrakers.intervisie.session.verdicts import first_verdict
from kopkrakers.intervisie.session.wording.stellingen import Stellingen
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING
from tests.support.pages import statements
from tests.support.sessions.scene import SessionScene, reading

ONE, TWO, THREE = range(FIRST_STELLING, FIRST_STELLING + 3)
WORK = Stellingen("een-paar-uur-werk", ("altijd-winst", "vast-bedrag", "brieven-tellen"))


@pytest.fixture
def group(scene: SessionScene) -> SessionScene:
    """Six phones, and a session with three stellingen."""
    scene.open(WORK, werkvorm="stellingen").join(6)
    return scene


def cast(scene: SessionScene, number: int, options: str) -> None:
    """Open a vote, and let each phone choose; it stays open."""
    scene.open_round(number)
    for token, option in zip(scene.phones, options, strict=False):
        scene.vote(token, option, number=number)


def ask(scene: SessionScene, number: int, options: str) -> None:
    """Do a stelling from its opening to its reveal."""
    cast(scene, number, options)
    scene.close(number)
    scene.reveal(number)


def verdict(scene: SessionScene, number: int) -> Verdict:
    round_ = scene.regie().now.round(number)
    assert round_ is not None
    return round_.verdict


def test_each_chosen_stelling_is_a_step_with_a_vote_of_its_own(group: SessionScene) -> None:
    now = group.regie().now
    assert (now.case.title, len(now.case.items)) == ("Een paar uur werk", 3)
    assert [step.opens for step in now.script.stappen] == [None, ONE, TWO, THREE, None]
    assert [round_.number for round_ in now.rounds] == [ONE, TWO, THREE]


@pytest.mark.parametrize("wanted", [Stellingen("x", ()), Stellingen(WORK.slug, WORK.codes[:1])])
def test_a_set_that_is_not_there_or_one_stelling_alone_is_refused(
    scene: SessionScene, wanted: Stellingen
) -> None:
    with pytest.raises(WrongInput):
        scene.plan(wanted, werkvorm="stellingen")


def test_a_werkvorm_goes_with_what_it_is_made_for(scene: SessionScene) -> None:
    with pytest.raises(WrongInput, match="Kies een werkvorm"):
        scene.plan(WORK, werkvorm="kraak-45")
    with pytest.raises(WrongInput, match="Kies een werkvorm"):
        scene.plan(werkvorm="stellingen")


def test_stellingen_come_in_any_order_and_have_totals_of_their_own(group: SessionScene) -> None:
    ask(group, TWO, "aaabbc")
    ask(group, ONE, "ccbbaa")
    assert group.totals(TWO) == {"a": 3, "b": 2, "c": 1}
    assert group.totals(ONE) == {"a": 2, "b": 2, "c": 2}
    assert group.totals(THREE) is None


def test_a_stelling_is_voted_on_and_revealed_once(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    with pytest.raises(TooLate):
        group.open_round(ONE)
    group.go_to(group.step + 1)
    with pytest.raises(TooLate):
        group.reveal(ONE)


def test_a_phone_votes_once_and_later_sees_that_it_did(group: SessionScene) -> None:
    cast(group, ONE, "a")
    with pytest.raises(TooLate, match="De eerste telt"):
        group.vote(group.phones[0], "b", number=ONE)
    assert group.phone(group.phones[0]).page == "voted"
    assert group.phone(group.phones[1]).page == "vote"


def marks(scene: SessionScene, number: int) -> list[str]:
    return [row.voter for row in scene.rows(ENVELOPE, ENVELOPE.c.edition == number)]


def test_marks_of_two_stellingen_lead_to_no_phone(group: SessionScene) -> None:
    # an attacker who copied the envelopes of both before they went, and has all of the database
    cast(group, ONE, "aaabbc")
    first = marks(group, ONE)
    group.close(ONE)
    cast(group, TWO, "aaabbc")
    second = marks(group, TWO)
    assert len({*first, *second}) == 12
    people = group.rows(PARTICIPANT)
    row = group.rows(LIVE_SESSION)[0]
    known = [row.id, row.code, *(one.id for one in people), *(one.token_hash for one in people)]
    for key, who, number in product(known, known, (ONE, TWO)):
        for text in (f"{who}", f"stelling {number} {who}", f"{number} {who}", f"{who} {number}"):
            made = hmac.digest(key.encode(), text.encode(), hashlib.sha256).hex()[:32]
            plain = hashlib.sha256(f"{key}{text}".encode()).hexdigest()[:32]
            assert not {made, plain, who} & {*first, *second}


def test_envelopes_of_a_stelling_go_when_it_is_counted(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    assert group.count(ENVELOPE) == 6
    group.close(ONE)
    assert group.count(ENVELOPE) == 0
    cast(group, TWO, "bbb")
    assert {row.edition for row in group.rows(ENVELOPE)} == {TWO}


def test_an_envelope_that_is_put_back_counts_for_nothing(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    copied = [dict(row._mapping) for row in group.rows(ENVELOPE)]
    group.close(ONE)
    group.open_round(TWO)
    with group.database.transaction() as session:
        session.execute(insert(ENVELOPE), copied)
        moved = [row | {"edition": TWO} for row in copied]
        session.execute(insert(ENVELOPE), moved)
    for token, option in zip(group.phones, "bbbaac", strict=True):
        group.vote(token, option, number=TWO)
    group.close(TWO)
    group.reveal(TWO)
    assert group.totals(TWO) == {"a": 2, "b": 3, "c": 1}
    assert reading(group, refusals) == 6


def test_every_vote_takes_the_same_statements_and_bytes(group: SessionScene) -> None:
    group.open_round(ONE)
    sent = []
    for token, option in zip(group.phones, "abcabc", strict=True):
        with statements() as seen:
            group.vote(token, option, "een reden die niet meegaat", number=ONE)
        sent.append(tuple(seen))
    assert len(set(sent)) == 1
    assert len({len(row.sealed) for row in group.rows(ENVELOPE)}) == 1


@pytest.mark.parametrize("options", ["aaaaaa", "bbbbbb", "aaaaab", "cccccb", "aaaaa", "aaaac"])
def test_unanimous_and_all_but_one_read_the_same(group: SessionScene, options: str) -> None:
    ask(group, ONE, options)
    shown = group.regie().now.round(ONE)
    assert shown is not None
    assert (shown.verdict, shown.totals, group.count(SESSION_TALLY)) == (Verdict.ALIKE, None, 0)
    assert shown.sentence == "Jullie zitten bijna op één lijn. Daarom tonen we geen cijfers."


def test_before_the_reveal_nobody_reads_a_number(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    group.close(ONE)
    for view in (group.regie().now, group.phone(group.phones[0]).now):
        round_ = view.round(ONE)
        assert round_ is not None
        assert (round_.state, round_.totals, round_.verdict) == (
            RoundState.CLOSED,
            None,
            Verdict.NONE,
        )


def test_who_comes_late_joins_at_the_next_stelling(group: SessionScene) -> None:
    group.open_round(ONE)
    late = group.join()[0]
    assert (group.phone(late).watches, group.regie().now.heads) == (True, 6)
    with pytest.raises(TooLate, match="Vanaf de volgende stelling"):
        group.vote(late, number=ONE)
    group.close(ONE)
    assert (group.phone(late).watches, group.regie().now.heads) == (False, 7)
    ask(group, TWO, "aaabbcc")
    assert group.totals(TWO) == {"a": 3, "b": 2, "c": 2}


def test_more_phones_than_were_agreed_on_are_asked_about_again(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    group.join()
    group.go_to(group.step + 1)
    with pytest.raises(TooLate, match="het aantal klopt"):
        group.lead(rounds.open_round, number=TWO, mac_keys=group.keys)


def test_a_slow_count_lets_nobody_into_the_next_vote(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    group.lead(rounds.close_round, number=ONE)
    group.open_round(TWO)
    group.quick()
    late = group.join()[0]
    assert group.phone(late).watches
    group.act(running.leave, code=group.code, token=group.phones[0])
    assert group.regie().now.heads == 6


def test_an_opening_that_is_taken_back_lets_people_in_again(group: SessionScene) -> None:
    group.open_round(ONE)
    late = group.join()[0]
    group.lead(rounds.withdraw_round, number=ONE)
    assert not group.phone(late).watches


def test_who_leaves_between_two_stellingen_takes_no_vote_along(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    group.lead(rounds.close_round, number=ONE)
    group.act(running.leave, code=group.code, token=group.phones[0])
    group.quick()
    group.reveal(ONE)
    assert group.totals(ONE) == {"a": 3, "b": 2, "c": 1}


def again(scene: SessionScene, options: str) -> None:
    """Another session of the team, with two of the same stellingen and one other."""
    codes = ("altijd-winst", "brieven-tellen", "rekenen-vooraf")
    scene.open(Stellingen(WORK.slug, codes), werkvorm="stellingen").join(6)
    ask(scene, ONE, options)


def test_a_repeated_stelling_is_a_second_vote_without_totals(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    group.end()
    # one colleague chose otherwise: the difference would be theirs
    again(group, "aabbbc")
    assert (verdict(group, ONE), group.totals(ONE)) == (Verdict.AGAIN, None)
    assert group.count(SESSION_TALLY) == 0
    ask(group, THREE, "aaabbc")
    assert group.totals(THREE) == {"a": 3, "b": 2, "c": 1}


def test_two_sessions_at_once_show_a_stelling_once(group: SessionScene) -> None:
    cast(group, ONE, "aaabbc")
    group.close(ONE)
    first, phones = group.code, group.phones
    again(group, "aabbbc")
    assert group.totals(ONE) == {"a": 2, "b": 3, "c": 1}
    group.code, group.phones = first, phones
    group.reveal(ONE)
    assert (verdict(group, ONE), group.totals(ONE)) == (Verdict.AGAIN, None)


def test_after_a_week_a_stelling_has_totals_again(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    group.end()
    group.clock.move(days=7)
    again(group, "aabbbc")
    assert group.totals(ONE) == {"a": 2, "b": 3, "c": 1}


def test_what_is_remembered_of_a_stelling_is_team_code_and_day(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    kept = [tuple(row) for row in group.rows(CRACKED)]
    assert kept == [(group.world.team_noord, "stelling:altijd-winst", group.today)]


@pytest.mark.parametrize(
    ("counts", "begeleiders", "expected"),
    [
        ({"a": 3, "b": 2, "c": 0}, 0, Verdict.COUNTED),
        ({"a": 3, "b": 2, "c": 0}, 1, Verdict.FEW),
        ({"a": 4, "b": 2, "c": 0}, 0, Verdict.COUNTED),
        ({"a": 4, "b": 2, "c": 0}, 1, Verdict.ALIKE),
        ({"a": 3, "b": 3, "c": 1}, 2, Verdict.COUNTED),
        ({"a": 4, "b": 2, "c": 1}, 2, Verdict.ALIKE),
        ({"a": 0, "b": 0, "c": 0}, 2, Verdict.FEW),
    ],
)
def test_votes_of_begeleiders_help_no_group_whichever_they_were(
    counts: dict[str, int], begeleiders: int, expected: Verdict
) -> None:
    assert first_verdict(counts, unseen=begeleiders) == expected


def test_a_begeleider_on_a_phone_counts_as_one_who_knows(scene: SessionScene) -> None:
    scene.open(WORK, werkvorm="stellingen").join(5)
    scene.join(user_id=scene.world.gerda.id)
    ask(scene, ONE, "aaaabb")
    assert verdict(scene, ONE) == Verdict.ALIKE
    ask(scene, TWO, "aaabbb")
    assert scene.totals(TWO) == {"a": 3, "b": 3, "c": 0}


def test_a_rehearsal_votes_by_itself(scene: SessionScene) -> None:
    scene.open(WORK, werkvorm="stellingen", rehearsal=True)
    for number in (ONE, TWO):
        scene.open_round(number)
        scene.close(number)
        scene.reveal(number)
        assert verdict(scene, number) == Verdict.COUNTED
    assert scene.count(CRACKED) == 0
    assert scene.end() is None


def test_all_goes_with_the_session_but_the_report(group: SessionScene) -> None:
    ask(group, ONE, "aaabbc")
    ask(group, TWO, "aaaaaa")
    cast(group, THREE, "abc")
    group.end()
    assert [group.count(table) for table in (ENVELOPE, SESSION_TALLY, PARTICIPANT)] == [0, 0, 0]
    assert group.rows(LIVE_SESSION)[0].wording == "{}"
