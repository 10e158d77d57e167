"""A list of people that a beheerder pastes: looked at first, then all are invited, or nobody."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import INVITATION, TEAM
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.app import create_app
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox
from tests.support.signing_in import PASSWORD, csrf_of, fill_in
from tests.support.world import World, browser_of

LIST = "/beheer/uitnodigen/lijst"
SEND = f"{LIST}/versturen"
TWO = "Nova Vos; nova@z.nl; Team Noord; begeleider\nOmar; omar@z.nl; Team Oost"


@pytest.fixture
def farid(mail_app: Flask, world: World) -> FlaskClient:
    return browser_of(mail_app, world.farid)


def check_list(farid: FlaskClient, text: str) -> TestResponse:
    return fill_in(farid, LIST, mensen=text)


def send(farid: FlaskClient, text: str) -> TestResponse:
    return fill_in(farid, LIST, SEND, mensen=text)


def rows(database: Database) -> dict[str, int]:
    tables = {"invitations": INVITATION, "teams": TEAM, "actions": BEHEER_ACTION}
    with database.reading() as session:
        return {
            name: int(session.execute(select(func.count()).select_from(of)).scalar_one())
            for name, of in tables.items()
        }


def test_looking_says_what_would_happen_and_keeps_nothing(
    farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    before = rows(database)
    page = check_list(farid, TWO)
    assert page.status_code == 200 and "Er is nog niets verstuurd" in page.text
    assert "Nieuwe uitnodigingen: 2" in page.text and "Nieuwe teams: 1" in page.text
    assert "nova@z.nl · Team Noord · begeleider" in page.text
    assert rows(database) == before and mailbox.is_empty()


def test_sending_mails_everybody_once_and_stands_in_the_trail(
    farid: FlaskClient, world: World, database: Database, mailbox: Mailbox
) -> None:
    assert send(farid, TWO).status_code == 303
    told = {tuple(mailbox.arrived()[0]) for _ in range(2)}
    assert told == {("nova@z.nl",), ("omar@z.nl",)}
    again = check_list(farid, TWO)
    assert "Er is niets te versturen" in again.text
    assert "een uitnodiging die openstaat: 2" in again.text
    send(farid, TWO)
    assert mailbox.is_empty()
    columns = select(BEHEER_ACTION.c.what, BEHEER_ACTION.c.actor_id, BEHEER_ACTION.c.detail)
    with database.reading() as session:
        noted = [tuple(row) for row in session.execute(columns)]
    assert noted == [("imported", world.farid.id, "2 mensen")]


def test_the_link_lets_somebody_in_with_team_and_role(
    mail_app: Flask, farid: FlaskClient, mailbox: Mailbox
) -> None:
    send(farid, "Nova Vos; nova@z.nl; Team Noord; begeleider")
    nova = mail_app.test_client()
    fill_in(nova, mailbox.link(), naam="Nova Vos", wachtwoord=PASSWORD)
    assert "Team Noord" in nova.get("/account").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nova; geen adres", ["Regel 1:", "heel mailadres"]),
        (f"{TWO}\n=1+1; x@z.nl", ["Regel 3:", "formule"]),
        (f"{TWO}\nNova; NOVA+x@z.nl; Team Noord; ", ["Regel 3:", "ook op regel 1"]),
        ("Nova; nova@z.nl; Team Noord; koning", ["Regel 1:", "niet. Kies uit: klantmanager"]),
        ("Nova; nova@z.nl; ; redacteur", ["Regel 1:", "Deze rol geeft wie de server beheert"]),
        ("gemeente;naam;adres\nAlmere;Nova;nova@z.nl", ["Regel 2:", "Hier staat Almere"]),
        ("naam;adres\n;nova@z.nl\nOmar;omar", ["Regel 2:", "Regel 3:"]),
        ("naam;telefoon\nNova;06", ["Kolom ‘telefoon’ kennen we niet", "Kolom ‘adres’ ontbreekt"]),
        ("Nova; nova@z.nl\nOmar; omar@z.nl; Team Noord; ; ; ", ["Regel 2:", "vakken"]),
        ('Nova; nova@z.nl;"Team', ["aanhalingsteken"]),
        ("", ["Plak een lijst, of kies een bestand"]),
        ("<b>x</b>; nova", ["Regel 1:", "heel mailadres", "&lt;b&gt;x&lt;/b&gt;; nova"]),
        ("<b>x</b>;naam", ["Kolom ‘&lt;b&gt;x&lt;/b&gt;’ kennen we niet"]),
    ],
)
@pytest.mark.parametrize("where", [LIST, SEND])
def test_a_fault_is_named_by_its_line_and_nobody_is_invited(
    farid: FlaskClient, database: Database, mailbox: Mailbox, where: str, text: str, said: list[str]
) -> None:
    before = rows(database)
    refused = fill_in(farid, LIST, where, mensen=text)
    assert refused.status_code == 422 and "Er is niemand uitgenodigd" in refused.text
    for words in said:
        assert words in refused.text
    assert rows(database) == before and mailbox.is_empty()


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffnaam;werkadres;team\r\nNova;nova@z.nl;Team Noord\r\n".encode(),
        "naam\tadres\nNova\tnova@z.nl\n".encode("utf-16"),
        b"sep=,\nadres,naam\nnova@z.nl,Nova\n",
    ],
)
def test_a_file_as_spreadsheets_save_it_is_read(farid: FlaskClient, content: bytes) -> None:
    sent: dict[str, Any] = {"bestand": (BytesIO(content), "mensen.csv")}
    page = fill_in(farid, LIST, **sent)
    assert page.status_code == 200 and "Nieuwe uitnodigingen: 1" in page.text
    assert "nova@z.nl" in page.text


def test_a_file_that_is_no_text_is_refused(farid: FlaskClient) -> None:
    sent: dict[str, Any] = {"bestand": (BytesIO(b"PK\x03\x04\xff\xfe\x00"), "mensen.xlsx")}
    refused = fill_in(farid, LIST, **sent)
    assert refused.status_code == 422 and "geen UTF-8" in refused.text


def test_ten_thousand_lines_are_refused_in_one_sentence(
    farid: FlaskClient, database: Database
) -> None:
    before = rows(database)
    text = "\n".join(f"Nova {number}; nova{number}@z.nl" for number in range(10_000))
    refused = check_list(farid, text)
    assert refused.status_code == 422 and "Hoogstens 5000 mensen" in refused.text
    assert refused.text.count("<strong>Regel") == 1
    assert rows(database) == before


def test_of_many_faults_the_first_fifty_are_shown(farid: FlaskClient) -> None:
    text = "naam;adres\n" + "\n".join(f"Nova;fout {number}" for number in range(80))
    refused = check_list(farid, text)
    assert refused.text.count("<strong>Regel") == 50 and "En nog 30 fouten" in refused.text


def test_nobody_hears_of_an_account_in_another_gemeente(
    farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    """An address of Almere looks like one that is new; only its owner hears more."""
    text = "Chris; chris@voorbeeld.nl\nNova; nova@z.nl"
    page = check_list(farid, text)
    assert "Nieuwe uitnodigingen: 2" in page.text
    assert send(farid, text).status_code == 303
    assert {mailbox.arrived()[0][0] for _ in range(2)} == {"chris@voorbeeld.nl", "nova@z.nl"}


def test_a_mail_that_cannot_leave_takes_its_invitation_back(
    app: Flask, farid: FlaskClient, database: Database, mailbox: Mailbox, clock: StoppedClock
) -> None:
    from kopkrakers.app import create_app
    from tests.support.mailbox import with_mail

    settings = app.extensions["kopkrakers"].settings
    lonely = create_app(with_mail(settings, port=9), clock=clock)
    lonely.testing = True
    browser = lonely.test_client()
    cookie = farid.get_cookie("kopkrakers")
    assert cookie is not None
    browser.set_cookie("kopkrakers", cookie.value)
    answer = send(browser, TWO)
    assert answer.status_code == 503 and "2 van de 2 mails konden nu niet weg" in answer.text
    assert "nova@z.nl" in answer.text
    lonely.extensions["kopkrakers"].database.dispose()
    assert "Nieuwe uitnodigingen: 2" in check_list(farid, TWO).text
    assert mailbox.is_empty()


def test_sending_asks_the_password_once_more_and_keeps_the_list(
    farid: FlaskClient, clock: StoppedClock
) -> None:
    token = csrf_of(farid.get(LIST))
    clock.move(minutes=11)
    asked = farid.post(SEND, data={"csrf_token": token, "mensen": TWO})
    assert asked.status_code == 403 and "nova@z.nl" in asked.text


def test_the_fields_of_a_list_say_that_one_of_the_two_is_needed(farid: FlaskClient) -> None:
    page = farid.get(LIST).text
    assert "(of kies hieronder een bestand)" in page and "(in plaats van plakken)" in page
    assert "mag leeg blijven" not in page


def test_an_address_outside_the_domains_is_told_as_that_of_somebody_else(
    mail_app: Flask, world: World, clock: StoppedClock
) -> None:
    settings = mail_app.extensions["kopkrakers"].settings
    domains = settings.model_copy(update={"mail_domains": ("zaanstad.nl",)})
    farid = browser_of(create_app(domains, clock=clock), world.farid)
    refused = check_list(farid, "Nova; nova@zaanstad.nl\nOmar; omar@thuis.example")
    assert "Dit adres eindigt niet op @zaanstad.nl." in refused.text
    assert "Nodig deze persoon dan apart uit." in refused.text
    assert "je werkadres" not in refused.text


def test_without_mail_there_is_no_list(app: Flask, world: World) -> None:
    assert browser_of(app, world.farid).get(LIST).status_code == 404
