"""Two chairs: who leads is counted apart, once, in the chair that they had when it opened."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from kopkrakers.accounts.models import USER, Status
from kopkrakers.answers.figures import distributions_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.daily import vanished
from kopkrakers.counter.rotation.lasting import carries_former_key, sign_lasting_anew
from kopkrakers.pools.chairs import (
    choose_chair,
    chosen_chair,
    count_leaders,
    forget_chair,
    led_at_opening,
)
from kopkrakers.pools.models import CHAIR
from kopkrakers.pools.service import assign_pools
from kopkrakers.privacy.release import ReleasedDistribution
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, TALLY
from kopkrakers.tallies.reading import read_verified_scopes
from tests.pools.voting import make_and_move, next_edition, vote
from tests.support.attacks import Attacker, loose_in
from tests.support.polling import KEYS, OPTIONS, SLUG, TURN_KEYS, Polling
from tests.support.tally_guard import unhooked

MIXED = "aaaaaaaabbbbbbbccccx"
"""Twenty answers, as few as are counted nationally."""
COUNTED = {"a": 8, "b": 7, "c": 4, "x": 1}


def lead(polling: Polling, people: Sequence[int], *, days: int = 1, leads: bool = True) -> None:
    """These people chose their chair so many days before today."""
    with polling.database.transaction() as session:
        for user_id in people:
            day = polling.today - timedelta(days=days)
            choose_chair(session, KEYS, user_id, leads=leads, today=day)


def two_chairs(polling: Polling) -> None:
    """Let the edition open anew, as one that two chairs answer."""
    with polling.database.transaction() as session:
        session.execute(update(EDITION).values(two_chairs=True, pools=None, pools_mac=None))
        assign_pools(session, KEYS, polling.today, counted=())
    make_and_move(polling)


@pytest.fixture
def leaders(polling: Polling) -> list[int]:
    """Twenty-five people of Zaanstad who lead, in an edition of two chairs."""
    found = polling.people[:25]
    lead(polling, found)
    two_chairs(polling)
    return found


def waiting(polling: Polling) -> dict[str, int]:
    with polling.database.reading() as session:
        of_box = select(BOX.c.kind).join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
        kinds = list(session.execute(of_box).scalars())
    return {kind: kinds.count(kind) for kind in kinds}


def scopes(polling: Polling, edition: int = 1) -> set[str]:
    with polling.database.reading() as session:
        rows = select(TALLY.c.scope).where(TALLY.c.edition == edition)
        return set(session.execute(rows).scalars())


def test_each_chair_is_counted_by_itself(polling: Polling, leaders: list[int]) -> None:
    polling.cast_all(MIXED)
    polling.cast_all("aaaaabbbccxx", skip=25)
    assert waiting(polling) == {"leiding": 20, "gemeente": 12}
    polling.tick(2)
    assert polling.totals("L") == COUNTED
    others = {"a": 5, "b": 3, "c": 2, "x": 2}
    assert polling.totals("NL") == polling.totals(polling.gemeente) == others
    assert {polling.turn(person) for person in polling.people[:20]} == {Turn.COUNTED}
    with polling.database.reading() as session:
        assert vanished(session) == 0
        shown = distributions_of(session, KEYS, SLUG, 1, OPTIONS, str(polling.gemeente))
    assert isinstance(shown.leaders, ReleasedDistribution)
    assert shown.leaders.counts == (8, 7, 4, 1)
    assert isinstance(shown.national, ReleasedDistribution)
    assert shown.national.counts == (5, 3, 2, 2)


@pytest.mark.parametrize("options", [MIXED[:19], "a" * 20, "a" * 18 + "bb"])
def test_too_few_leaders_or_too_much_alike_are_not_counted(
    polling: Polling, leaders: list[int], options: str
) -> None:
    polling.cast_all(options)
    polling.nights(4)
    assert scopes(polling) == set()
    assert waiting(polling) == {"leiding": len(options)}


def test_what_goes_with_the_answer_of_a_leader_is_counted_nowhere(
    polling: Polling, leaders: list[int]
) -> None:
    """A table of both chairs beside the totals of one would tell of the other."""
    polling.cast_all(MIXED)
    polling.tick(2)
    assert polling.totals("L") == COUNTED
    with polling.database.reading() as session:
        attributes = select(BOX.c.id).where(BOX.c.kind == "attribute")
        assert session.execute(attributes).first() is not None
        assert session.execute(select(ATTRIBUTE_TALLY)).first() is None
    assert not any(loose_in(polling).values())


def test_a_chair_holds_from_the_next_edition_on(polling: Polling) -> None:
    lead(polling, polling.people, days=0)
    two_chairs(polling)
    polling.cast_all("aab")
    assert waiting(polling) == {"gemeente": 3}
    with polling.database.transaction() as session:
        session.execute(update(EDITION).values(opens_on=polling.today + timedelta(days=1)))
    polling.now += timedelta(days=1)
    two_chairs(polling)
    lead(polling, polling.people[:6], days=0, leads=False)
    polling.cast_all("aab", skip=3)
    assert waiting(polling) == {"gemeente": 3, "leiding": 3}, "the edition was open already"


def test_an_edition_of_one_chair_counts_everybody_together(polling: Polling) -> None:
    lead(polling, polling.people)
    make_and_move(polling)
    polling.cast_all("aaaaabbbccc")
    polling.tick(2)
    assert scopes(polling) == {"NL", str(polling.gemeente)}


def test_nobody_answers_in_both_chairs(polling: Polling, leaders: list[int]) -> None:
    polling.cast_all("a")
    lead(polling, polling.people[:1], days=0, leads=False)
    with polling.database.transaction() as session:
        session.execute(delete(CHAIR))
    with pytest.raises(Exception, match="al beantwoord"):
        polling.cast_all("b")
    assert waiting(polling) == {"leiding": 1}


def test_a_chair_by_sql_is_none(polling: Polling, leaders: list[int]) -> None:
    victim = polling.people[30]
    forged = {"user_id": victim, "since": polling.today - timedelta(days=1), "leads": True}
    with polling.database.transaction() as session:
        of_another = select(CHAIR.c.mac).where(CHAIR.c.user_id == leaders[0])
        forged["mac"] = session.execute(of_another).scalar_one()
        session.execute(CHAIR.insert(), forged)
        assert not led_at_opening(session, KEYS, victim, polling.today)
        assert led_at_opening(session, KEYS, leaders[0], polling.today)
    polling.cast(victim)
    assert waiting(polling) == {"gemeente": 1}


def test_who_makes_an_edition_one_of_two_chairs_by_sql_moves_nobody(polling: Polling) -> None:
    lead(polling, polling.people)
    with polling.database.transaction() as session:
        session.execute(update(EDITION).values(two_chairs=True))
    make_and_move(polling)
    polling.cast_all("aab")
    assert waiting(polling).keys() <= {"gemeente", "land"}


def test_an_envelope_that_was_moved_to_the_other_chair_is_refused(attacker: Attacker) -> None:
    polling = attacker.polling
    lead(polling, polling.people[:20])
    two_chairs(polling)
    polling.cast_all(MIXED)
    victim = polling.cast_all("c", skip=25)[0]
    attacker.tick()
    attacker.change_envelope(victim, box_id=attacker.box("leiding", "L").id)
    attacker.change_envelope(polling.people[0], box_id=attacker.box("land", "NL").id)
    attacker.tick()
    assert polling.totals("L") == {}, "nineteen are left of the twenty"
    assert polling.turn(victim) is polling.turn(polling.people[0]) is Turn.NOT_COUNTED


def test_at_the_close_leaders_are_counted_or_destroyed(
    polling: Polling, leaders: list[int]
) -> None:
    polling.cast_all(MIXED)
    polling.close()
    assert polling.totals("L") == COUNTED
    assert waiting(polling) == {}


def test_a_few_leaders_are_destroyed_at_the_close(polling: Polling, leaders: list[int]) -> None:
    polling.cast_all(MIXED[:10])
    polling.close()
    assert scopes(polling) == set()
    assert waiting(polling) == {}
    with polling.database.reading() as session:
        assert session.execute(select(EDITION.c.part_not_counted)).scalar_one()
        kinds = set(session.execute(select(BOX.c.kind)).scalars())
    assert kinds == {"attribute"}


@pytest.mark.parametrize("hidden", [False, True])
def test_a_dilemma_that_comes_back_tells_no_numbers_of_leaders(
    polling: Polling, leaders: list[int], hidden: bool
) -> None:
    """Somebody may have changed chairs between; also when the first totals were deleted."""
    polling.cast_all(MIXED)
    polling.tick(2)
    next_edition(polling, settled=True)
    make_and_move(polling)
    polling.edition = 2
    polling.cast_all(MIXED)
    polling.tick(2)
    assert polling.totals("L") == COUNTED
    if hidden:
        with unhooked("by SQL"), polling.database.transaction() as session:
            session.execute(delete(TALLY).where(TALLY.c.edition == 1))
    with polling.database.reading() as session:
        assert read_verified_scopes(session, KEYS, SLUG, 2).comes_back
        assert distributions_of(session, KEYS, SLUG, 2, OPTIONS, None).leaders is None


def test_totals_of_leaders_that_somebody_changed_are_not_shown(
    polling: Polling, leaders: list[int]
) -> None:
    polling.cast_all(MIXED)
    polling.tick(2)
    with unhooked("by SQL"), polling.database.transaction() as session:
        session.execute(update(TALLY).where(TALLY.c.option == "b").values(n=9))
    with polling.database.reading() as session:
        shown = distributions_of(session, KEYS, SLUG, 1, OPTIONS, None)
    assert shown.leaders is None
    assert "L" in shown.doubtful


def test_former_choices_go_once_no_open_edition_asks_for_them(polling: Polling) -> None:
    one = polling.people[0]
    for weeks in (60, 40, 20, 0):
        lead(polling, [one], days=7 * weeks, leads=weeks % 40 == 0)
    with polling.database.reading() as session:
        rows = select(CHAIR.c.since).where(CHAIR.c.user_id == one).order_by(CHAIR.c.since)
        ages = [(polling.today - day).days // 7 for day in session.execute(rows).scalars()]
    assert ages == [40, 20, 0]


def test_only_who_can_vote_is_told_to_lead(polling: Polling) -> None:
    lead(polling, polling.people[:5])
    lead(polling, polling.people[:2], days=0, leads=False)
    with polling.database.transaction() as session:
        assert count_leaders(session) == 3
        assert chosen_chair(session, polling.people[0]) is False
        assert chosen_chair(session, polling.people[4]) is True
        assert chosen_chair(session, polling.people[9]) is None
        of_one = USER.c.id == polling.people[4]
        session.execute(update(USER).where(of_one).values(status=Status.BLOCKED))
        assert count_leaders(session) == 2
        forget_chair(session, polling.people[3])
        assert count_leaders(session) == 1


def test_chairs_and_editions_survive_a_new_secret(polling: Polling, leaders: list[int]) -> None:
    new = Keys(b"n" * 32, (KEYS.current,))
    only_new: Any = Keys(new.current)
    with polling.database.transaction() as session:
        assert not led_at_opening(session, only_new, leaders[0], polling.today)
        sign_lasting_anew(session, new)
        assert not carries_former_key(session, new)
        assert led_at_opening(session, only_new, leaders[0], polling.today)


def test_taking_back_and_leaving_work_from_either_chair(
    polling: Polling, leaders: list[int]
) -> None:
    polling.cast_all("ab")
    polling.take_back(leaders[0])
    assert polling.turn(leaders[0]) is Turn.TAKEN_BACK
    assert Voter(leaders[1], TURN_KEYS).on(SLUG, 1) in {row.voter for row in _envelopes(polling)}
    assert waiting(polling) == {"leiding": 1}


def _envelopes(polling: Polling) -> Sequence[Any]:
    with polling.database.reading() as session:
        return session.execute(select(ENVELOPE)).all()


def test_who_did_not_choose_votes_with_everybody(polling: Polling, leaders: list[int]) -> None:
    vote(polling, polling.other_gemeente, polling.others[:3], "abc")
    assert waiting(polling) == {"gemeente": 3}
