"""Nine invited strangers never stand alone with one person: newcomers hardly count toward k.

Each attack is shown to work where everybody counts.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Row

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.chain.gemeenten import sign_since
from kopkrakers.accounts.models import GEMEENTE, USER, Change
from kopkrakers.answers.service import Turn
from kopkrakers.counter.believing import BelievedEnvelopes
from kopkrakers.counter.opening import CountingRule, may_be_tried
from kopkrakers.privacy.bundles import toward_threshold
from kopkrakers.privacy.rules import K_GEMEENTE, NEW_DAYS, NEW_PART, PROOF_DAYS
from tests.support.attacks import Attacker
from tests.support.polling import KEYS, Polling

NINE = "aaaabbbcc"
TEN = "aaaaabbbcc"


@pytest.fixture
def naive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counter of before: everybody counts."""

    def all_count(_self: BelievedEnvelopes, rows: Sequence[Row[Any]], rule: CountingRule) -> bool:
        return may_be_tried(rows, rule)

    monkeypatch.setattr(BelievedEnvelopes, "are_enough", all_count)


def came(polling: Polling, people: Sequence[int], days_ago: int, *, proved: bool) -> None:
    """These accounts came so many days ago, by a mailed link or by one that was handed over."""
    values = {"since": polling.today - timedelta(days=days_ago), "address_proved": proved}
    with polling.database.transaction() as session:
        for person in people:
            with changing(session, KEYS, person, Change.MADE):
                session.execute(USER.update().where(USER.c.id == person).values(**values))


def gemeente_came(attacker: Attacker, gemeente: int, days_ago: int) -> None:
    since = attacker.polling.today - timedelta(days=days_ago)
    attacker.change(GEMEENTE, GEMEENTE.c.id == gemeente, since=since)


def vote_beside_a_victim(attacker: Attacker) -> int:
    """Nine vote what they agreed on, and one person who was there before votes "b" with them."""
    polling = attacker.polling
    polling.cast_all(NINE)
    victim = polling.people[9]
    polling.cast(victim, "b")
    attacker.tick(2)
    return victim


@pytest.mark.usefixtures("naive")
def test_nine_handed_invitations_read_a_vote_where_everybody_counts(attacker: Attacker) -> None:
    came(attacker.polling, attacker.polling.people[:9], 0, proved=False)
    vote_beside_a_victim(attacker)
    assert attacker.polling.totals("NL") == {"a": 4, "b": 3 + 1, "c": 2, "x": 0}


@pytest.mark.parametrize(
    ("days_ago", "proved"), [(0, False), (PROOF_DAYS, False), (0, True), (NEW_DAYS - 1, True)]
)
def test_nine_who_came_shortly_ago_read_nothing(
    attacker: Attacker, days_ago: int, proved: bool
) -> None:
    polling = attacker.polling
    came(polling, polling.people[:9], days_ago, proved=proved)
    victim = vote_beside_a_victim(attacker)
    assert polling.totals("NL") == {} and attacker.refused() == 0
    assert polling.turn(victim) is Turn.IN_BOX
    # more people who were there before answer: now all of them are counted, the nine too
    polling.cast_all("ab" * 5, skip=10)
    attacker.tick(2)
    assert sum(polling.totals("NL").values()) == 20


def test_after_a_month_they_are_colleagues_like_any(attacker: Attacker) -> None:
    came(attacker.polling, attacker.polling.people[:9], NEW_DAYS, proved=False)
    vote_beside_a_victim(attacker)
    assert sum(attacker.polling.totals("NL").values()) == 10


@pytest.mark.parametrize(
    ("new", "proved", "counted"), [(3, True, 10), (4, True, 0), (1, False, 0), (0, False, 10)]
)
def test_of_ten_three_may_be_new_and_none_unproved(
    attacker: Attacker, new: int, proved: bool, counted: int
) -> None:
    polling = attacker.polling
    came(polling, polling.people[:new], 1, proved=proved)
    polling.cast_all(TEN)
    attacker.tick(2)
    assert sum(polling.totals("NL").values()) == counted


def test_a_new_gemeente_begins_at_once(attacker: Attacker) -> None:
    polling = attacker.polling
    gemeente_came(attacker, polling.gemeente, 1)
    with polling.database.transaction() as session:
        sign_since(session, KEYS, polling.gemeente)
    came(polling, polling.people[:10], 0, proved=False)
    polling.cast_all(TEN)
    attacker.tick(2)
    assert sum(polling.totals(polling.gemeente).values()) == 10


@pytest.mark.parametrize("signed_days_ago", [None, NEW_DAYS, 300])
def test_no_gemeente_becomes_new_by_sql(attacker: Attacker, signed_days_ago: int | None) -> None:
    polling = attacker.polling
    if signed_days_ago is not None:
        gemeente_came(attacker, polling.gemeente, signed_days_ago)
        with polling.database.transaction() as session:
            sign_since(session, KEYS, polling.gemeente)
    gemeente_came(attacker, polling.gemeente, 1)
    came(polling, polling.people[:9], 0, proved=False)
    vote_beside_a_victim(attacker)
    assert polling.totals("NL") == {}


def test_the_national_pool_is_as_old_as_its_oldest_gemeente(attacker: Attacker) -> None:
    """Newcomers of a new gemeente do not fill the national box around one person."""
    polling = attacker.polling
    gemeente_came(attacker, polling.gemeente, 1)
    with polling.database.transaction() as session:
        sign_since(session, KEYS, polling.gemeente)
    came(polling, polling.people[:9], 0, proved=True)
    polling.cast_all(NINE)
    polling.cast_all("aaaaaabbbcc", others=True)
    polling.freeze()
    attacker.tick(3)
    assert polling.totals("NL") == {}


@pytest.mark.parametrize("people", range(K_GEMEENTE, 40))
def test_of_those_who_count_at_most_a_third_is_new(people: int) -> None:
    for new in range(people + 1):
        counted = toward_threshold(people - new, new)
        counted_new = counted - (people - new)
        assert counted_new <= new
        assert NEW_PART * counted_new <= counted
