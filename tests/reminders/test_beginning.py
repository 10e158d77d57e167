"""What the courier does at its start, two of them at once, and after a backup was put back."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pydantic import SecretStr
from sqlalchemy import select

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.models import REMINDER, TEAM_HOOK, Kind
from kopkrakers.reminders.push.subscription import (
    Subscription,
    opened_subscription,
    sealed_subscription,
)
from kopkrakers.reminders.sending.beginning import begin
from kopkrakers.reminders.sending.courier import Courier, claim
from kopkrakers.reminders.service import Wish, ask_for, claim_everything
from kopkrakers.reminders.team_hooks import hook_of, set_hook
from tests.reminders.wishes import NINE, SUNDAY, THIS_MONDAY, sent_on, wants_mail
from tests.support.world import World

PHONE = Subscription("https://push.example/1", "p", "a", "k")
CHANNEL = "https://hooks.slack.com/services/geheim"


def test_a_former_secret_can_be_taken_away_after_a_start(
    settings: Settings, database: Database, world: World
) -> None:
    old = keys_for(Use.REMINDERS, settings)
    with database.transaction() as session:
        wish = Wish(NINE, sealed=sealed_subscription(old, PHONE))
        ask_for(session, world.anna.id, Kind.PUSH, wish, SUNDAY)
        set_hook(session, world.team_noord, CHANNEL, at=NINE, keys=old, today=SUNDAY)
    wants_mail(database, world.bram.id)
    both = {"secret": SecretStr("n" * 40), "secret_previous": settings.secret}
    rotated = settings.model_copy(update=both)
    for _ in range(2):
        begin(Courier(rotated, database, Library(settings.cards_dir)))
    alone = keys_for(Use.REMINDERS, rotated.model_copy(update={"secret_previous": None}))
    with database.reading() as session:
        sealed = session.execute(
            select(REMINDER.c.sealed).where(REMINDER.c.kind == Kind.PUSH)
        ).scalar_one()
        hook = hook_of(session, world.team_noord, alone)
    assert opened_subscription(alone, sealed) == PHONE
    assert hook is not None and hook.host == "hooks.slack.com"
    assert opened_subscription(old, sealed) is None


def test_of_many_couriers_one_takes_a_message(
    settings: Settings, database: Database, world: World
) -> None:
    wants_mail(database, world.anna.id)
    with database.reading() as session:
        row = session.execute(select(REMINDER)).one()
    courier = Courier(settings, database, Library(settings.cards_dir))
    take = partial(claim, courier, REMINDER, row)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, [THIS_MONDAY] * 40))
    assert taken.count(True) == 1


def test_after_a_restore_nobody_is_reminded_twice_that_day(
    settings: Settings, database: Database, world: World
) -> None:
    """The backup is from before the messages of today."""
    wants_mail(database, world.anna.id)
    with database.transaction() as session:
        keys = keys_for(Use.REMINDERS, settings)
        set_hook(session, world.team_noord, CHANNEL, at=NINE, keys=keys, today=SUNDAY)
        claim_everything(session, THIS_MONDAY)
    assert sent_on(database) == [THIS_MONDAY]
    with database.reading() as session:
        row, hook = (session.execute(select(each)).one() for each in (REMINDER, TEAM_HOOK))
    courier = Courier(settings, database, Library(settings.cards_dir))
    assert not claim(courier, REMINDER, row, THIS_MONDAY)
    assert not claim(courier, TEAM_HOOK, hook, THIS_MONDAY)
