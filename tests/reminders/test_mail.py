"""The weekly mail: who gets it, what is in it, and that it comes once."""

from datetime import date, timedelta
from email.message import Message

import pytest
from flask import Flask
from sqlalchemy import select

from kopkrakers.accounts.models import Status
from kopkrakers.accounts.pauses import pause
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.reminders.rules import FRIDAY
from kopkrakers.reminders.sealing import person_of_token
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import look
from tests.reminders.wishes import (
    NINE,
    SUNDAY,
    THIS_FRIDAY,
    THIS_MONDAY,
    after,
    sent_on,
    wants_mail,
)
from tests.support.mailbox import Mailbox, text_of
from tests.support.pages import give, open_site
from tests.support.signing_in import set_user
from tests.support.world import World

WITHOUT_LINK = """Dag,

{before}

- maandag: {0}
- dinsdag: {1}
- woensdag: {2}
- donderdag: {3}
- vrijdag: {4}

{after}

Je krijgt deze mail omdat je erom vroeg. Iedereen die erom vroeg, krijgt dezelfde.
Geen mail meer? """


@pytest.fixture(autouse=True)
def planned(database: Database, courier: Courier, world: World) -> list[str]:
    """The titles of the week, in order."""
    with database.transaction() as session:
        plan_calendar(session, courier.library, THIS_MONDAY)
        statement = select(DAY.c.dilemma).where(DAY.c.day <= THIS_FRIDAY).order_by(DAY.c.day)
        slugs = session.execute(statement).scalars().all()
    cards = courier.library.cards()
    return [cards[slug].title for slug in slugs]


def arrived(mailbox: Mailbox) -> dict[str, Message]:
    """Every mail that came, by its address; two to one address fail the test."""
    mails: dict[str, Message] = {}
    while not mailbox.is_empty():
        (to,), mail = mailbox.arrived()
        assert to not in mails, f"{to} got a second mail"
        mails[to] = mail
    return mails


def body(mail: Message) -> str:
    return text_of(mail).replace("\r\n", "\n")


def test_nobody_gets_a_mail_who_did_not_ask(courier: Courier, mailbox: Mailbox) -> None:
    assert look(courier, after(THIS_MONDAY)) == 0
    assert mailbox.is_empty()


def test_on_monday_the_titles_of_the_week_come_once(
    courier: Courier, world: World, database: Database, mailbox: Mailbox, planned: list[str]
) -> None:
    wants_mail(database, world.anna.id, world.chris.id)
    wants_mail(database, world.bram.id, on=FRIDAY)
    minutes = range(0, 9 * 60, 7)
    sent = [look(courier, after(THIS_MONDAY, NINE, minutes=minute)) for minute in minutes]
    mails = arrived(mailbox)
    assert sum(sent) == 2
    assert set(mails) == {"anna@voorbeeld.nl", "chris@voorbeeld.nl"}
    mail = mails["anna@voorbeeld.nl"]
    assert mail["Subject"] == "Deze week in Kopkrakers"
    expected = WITHOUT_LINK.format(
        *planned,
        before="Deze dilemma’s komen er deze week:",
        after="Elke werkdag gaat er één open:\nhttp://localhost:8000/",
    )
    assert body(mail).startswith(expected)
    week = [look(courier, after(THIS_MONDAY + timedelta(days=day))) for day in range(1, 4)]
    assert week == [0, 0, 0]
    assert look(courier, after(THIS_MONDAY + timedelta(weeks=1))) == 2


def test_on_friday_the_week_that_was(
    courier: Courier, world: World, database: Database, mailbox: Mailbox, planned: list[str]
) -> None:
    wants_mail(database, world.bram.id, on=FRIDAY)
    assert look(courier, after(THIS_FRIDAY)) == 1
    mail = arrived(mailbox)["bram@voorbeeld.nl"]
    assert mail["Subject"] is not None
    expected = WITHOUT_LINK.format(
        *planned,
        before="Deze dilemma’s kwamen er deze week bij:",
        after="Je vindt ze in het archief:\nhttp://localhost:8000/archief",
    )
    assert body(mail).startswith(expected)


def test_the_mail_is_the_same_for_who_answered_and_who_did_not(
    app: Flask, courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    site = open_site(app)
    assert give(site, site.browser(world.anna)).status_code == 303
    wants_mail(database, world.anna.id, world.bram.id)
    assert look(courier, after(THIS_MONDAY)) == 2
    mails = arrived(mailbox)
    texts = {body(mail).partition("Geen mail meer?")[0] for mail in mails.values()}
    lengths = {len(body(mail)) for mail in mails.values()}
    names = {tuple(mail.keys()) for mail in mails.values()}
    assert len(texts) == len(lengths) == len(names) == 1


def test_a_mail_program_can_end_it_with_one_request(
    app: Flask, courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    """RFC 8058: a POST to the address in the header, without a cookie."""
    wants_mail(database, world.anna.id)
    look(courier, after(THIS_MONDAY))
    mail = arrived(mailbox)["anna@voorbeeld.nl"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert body(mail).endswith(f"Geen mail meer? {link}\n")
    path = link.removeprefix("http://localhost:8000")
    answer = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert sent_on(database) == []
    assert look(courier, after(THIS_MONDAY + timedelta(weeks=1))) == 0


def test_the_link_names_nobody(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    wants_mail(database, world.anna.id, world.bram.id)
    look(courier, after(THIS_MONDAY))
    tokens = {
        to: mail["List-Unsubscribe"].rstrip(">").rpartition("/")[2]
        for to, mail in arrived(mailbox).items()
    }
    keys = keys_for(Use.REMINDERS, courier.settings)
    assert person_of_token(keys, tokens["anna@voorbeeld.nl"]) == world.anna.id
    assert len({len(token) for token in tokens.values()}) == 1
    # the random part differs, so that two mails cannot be laid beside each other
    assert tokens["anna@voorbeeld.nl"][:20] != tokens["bram@voorbeeld.nl"][:20]


def test_who_is_blocked_or_gone_gets_none(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    wants_mail(database, world.anna.id, world.bram.id)
    set_user(database, world.anna.id, status=Status.BLOCKED)
    assert look(courier, after(THIS_MONDAY)) == 1
    assert set(arrived(mailbox)) == {"bram@voorbeeld.nl"}


def test_who_pauses_gets_none_until_it_is_over(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    wants_mail(database, world.anna.id, world.bram.id)
    with database.transaction() as session:
        pause(session, world.anna.id, last_day=THIS_FRIDAY, today=SUNDAY)
    assert look(courier, after(THIS_MONDAY)) == 1
    assert set(arrived(mailbox)) == {"bram@voorbeeld.nl"}
    assert look(courier, after(THIS_MONDAY + timedelta(weeks=1))) == 2


def test_a_choice_of_today_begins_later(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    """Off and on again, or another time, brings no second mail on one day."""
    wants_mail(database, world.anna.id)
    assert look(courier, after(THIS_MONDAY)) == 1
    wants_mail(database, world.anna.id, at=11 * 60, since=THIS_MONDAY)
    assert look(courier, after(THIS_MONDAY, 11 * 60)) == 0
    assert look(courier, after(THIS_MONDAY + timedelta(weeks=1), 11 * 60)) == 1


def test_a_claim_by_a_wrong_clock_holds_nothing_back(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    wants_mail(database, world.anna.id, since=date(2030, 1, 1))
    assert look(courier, after(THIS_MONDAY)) == 1


def test_a_week_without_dilemmas_has_no_mail(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    wants_mail(database, world.anna.id)
    assert look(courier, after(date(2028, 11, 20))) == 0


def test_no_row_dates_the_transactions_around_it(
    courier: Courier, world: World, database: Database, mailbox: Mailbox
) -> None:
    """PostgreSQL keeps the number of the transaction in each row; the time of a mail is known."""
    if database.is_sqlite:
        pytest.skip("SQLite keeps no numbers of transactions")
    wants_mail(database, world.anna.id)
    wants_mail(database, world.bram.id, at=NINE + 30)
    wants_mail(database, world.gerda.id, on=FRIDAY)
    assert look(courier, after(THIS_MONDAY)) == 1
    assert look(courier, after(THIS_MONDAY, NINE + 30)) == 1
    with database.reader.connect() as connection:
        numbers = connection.exec_driver_sql("SELECT xmin::text FROM reminder").scalars().all()
    assert len(numbers) == 3 and len(set(numbers)) == 1
