"""The mail of a working day to the redactie: once, with what waits and nothing that was written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import library_of
from kopkrakers.desk.inbox.daily import tell_redactie
from kopkrakers.desk.sending.models import DESK_MAIL, SENT_CASE
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import look
from tests.desk.editing import TEXT, Redacteur, begin, press, save, token_of
from tests.desk.sending_in import FIELDS, send
from tests.support.mailbox import Mailbox, mail_server, text_of, with_mail

REDACTIE = "redactie@voorbeeld.nl"
MORNING = datetime(2026, 11, 23, 9, 5, tzinfo=AMSTERDAM)
"""A Monday."""


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    with mail_server(mailbox) as port:
        yield with_mail(settings, port, redactie_email=REDACTIE)


@pytest.fixture
def courier(settings: Settings, database: Database) -> Courier:
    return Courier(settings, database, library_of(settings.cards_dir, database))


def test_it_says_what_waits_and_nothing_that_was_written(
    courier: Courier, anna: FlaskClient, theme: str, esra: Redacteur, mailbox: Mailbox
) -> None:
    for _ in range(3):
        send(anna, thema=theme, met_naam="ja", met_gemeente="ja")
    begin(esra.browser)
    save(esra.browser, TEXT, version=1)
    press(esra.browser, "vraag", 2)
    assert tell_redactie(courier, MORNING) == 1
    to, mail = mailbox.arrived()
    text = text_of(mail)
    assert to == [REDACTIE]
    assert "Er is een verhaal dat nog niemand oppakte." in text
    assert "Kaarten die op een tweede lezer wachten: 1." in text
    assert "/redactie" in text and "3" not in text.replace("https://", "")
    for word in (*FIELDS.values(), "Anna", "Zaanstad", theme, "Nieuw verhaal"):
        assert word not in f"{text}{mail['Subject']}"


def test_it_comes_once_on_a_day_and_again_the_next(
    courier: Courier, anna: FlaskClient, theme: str, database: Database
) -> None:
    send(anna, thema=theme)
    moments = [MORNING + timedelta(minutes=20 * number) for number in range(72 * 2)]
    assert [moment.day for moment in moments if tell_redactie(courier, moment)] == [23, 24]
    with database.reading() as session:
        kept = session.execute(select(DESK_MAIL.c.day)).scalars().all()
    assert [day.day for day in kept] == [24], "no row of an earlier day is left"


def test_two_couriers_send_it_once(
    courier: Courier, anna: FlaskClient, theme: str, mailbox: Mailbox
) -> None:
    send(anna, thema=theme)
    assert [tell_redactie(courier, MORNING), tell_redactie(courier, MORNING)] == [1, 0]
    mailbox.arrived()
    assert mailbox.is_empty()


@pytest.mark.parametrize(
    "moment",
    [MORNING - timedelta(minutes=10), MORNING + timedelta(hours=8), MORNING.replace(day=22)],
)
def test_it_comes_on_working_days_and_in_the_hours_of_work(
    courier: Courier, anna: FlaskClient, theme: str, moment: datetime
) -> None:
    send(anna, thema=theme)
    assert look(courier, moment, (tell_redactie,)) == 0


def test_where_nothing_waits_or_nobody_is_to_be_told_nothing_leaves(
    courier: Courier, anna: FlaskClient, theme: str, settings: Settings, mailbox: Mailbox
) -> None:
    assert tell_redactie(courier, MORNING) == 0
    send(anna, thema=theme)
    for change in ({"redactie_email": None}, {"smtp_host": None}):
        changed = replace(courier, settings=settings.model_copy(update=change))
        assert tell_redactie(changed, MORNING) == 0
    assert mailbox.is_empty()


def test_after_a_server_that_was_away_it_comes_still(
    courier: Courier, anna: FlaskClient, theme: str, settings: Settings
) -> None:
    send(anna, thema=theme)
    away = replace(courier, settings=settings.model_copy(update={"smtp_port": 1}))
    assert tell_redactie(away, MORNING) == 0
    assert tell_redactie(away, MORNING) == 0, "it is left alone for half a minute"
    assert tell_redactie(courier, MORNING + timedelta(minutes=1)) == 1


def test_what_somebody_took_up_is_told_no_more(
    courier: Courier, anna: FlaskClient, theme: str, esra: Redacteur, database: Database
) -> None:
    send(anna, thema=theme)
    with database.reading() as session:
        key = session.execute(select(SENT_CASE.c.code_hash)).scalar_one()
    taken = f"/redactie/ingezonden/{key}/oppakken"
    assert esra.browser.post(taken, data=token_of(esra.browser) | {"had": ""}).status_code == 303
    assert tell_redactie(courier, MORNING) == 0
