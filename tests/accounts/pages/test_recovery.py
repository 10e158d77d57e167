"""A forgotten password: by mail to the address, or not at all."""

from queue import Empty

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kopkrakers.accounts.models import INVITATION, InvitationEnd, Status
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox
from tests.support.signing_in import OTHER_PASSWORD, fill_in, set_user, sign_in
from tests.support.world import World


def test_a_mailed_link_sets_a_new_password(
    mail_app: Flask, with_passwords: World, mailbox: Mailbox
) -> None:
    client = mail_app.test_client()
    assert fill_in(client, "/wachtwoord-vergeten", adres="Anna@voorbeeld.nl").status_code == 200
    link = mailbox.link()
    assert fill_in(client, link, wachtwoord=OTHER_PASSWORD).status_code == 303
    assert client.get("/account").status_code == 200
    assert sign_in(mail_app.test_client()).status_code == 422
    assert sign_in(mail_app.test_client(), password=OTHER_PASSWORD).status_code == 303
    assert mail_app.test_client().get(link).status_code == 409


def test_the_answer_is_the_same_for_an_unknown_address(
    mail_app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    set_user(database, world.bram.id, status=Status.BLOCKED)
    answers = {
        address: fill_in(mail_app.test_client(), "/wachtwoord-vergeten", adres=address)
        for address in ("anna@voorbeeld.nl", "niemand@voorbeeld.nl", "bram@voorbeeld.nl")
    }
    pages = {answer.text.replace(address, "") for address, answer in answers.items()}
    assert len(pages) == 1 and {answer.status_code for answer in answers.values()} == {200}
    assert mailbox.arrived()[0] == ["anna@voorbeeld.nl"]
    with pytest.raises(Empty):
        mailbox.arrived(within=0.5)


def test_a_link_works_for_a_day(
    mail_app: Flask, world: World, mailbox: Mailbox, clock: StoppedClock
) -> None:
    client = mail_app.test_client()
    fill_in(client, "/wachtwoord-vergeten", adres="anna@voorbeeld.nl")
    link = mailbox.link()
    clock.move(hours=24)
    late = client.get(link)
    assert late.status_code == 409 and "verlopen" in late.text
    assert 'href="/wachtwoord-vergeten"' in late.text


def test_only_the_newest_link_works_and_the_older_says_so(
    mail_app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    client = mail_app.test_client()
    links = []
    for _ in range(2):
        fill_in(client, "/wachtwoord-vergeten", adres="anna@voorbeeld.nl")
        links.append(mailbox.link())
    first, second = map(client.get, links)
    assert (first.status_code, second.status_code) == (409, 200)
    assert "Deze link is vervangen" in first.text and "nieuwste mail" in first.text
    assert 'href="/inloggen"' in first.text and 'href="/wachtwoord-vergeten"' in first.text
    with database.reading() as session:
        ended = session.execute(
            select(INVITATION).where(INVITATION.c.ended == InvitationEnd.REPLACED)
        ).one()
    assert (ended.email, ended.name) == (None, None)


def test_a_replaced_link_stays_known_until_long_after_it_would_have_expired(
    mail_app: Flask, world: World, mailbox: Mailbox, clock: StoppedClock
) -> None:
    client = mail_app.test_client()
    links = []
    for hours in (0, 1, 24 * 40):
        clock.move(hours=hours)
        fill_in(client, "/wachtwoord-vergeten", adres="anna@voorbeeld.nl")
        links.append(mailbox.link())
    assert [client.get(link).status_code for link in links] == [404, 404, 200]


def test_nobody_can_have_someone_mailed_all_day(mail_app: Flask, world: World) -> None:
    client = mail_app.test_client()
    for _ in range(3):
        fill_in(client, "/wachtwoord-vergeten", adres="anna@voorbeeld.nl")
    refused = fill_in(client, "/wachtwoord-vergeten", adres="anna+4@voorbeeld.nl")
    assert refused.status_code == 429 and 'value="anna+4@voorbeeld.nl"' in refused.text


@pytest.mark.parametrize("address", ["", "anna", "an na@voorbeeld.nl", "🐈@voorbeeld.nl"])
def test_what_is_no_address_comes_back(mail_app: Flask, world: World, address: str) -> None:
    answer = fill_in(mail_app.test_client(), "/wachtwoord-vergeten", adres=address)
    assert answer.status_code == 422 and "naam@gemeente.nl" in answer.text


def test_without_mail_the_page_says_whom_to_ask(client: FlaskClient, world: World) -> None:
    page = client.get("/wachtwoord-vergeten")
    assert "Vraag de beheerder" in page.text and "<form" not in page.text
    assert (
        fill_in(client, "/inloggen", "/wachtwoord-vergeten", adres="anna@voorbeeld.nl").status_code
        == 404
    )
