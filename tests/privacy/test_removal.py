"""Who removes their account takes their waiting envelopes with them; a used turn stays used."""

from kopkrakers.accounts.service import remove_person
from kopkrakers.answers.models import Participation
from kopkrakers.answers.service import Turn
from kopkrakers.app import ON_REMOVAL
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import table
from tests.support.attacks import Attacker

TURN = table(Participation)


def test_a_removed_account_leaves_no_envelope_and_is_not_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaaaabbbccc")
    with polling.database.transaction() as session:
        remove_person(session, voters[10], ON_REMOVAL)
    assert not attacker.rows(ENVELOPE, ENVELOPE.c.voter == str(voters[10]))
    assert polling.turn(voters[10]) is Turn.TAKEN_BACK
    attacker.tick(2)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}


def test_a_counted_answer_stays_counted_when_its_account_goes(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaaaabbbcc")
    attacker.tick(2)
    with polling.database.transaction() as session:
        remove_person(session, voters[0], ON_REMOVAL)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert attacker.rows(TURN, TURN.c.user_id == voters[0])
