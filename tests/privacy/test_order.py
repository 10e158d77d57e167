"""Neither the order of votes nor the choice of one newcomer decides what is counted and when."""

from random import Random

import pytest

from kopkrakers.ballots.boxes import BOX, ENVELOPE
from tests.support.attacks import Attacker
from tests.support.polling import Polling


def seen_of(
    attacker: Attacker, gemeente: int
) -> tuple[dict[str, int], list[tuple[bool, bool, int]]]:
    """Return the totals of one gemeente, and the marks on what waits, as the database has them."""
    boxes = [box.id for box in attacker.rows(BOX, BOX.c.pool == str(gemeente))]
    waiting = attacker.rows(ENVELOPE, ENVELOPE.c.box_id.in_(boxes))
    return attacker.polling.totals(gemeente), sorted(
        (row.lived, row.tried, row.nights) for row in waiting
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_votes_in_another_order_give_the_same_totals(polling: Polling, seed: int) -> None:
    random = Random(seed)
    options = "".join(random.choices("abcx", weights=(6, 3, 1, 1), k=30))
    polling.cast_all(options)
    polling.cast_all("".join(random.sample(options, 30)), others=True)
    polling.tick(2)
    assert sum(polling.totals(polling.gemeente).values()) == 30
    assert polling.totals(polling.gemeente) == polling.totals(polling.other_gemeente)


def test_until_ten_newcomers_came_what_one_of_them_chose_changes_nothing_that_can_be_seen(
    attacker: Attacker,
) -> None:
    polling = attacker.polling
    for others in (False, True):
        tried = polling.cast_all("aaaaaaaaab", others=others)
        polling.tick(2)
        polling.take_back(tried[0])
    for newcomers in range(1, 10):
        polling.cast_all("a", skip=9 + newcomers)
        polling.cast_all("b", others=True, skip=9 + newcomers)
        polling.tick(2)
        assert seen_of(attacker, polling.gemeente) == seen_of(attacker, polling.other_gemeente)
    assert polling.totals("NL") == {}
