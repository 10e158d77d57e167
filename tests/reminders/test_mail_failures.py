"""A mail server that is away, refuses or breaks off: the courier waits; nobody is mailed twice."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from kopkrakers.base import logs
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import look
from tests.reminders.wishes import NINE, THIS_MONDAY, after, sent_on, wants_mail
from tests.support.mailbox import Refusing, with_mail
from tests.support.running import free_port
from tests.support.world import World

pytestmark = pytest.mark.slow


class Moody(Refusing):
    """A mail server that answers as the test tells it; `taken` has the addresses of its mails."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []
        self.to_mail = ""
        self.breaks_off_after_taking = False

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take or refuse a mail."""
        if self.to_mail:
            return self.to_mail
        message_from_bytes(envelope.content)
        self.taken += envelope.rcpt_tos
        if self.breaks_off_after_taking:
            self.breaks_off_after_taking = False
            server.transport.abort()
        return "250 Taken"


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def courier(settings: Settings, port: int, world: World, database: Database) -> Courier:
    """A courier with work for today, and a mail server that is not there yet."""
    courier = Courier(with_mail(settings, port), database, Library(settings.cards_dir))
    with database.transaction() as session:
        plan_calendar(session, courier.library, THIS_MONDAY)
    wants_mail(database, world.anna.id, world.bram.id, world.gerda.id)
    return courier


@pytest.fixture
def running(moody: Moody, port: int) -> Iterator[Controller]:
    server = Controller(moody, hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop(no_assert=True)


def look_all_morning(courier: Courier) -> int:
    """Look every twenty seconds for three hours less ten minutes."""
    looks = range(0, 170 * 60, 20)
    start = after(THIS_MONDAY)
    return sum(look(courier, start + timedelta(seconds=seconds)) for seconds in looks)


def test_a_server_that_was_away_gets_all_mails_later(
    courier: Courier, moody: Moody, port: int
) -> None:
    assert look(courier, after(THIS_MONDAY)) == 0
    server = Controller(moody, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert look(courier, after(THIS_MONDAY)) == 0, "it is left alone for half a minute"
        assert look(courier, after(THIS_MONDAY, minutes=11)) == 3
        assert look_all_morning(courier) == 0
    finally:
        server.stop()
    assert len(moody.taken) == 3


def test_a_server_that_stays_away_is_tried_seldom_and_not_after_three_hours(
    courier: Courier, moody: Moody, port: int
) -> None:
    tries = 0
    now, end = after(THIS_MONDAY), after(THIS_MONDAY, minutes=170)
    while now < end:
        tries += not courier.resting.rests("smtp", now)
        look(courier, now)
        now += timedelta(seconds=20)
    assert 5 < tries < 20
    server = Controller(moody, hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert look(courier, after(THIS_MONDAY, NINE, minutes=200)) == 0
    finally:
        server.stop()


@pytest.mark.parametrize("answer", ["451 Greylisted", "554 Refused by policy"])
def test_a_mail_that_was_clearly_refused_is_tried_again(
    courier: Courier, moody: Moody, running: Controller, answer: str
) -> None:
    moody.to_mail = answer
    assert look(courier, after(THIS_MONDAY)) == 0
    moody.to_mail = ""
    assert look_all_morning(courier) == 3
    assert sorted(moody.taken) == ["anna@voorbeeld.nl", "bram@voorbeeld.nl", "gerda@voorbeeld.nl"]


def test_an_address_that_does_not_exist_holds_up_nobody(
    courier: Courier, moody: Moody, running: Controller, database: Database
) -> None:
    moody.refuses = {"anna@voorbeeld.nl": "550 No such user"}
    look_all_morning(courier)
    assert sorted(moody.taken) == ["bram@voorbeeld.nl", "gerda@voorbeeld.nl"]
    assert sent_on(database) == [THIS_MONDAY] * 3


def test_an_address_that_is_refused_for_now_holds_up_nobody(
    courier: Courier, moody: Moody, running: Controller
) -> None:
    moody.refuses = {"anna@voorbeeld.nl": "450 Mailbox busy"}
    assert look(courier, after(THIS_MONDAY)) == 3 - 1
    moody.refuses = {}
    assert look_all_morning(courier) == 1
    assert sorted(moody.taken) == ["anna@voorbeeld.nl", "bram@voorbeeld.nl", "gerda@voorbeeld.nl"]


def test_a_connection_that_breaks_off_brings_nobody_a_second_mail(
    courier: Courier, moody: Moody, running: Controller
) -> None:
    """The server took the mail, and its answer never came: it is not sent again."""
    moody.breaks_off_after_taking = True
    look_all_morning(courier)
    assert sorted(moody.taken) == ["anna@voorbeeld.nl", "bram@voorbeeld.nl", "gerda@voorbeeld.nl"]


def test_a_sender_that_is_told_to_stop_sends_no_more(
    settings: Settings, port: int, moody: Moody, running: Controller, courier: Courier
) -> None:
    stopping = Courier(
        courier.settings,
        courier.database,
        courier.library,
        stopping=lambda: len(moody.taken) >= 1,
    )
    assert look(stopping, after(THIS_MONDAY)) == 1
    assert look(courier, after(THIS_MONDAY)) == 2


def test_nothing_it_logs_has_an_address(
    courier: Courier, moody: Moody, running: Controller, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure("info")
    moody.refuses = {"anna@voorbeeld.nl": "550 No such user anna@voorbeeld.nl"}
    moody.to_mail = "554 not for bram@voorbeeld.nl or gerda@voorbeeld.nl"
    look_all_morning(courier)
    said = "".join(capfd.readouterr())
    assert "refused" in said and "@" not in said
