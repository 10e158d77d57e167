"""What monitoring hears of messages that did not leave: how many, once they should have."""

from datetime import timedelta

from kopkrakers.base.db import Database
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.rules import LATE_MINUTES
from kopkrakers.reminders.sending.late import PATIENCE, late_messages
from kopkrakers.reminders.service import claim_everything
from tests.reminders.wishes import NINE, SUNDAY, THIS_MONDAY, after, wants_mail
from tests.support.world import World


def late(database: Database, minutes: int) -> int:
    with database.reading() as session:
        return late_messages(session, after(THIS_MONDAY, NINE, minutes=minutes), Kind.MAIL)


def test_a_message_is_late_once_it_should_have_left_and_no_more_when_it_did(
    database: Database, world: World
) -> None:
    wants_mail(database, world.anna.id, world.bram.id)
    wants_mail(database, world.gerda.id, at=NINE + 60)
    patience = int(PATIENCE.total_seconds() // 60)
    assert [late(database, minutes) for minutes in (0, patience - 1, patience)] == [0, 0, 2]
    assert late(database, patience + 60) == 3
    # nobody is reminded that late any more
    assert late(database, LATE_MINUTES) == 1
    with database.transaction() as session:
        claim_everything(session, THIS_MONDAY)
    assert late(database, patience) == 0


def test_no_message_is_late_on_a_day_that_has_none(database: Database, world: World) -> None:
    wants_mail(database, world.anna.id, since=SUNDAY - timedelta(days=7))
    patience = int(PATIENCE.total_seconds() // 60)
    with database.reading() as session:
        for day in (SUNDAY, THIS_MONDAY + timedelta(days=1)):
            moment = after(day, NINE, minutes=patience)
            assert late_messages(session, moment, Kind.MAIL) == 0
