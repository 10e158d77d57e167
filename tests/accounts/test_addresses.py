"""An address is compared without its tag, and mailed as its owner wrote it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from kopkrakers.accounts import service, teams
from kopkrakers.accounts.models import Invitation
from kopkrakers.accounts.rules import address_pseudonym
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, derive
from tests.support.mailbox import Mailbox
from tests.support.running import Shell
from tests.support.signing_in import PASSWORD, fill_in, find_user, set_user, sign_in
from tests.support.world import ROW_KEYS, World, browser_of

INVITE = "/beheer/uitnodigen"
ANNA: dict[str, Any] = {
    "naam": "Anna",
    "adres": "Balie+anna@voorbeeld.nl",
    "rollen": ["klantmanager"],
}
BRAM = ANNA | {"naam": "Bram", "adres": "balie+bram@voorbeeld.nl"}
OF_ANNA = "ee290a81bb8b479300aaff0d3fa4328806003ac625fc892185f05bff6292ef46"
"""The pseudonym of anna@zaanstad.nl under the key "sleutel", as databases hold it."""


@pytest.mark.parametrize(
    "written",
    ["anna@zaanstad.nl", "Anna@zaanstad.nl", "anna+x@zaanstad.nl", "ANNA+a+b@zaanstad.nl"],
)
def test_the_pseudonym_of_an_address_is_the_one_that_databases_hold(written: str) -> None:
    assert address_pseudonym(written, b"sleutel") == OF_ANNA


def test_an_invitation_is_mailed_to_what_was_typed(
    mail_app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    fill_in(browser_of(mail_app, world.farid), INVITE, **ANNA, wijze="mail")
    to, mail = mailbox.arrived()
    assert to == ["Balie+anna@voorbeeld.nl"] == [mail["To"]]


def test_an_account_keeps_the_address_as_it_was_typed(
    mail_app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    fill_in(browser_of(mail_app, world.farid), INVITE, **ANNA, wijze="mail")
    fill_in(mail_app.test_client(), mailbox.link(), naam="Anna", wachtwoord=PASSWORD)
    made = find_user(database, "Balie+anna@voorbeeld.nl")
    assert made is not None and made.address_hmac == address_pseudonym(
        "balie@voorbeeld.nl", derive(b"s" * 40, Use.ADDRESSES)
    )
    for typed in ("balie@voorbeeld.nl", "balie+anna@voorbeeld.nl", "BALIE+iets@voorbeeld.nl"):
        assert sign_in(mail_app.test_client(), typed).status_code == 303


def test_a_beheerder_hears_that_an_open_invitation_is_replaced(
    mail_app: Flask, world: World, mailbox: Mailbox
) -> None:
    farid = browser_of(mail_app, world.farid)
    fill_in(farid, INVITE, **ANNA, wijze="mail")
    assert "eerdere uitnodiging" not in farid.get("/beheer").text
    fill_in(farid, INVITE, **BRAM, wijze="mail")
    page = farid.get("/beheer").text
    assert "De eerdere uitnodiging voor Anna (Balie+anna@voorbeeld.nl) werkt niet meer." in page
    assert "Gebruik dan een ander adres." in page
    paper = fill_in(farid, INVITE, **BRAM, wijze="papier").text
    assert "De eerdere uitnodiging voor Bram (balie+bram@voorbeeld.nl) werkt niet meer." in paper
    assert "Gebruik dan een ander adres." not in paper


def test_an_account_with_another_tag_is_named(app: Flask, world: World, database: Database) -> None:
    set_user(database, world.anna.id, email="balie+anna@voorbeeld.nl")
    answer = fill_in(browser_of(app, world.farid), INVITE, **BRAM)
    assert "Anna heeft al een account, met balie+anna@voorbeeld.nl." in answer.text


def test_a_new_password_goes_to_the_account_and_not_to_another_tag(
    mail_app: Flask, world: World, mailbox: Mailbox
) -> None:
    fill_in(mail_app.test_client(), "/wachtwoord-vergeten", adres="anna+dief@voorbeeld.nl")
    assert mailbox.arrived()[0] == ["anna@voorbeeld.nl"]


def test_a_team_link_is_mailed_to_the_account_and_not_to_another_tag(
    mail_app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    with database.transaction() as session:
        link = "/t/" + teams.renew_link(session, world.zaanstad, world.team_noord)
    fill_in(mail_app.test_client(), link, adres="chris+dief@voorbeeld.nl")
    assert mailbox.arrived()[0] == ["chris@voorbeeld.nl"]
    for tag in range(4):
        answer = fill_in(mail_app.test_client(), link, adres=f"nieuw+{tag}@voorbeeld.nl")
    assert answer.status_code == 429


def test_who_leaves_takes_every_invitation_of_the_address_along(
    app: Flask, world: World, database: Database
) -> None:
    farid = browser_of(app, world.farid)
    fill_in(farid, INVITE, **ANNA)
    set_user(database, world.anna.id, email="balie@voorbeeld.nl")
    with database.transaction() as session:
        service.remove_person(session, world.anna.id, (), ROW_KEYS)
        assert session.execute(select(Invitation)).first() is None


def test_an_underscore_in_an_address_is_no_wildcard(world: World, database: Database) -> None:
    set_user(database, world.anna.id, email="anna_b+x@voorbeeld.nl", address_hmac="a")
    with database.reading() as session:
        assert service.account_by_address(session, "annazb@voorbeeld.nl", ()) is None
        found = service.account_by_address(session, "Anna_b@voorbeeld.nl", ())
    assert found is not None and found.id == world.anna.id


PASTED = [
    "anna@voorbeeld.nl\u200b",
    "mailto:anna@voorbeeld.nl",
    "Anna de Wit <anna@voorbeeld.nl>",
    "<anna@voorbeeld.nl>;",
    "anna@voorbeeld.nl.",
]


@pytest.mark.parametrize("pasted", PASTED)
def test_people_sign_in_with_a_pasted_address(
    app: Flask, with_passwords: World, pasted: str
) -> None:
    assert sign_in(app.test_client(), pasted).status_code == 303


@pytest.mark.parametrize("pasted", PASTED)
def test_a_new_password_is_mailed_to_a_pasted_address(
    mail_app: Flask, world: World, mailbox: Mailbox, pasted: str
) -> None:
    fill_in(mail_app.test_client(), "/wachtwoord-vergeten", adres=pasted)
    assert mailbox.arrived()[0] == ["anna@voorbeeld.nl"]


def test_no_form_lets_the_browser_refuse_a_pasted_address(app: Flask, world: World) -> None:
    for path in ("/inloggen", "/wachtwoord-vergeten"):
        assert 'type="email"' not in app.test_client().get(path).text
    assert 'type="email"' not in browser_of(app, world.farid).get(INVITE).text


def test_an_odd_character_is_named_at_its_field(app: Flask) -> None:
    answer = fill_in(app.test_client(), "/inloggen", adres="anna,b@voorbeeld.nl", wachtwoord="x")
    assert "In dit adres staat het teken ‘,’." in answer.text


def test_a_command_takes_a_pasted_address_and_name(
    shell: Shell, world: World, database: Database
) -> None:
    words = ("invite", "Zaan\u00adstad", "--role", "klantmanager", "--name", "Bo\u200b")
    for email in ("Bo <bo+1@súdwest-fryslân.nl>", "mailto:bo+2@SÚDWEST-FRYSLÂN.nl"):
        answer = shell(*words, "--email", email)
        assert answer.exit_code == 0, answer.output
    assert "De uitnodiging voor Bo (bo+1@xn--sdwest-frysln-teb26a.nl) vervalt." in answer.stderr


def test_a_command_finds_a_gemeente_and_team_by_another_apostrophe(
    shell: Shell, database: Database
) -> None:
    assert shell("gemeente", "add", "’s-Hertogenbosch\u200b").output.startswith(
        "’s-Hertogenbosch is toe"
    )
    assert shell("gemeente", "add", "'s-Hertogenbosch").exit_code == 1
    assert shell("team", "add", "'s-hertogenbosch", "’t Zand").exit_code == 0
    assert shell("team", "add", "'s-Hertogenbosch", "'t zand").exit_code == 1
    words = ("--name", "Bo", "--email", "bo@voorbeeld.nl", "--role", "klantmanager")
    answer = shell("invite", "'s-Hertogenbosch", *words, "--team", "'t Zand")
    assert answer.exit_code == 0, answer.output
