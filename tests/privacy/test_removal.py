"""Who removes their account takes their waiting envelopes with them; a used turn stays used."""

from sqlmodel import Session

from kopkrakers.accounts.service import remove_person
from kopkrakers.answers.models import Participation
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, take_back_everything
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import table
from tests.support.attacks import Attacker
from tests.support.polling import TURN_KEYS
from tests.support.world import ROW_KEYS

TURN = table(Participation)


def take_back_all(session: Session, user_id: int) -> None:
    take_back_everything(session, Voter(user_id, TURN_KEYS))


def test_a_removed_account_leaves_no_envelope_and_is_not_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaaaabbbccc")
    with polling.database.transaction() as session:
        remove_person(session, voters[10], [take_back_all], ROW_KEYS)
    assert not attacker.rows(ENVELOPE, ENVELOPE.c.voter == polling.pseudonym(voters[10]))
    assert polling.turn(voters[10]) is Turn.TAKEN_BACK
    attacker.tick(2)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}


def test_a_counted_answer_stays_counted_when_its_account_goes(attacker: Attacker) -> None:
    polling = attacker.polling
    voters = polling.cast_all("aaaaabbbcc")
    attacker.tick(2)
    with polling.database.transaction() as session:
        remove_person(session, voters[0], [take_back_all], ROW_KEYS)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert attacker.rows(TURN, TURN.c.pseudonym == polling.pseudonym(voters[0]))
