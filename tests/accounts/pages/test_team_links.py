"""Coming in by a team's link: the work address is proved by mail."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts import teams
from kopkrakers.accounts.models import Status
from kopkrakers.accounts.service import remove_person, teams_of
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.mailbox import Choosy, Mailbox, mail_server, with_mail
from tests.support.signing_in import PASSWORD, fill_in, find_user, roles_of, set_user
from tests.support.world import ROW_KEYS, World, browser_of


@pytest.fixture
def link(database: Database, world: World) -> str:
    """The joining link of Team Noord."""
    with database.transaction() as session:
        return "/t/" + teams.renew_link(session, world.zaanstad, world.team_noord)


def test_who_reads_the_mail_comes_in(
    mail_app: Flask, link: str, mailbox: Mailbox, database: Database
) -> None:
    client = mail_app.test_client()
    assert "Kom bij Team Noord" in client.get(link).text
    sent = fill_in(client, link, adres="Nieuw+tag@voorbeeld.nl")
    assert sent.status_code == 200 and "Nieuw+tag@voorbeeld.nl" in sent.text
    assert fill_in(client, mailbox.link(), naam="Nieuw", wachtwoord=PASSWORD).status_code == 303
    made = find_user(database, "Nieuw+tag@voorbeeld.nl")
    assert made is not None and made.id is not None and made.address_proved
    with database.reading() as session:
        assert roles_of(session, made.id) == {"klantmanager"}
        assert [team.name for team in teams_of(session, made.id)] == ["Team Noord"]


def test_the_answer_tells_nobody_who_has_an_account(
    mail_app: Flask, link: str, mailbox: Mailbox
) -> None:
    pages = set()
    for address in ("anna@voorbeeld.nl", "niemand@voorbeeld.nl", "chris@voorbeeld.nl"):
        answer = fill_in(mail_app.test_client(), link, adres=address)
        pages.add((answer.status_code, answer.text.replace(address, "")))
        assert mailbox.arrived()[0] == [address]
    assert len(pages) == 1


@pytest.fixture
def anna(mail_app: Flask, world: World) -> FlaskClient:
    return browser_of(mail_app, world.anna)


@pytest.fixture
def mailed(anna: FlaskClient, mailbox: Mailbox, database: Database, world: World) -> str:
    """The link that Anna, who has an account, was mailed by that of another team."""
    with database.transaction() as session:
        other = teams.add_team(session, world.zaanstad, "Team Oost")
        link = "/t/" + teams.renew_link(session, world.zaanstad, other)
    fill_in(anna, link, adres="anna@voorbeeld.nl")
    return mailbox.link()


def test_who_has_an_account_joins_one_more_team(
    anna: FlaskClient, mailed: str, database: Database, world: World
) -> None:
    assert "Je hebt al een account" in anna.get(mailed).text
    answer = fill_in(anna, mailed)
    assert (answer.status_code, answer.location) == (303, "/")
    with database.reading() as session:
        assert [team.name for team in teams_of(session, world.anna.id)] == [
            "Team Noord",
            "Team Oost",
        ]


def test_a_stale_form_to_join_a_team_says_so(anna: FlaskClient, mailed: str) -> None:
    answer = anna.post(mailed, data={"csrf_token": "oud"})
    assert answer.status_code == 422 and "stond te lang open" in answer.text


def test_someone_of_another_gemeente_does_not_join(
    mail_app: Flask, link: str, mailbox: Mailbox
) -> None:
    client = mail_app.test_client()
    fill_in(client, link, adres="chris@voorbeeld.nl")
    assert client.get(mailbox.link()).status_code == 409


def test_a_blocked_person_does_not_come_back_by_the_link(
    mail_app: Flask, link: str, mailbox: Mailbox, world: World, database: Database
) -> None:
    set_user(database, world.anna.id, status=Status.BLOCKED)
    client = mail_app.test_client()
    fill_in(client, link, adres="anna@voorbeeld.nl")
    assert client.get(mailbox.link()).status_code == 403


def test_a_removed_person_comes_back_as_the_same_account(
    mail_app: Flask, link: str, mailbox: Mailbox, database: Database
) -> None:
    client = mail_app.test_client()
    for _ in range(2):
        fill_in(client, link, adres="nieuw@voorbeeld.nl")
        fill_in(client, mailbox.link(), naam="Nieuw", wachtwoord=PASSWORD)
        made = find_user(database, "nieuw@voorbeeld.nl")
        assert made is not None and made.id == 7
        with database.transaction() as session:
            remove_person(session, made.id, (), ROW_KEYS)
        client = mail_app.test_client()


def test_only_work_addresses_are_mailed_where_domains_are_set(
    mail_settings: Settings, link: str, mailbox: Mailbox, clock: StoppedClock
) -> None:
    client = create_app(
        mail_settings.model_copy(update={"mail_domains": ("zaanstad.nl",)}), clock=clock
    ).test_client()
    refused = fill_in(client, link, adres="nieuw@gmail.com")
    assert refused.status_code == 422 and "eindigt op @zaanstad.nl" in refused.text
    assert fill_in(client, link, adres="nieuw@zaanstad.nl").status_code == 200
    assert mailbox.arrived()[0] == ["nieuw@zaanstad.nl"] and mailbox.is_empty()


def test_a_revoked_link_and_the_mails_it_sent_stop(
    mail_app: Flask, link: str, mailbox: Mailbox, world: World, database: Database
) -> None:
    client = mail_app.test_client()
    fill_in(client, link, adres="nieuw@voorbeeld.nl")
    mailed = mailbox.link()
    with database.transaction() as session:
        teams.revoke_link(session, world.zaanstad, world.team_noord)
    assert "Deze teamlink werkt niet meer." in client.get(link).text
    assert "Deze link is ingetrokken." in client.get(mailed).text
    assert [client.get(page).status_code for page in (link, mailed)] == [404, 409]


def test_a_renewed_link_replaces_the_old_one(
    mail_app: Flask, link: str, world: World, database: Database
) -> None:
    with database.transaction() as session:
        newer = "/t/" + teams.renew_link(session, world.zaanstad, world.team_noord)
    client = mail_app.test_client()
    assert [client.get(page).status_code for page in (link, newer)] == [404, 200]


@pytest.mark.parametrize(
    "address", ["", "x", "an na@voorbeeld.nl", "a@b.nl\r\nBcc: c@d.nl", "🐈@voorbeeld.nl"]
)
def test_what_is_no_address_comes_back(
    mail_app: Flask, link: str, mailbox: Mailbox, address: str
) -> None:
    assert fill_in(mail_app.test_client(), link, adres=address).status_code == 422
    assert mailbox.is_empty()


def test_one_address_is_mailed_at_most_three_times_an_hour(mail_app: Flask, link: str) -> None:
    client = mail_app.test_client()
    answers = [fill_in(client, link, adres="anna@voorbeeld.nl") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (
        'value="anna@voorbeeld.nl"' in answers[3].text
        and "te vaak achter elkaar" in answers[3].text
    )


def test_a_mail_server_that_is_away_is_told_in_a_sentence(
    settings: Settings, link: str, world: World, clock: StoppedClock
) -> None:
    away = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9})
    answer = fill_in(create_app(away, clock=clock).test_client(), link, adres="nieuw@voorbeeld.nl")
    assert answer.status_code == 503 and "De mail kon nu niet weg." in answer.text
    assert 'value="nieuw@voorbeeld.nl"' in answer.text


def test_an_address_that_the_mail_server_refuses_is_told_in_a_sentence(
    settings: Settings, link: str, world: World, clock: StoppedClock
) -> None:
    choosy = Choosy()
    choosy.refuses["nieuw@voorbeeld.nl"] = "550 No such user"
    with mail_server(choosy) as port:
        guest = create_app(with_mail(settings, port), clock=clock).test_client()
        answer = fill_in(guest, link, adres="nieuw@voorbeeld.nl")
    assert answer.status_code == 422 and not choosy.taken
    assert "De mailserver neemt voor dit adres geen mail aan." in answer.text
    assert 'value="nieuw@voorbeeld.nl"' in answer.text


def test_without_mail_there_are_no_team_links(client: FlaskClient, link: str) -> None:
    assert client.get(link).status_code == 404
