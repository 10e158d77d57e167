"""The end of the trail is known to the keys: who takes it off the database is seen, and told."""

from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import BEHEER_ACTION, Deed
from kopkrakers.counter.loop import tend_trail
from kopkrakers.counter.newest.trail_head import trail_fault
from tests.support.attacks import Attacker
from tests.support.polling import KEYS


def add(attacker: Attacker, how_many: int) -> None:
    with attacker.polling.database.transaction() as session:
        for number in range(how_many):
            write(
                session,
                KEYS,
                TrailEntry(Deed.RESTORED, None, detail=str(number)),
                attacker.polling.today,
            )


def fault(attacker: Attacker) -> str | None:
    with attacker.polling.database.reading() as session:
        counter = attacker.polling.counter
        return trail_fault(session, counter.folder, counter.keys)


def test_the_last_actions_cannot_be_taken_off_unseen(attacker: Attacker) -> None:
    add(attacker, 3)
    attacker.tick(1)
    assert fault(attacker) is None
    attacker.remove(BEHEER_ACTION, BEHEER_ACTION.c.number == 3)
    said = fault(attacker)
    assert said is not None and "nummer 3 niet" in said


def test_what_the_product_wrote_in_their_place_does_not_hide_it(attacker: Attacker) -> None:
    add(attacker, 3)
    attacker.tick(1)
    attacker.remove(BEHEER_ACTION, BEHEER_ACTION.c.number == 3)
    add(attacker, 2)
    said = fault(attacker)
    assert said is not None and "nummer 3 niet" in said


def test_a_fault_in_it_holds_no_answer_up(attacker: Attacker) -> None:
    add(attacker, 2)
    attacker.tick(1)
    attacker.remove(BEHEER_ACTION)
    attacker.polling.cast_all("aaaaaaabbbbb")
    attacker.tick(2)
    assert sum(attacker.polling.totals(attacker.polling.gemeente).values()) == 12
    assert fault(attacker) is not None


def test_the_counter_forgets_what_is_a_year_old(attacker: Attacker) -> None:
    add(attacker, 2)
    attacker.tick(1)
    later = attacker.polling.now.replace(year=2028)
    tend_trail(attacker.polling.counter, later)
    assert attacker.rows(BEHEER_ACTION) == []
    assert fault(attacker) is None
