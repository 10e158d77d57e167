"""Coming in by an invitation: once, in time, by the right person; one account per address."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select

from kopkrakers.accounts import invitations, people
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import VOTING_ROLES, Invitation, InvitationEnd, Role, Status
from kopkrakers.accounts.rules import address_keys, address_pseudonym
from kopkrakers.accounts.service import remove_person, teams_of
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, derive
from kopkrakers.base.typed import clean_address
from tests.support.clock import StoppedClock
from tests.support.signing_in import (
    OTHER_PASSWORD,
    PASSWORD,
    csrf_of,
    fill_in,
    find_user,
    roles_of,
    set_user,
    sign_in,
    user,
)
from tests.support.world import ROW_KEYS, World, browser_of

KEYS = (derive(b"s" * 40, Use.ADDRESSES),)
HOW_IT_WORKS = '<h2 id="zo-werkt-het">'
Invite = Callable[..., str]


@pytest.fixture
def invite(database: Database, world: World, clock: StoppedClock) -> Invite:
    """Make an invitation as farid does; the path of its link."""

    def make(
        address: str = "nieuw@voorbeeld.nl",
        *,
        gemeente: int = world.zaanstad,
        team: int | None = world.team_noord,
        role: Role = Role.KLANTMANAGER,
        mailed: bool = False,
    ) -> str:
        invitee = Invitee("Nieuw", clean_address(address), frozenset({role}), team, mailed)
        with database.transaction() as session:
            return "/uitnodiging/" + invitations.invite(
                session, gemeente, invitee, now=clock(), keys=KEYS, row_keys=ROW_KEYS
            )

    return make


def test_an_invitation_makes_an_account_and_a_browser_session(
    client: FlaskClient, invite: Invite, database: Database
) -> None:
    link = invite()
    page = client.get(link)
    assert page.status_code == 200
    assert "Zaanstad, voor Team Noord" in page.text and 'autocomplete="new-password"' in page.text
    answer = fill_in(client, link, naam="Nieuw 🐈 de Vries", wachtwoord=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    made = find_user(database, "nieuw@voorbeeld.nl")
    assert made is not None and made.id is not None
    assert made.name == "Nieuw 🐈 de Vries"
    assert made.address_hmac == address_pseudonym("nieuw@voorbeeld.nl", KEYS[0])
    with database.reading() as session:
        assert roles_of(session, made.id) == {"klantmanager"}
        assert [team.name for team in teams_of(session, made.id)] == ["Team Noord"]
    assert sign_in(client.application.test_client(), "nieuw@voorbeeld.nl").status_code == 303


def test_who_just_came_reads_once_how_it_works(
    client: FlaskClient, invite: Invite, with_passwords: World
) -> None:
    fill_in(client, invite(), naam="Nieuw", wachtwoord=PASSWORD)
    assert [HOW_IT_WORKS in client.get("/").text for _ in range(2)] == [True, False]
    later = client.application.test_client()
    sign_in(later, "nieuw@voorbeeld.nl")
    assert HOW_IT_WORKS not in later.get("/").text


def test_who_does_not_vote_gets_no_lines_on_voting(client: FlaskClient, invite: Invite) -> None:
    fill_in(client, invite(role=Role.ONDERZOEKER, team=None), naam="Nieuw", wachtwoord=PASSWORD)
    assert HOW_IT_WORKS not in client.get("/").text


@pytest.mark.parametrize(
    ("role", "promised"),
    [
        (Role.KLANTMANAGER, "Elke werkdag een kort dilemma"),
        (Role.LEIDINGGEVENDE, "Elke werkdag een kort dilemma"),
        (Role.BEGELEIDER, "Als begeleider leid je de intervisie van je team."),
        (Role.BEHEERDER, "Als beheerder maak je teams"),
        (Role.REDACTEUR, "Als redacteur schrijf en controleer je dilemma’s."),
        (Role.ONDERZOEKER, "Je kiest niet mee."),
    ],
)
def test_an_invitation_promises_what_its_role_gets(
    client: FlaskClient, invite: Invite, role: Role, promised: str
) -> None:
    page = client.get(invite(role=role)).text
    votes = role in VOTING_ROLES
    assert promised in page
    assert ("Elke werkdag" in page) == votes
    assert ("Wat je kiest, gaat in een dichte envelop" in page) == votes


@pytest.mark.parametrize("mailed", [True, False])
def test_only_a_mailed_link_proves_the_address(
    client: FlaskClient, invite: Invite, database: Database, mailed: bool
) -> None:
    fill_in(client, invite(mailed=mailed), naam="Nieuw", wachtwoord=PASSWORD)
    made = find_user(database, "nieuw@voorbeeld.nl")
    assert made is not None and made.address_proved is mailed


def test_opening_a_link_does_not_use_it(client: FlaskClient, invite: Invite) -> None:
    link = invite()
    for _ in range(3):
        assert client.get(link).status_code == 200


def test_a_used_link_says_so(
    app: Flask, client: FlaskClient, invite: Invite, database: Database
) -> None:
    link = invite()
    token = csrf_of(app.test_client().get(link))
    fill_in(client, link, naam="Nieuw", wachtwoord=PASSWORD)
    again = app.test_client().get(link)
    assert again.status_code == 409 and "al gebruikt" in again.text and "Log dan in" in again.text
    assert 'href="/inloggen"' in again.text
    assert app.test_client().post(link, data={"csrf_token": token}).status_code == 409


def test_a_used_invitation_keeps_no_name_and_no_address(
    client: FlaskClient, invite: Invite, database: Database
) -> None:
    fill_in(client, invite(), naam="Nieuw", wachtwoord=PASSWORD)
    with database.reading() as session:
        kept = session.execute(select(Invitation)).scalars().one()
    assert (kept.ended, kept.email, kept.name) == (InvitationEnd.USED, None, None)


def test_an_expired_link_says_so(client: FlaskClient, invite: Invite, clock: StoppedClock) -> None:
    link = invite()
    clock.move(days=14, seconds=-1)
    page = client.get(link)
    assert page.status_code == 200
    clock.move(seconds=1)
    assert "verlopen" in client.get(link).text
    late = client.post(
        link, data={"csrf_token": csrf_of(page), "naam": "Nieuw", "wachtwoord": PASSWORD}
    )
    assert late.status_code == 409 and "verlopen" in late.text


@pytest.mark.parametrize("token", ["onbekend", "x" * 300, "🐈", "%ff%fe"])
def test_an_unknown_link_says_what_to_do(client: FlaskClient, world: World, token: str) -> None:
    page = client.get(f"/uitnodiging/{token}")
    assert page.status_code == 404 and "Deze link kennen we niet." in page.text


def test_a_link_for_someone_else_asks_to_sign_out_first(
    app: Flask, invite: Invite, world: World
) -> None:
    link, anna = invite(), browser_of(app, world.anna)
    page = anna.get(link)
    assert "Deze link is voor iemand anders" in page.text and "Anna" in page.text
    assert anna.post(link, data={"csrf_token": csrf_of(page)}).status_code == 409
    signed_out = anna.post("/uitloggen", data={"csrf_token": csrf_of(page), "volgende": link})
    assert signed_out.location == link and "Welkom bij Kopkrakers" in anna.get(link).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"naam": "", "wachtwoord": PASSWORD}, "Vul een naam in."),
        ({"naam": "Nieuw", "wachtwoord": "kort"}, "minstens 12 tekens"),
        ({"naam": "Nieuw", "wachtwoord": "Zaanstad2026!"}, "makkelijk te raden"),
        ({"naam": "Nieuw", "wachtwoord": "nieuw@voorbeeld.nl"}, "makkelijk te raden"),
        ({"naam": "\x00\u200b", "wachtwoord": PASSWORD}, "Vul een naam in."),
        ({}, "Vul een naam in."),
    ],
)
def test_what_is_wrong_comes_back_with_the_form(
    client: FlaskClient, invite: Invite, fields: dict[str, str], sentence: str
) -> None:
    link = invite()
    # else a browser says it first, in a language of its own
    assert "novalidate" in client.get(link).text
    answer = fill_in(client, link, **fields)
    assert answer.status_code == 422 and sentence in answer.text
    assert fill_in(client, link, naam="Nieuw", wachtwoord=PASSWORD).status_code == 303


def test_a_stale_form_keeps_the_name(client: FlaskClient, invite: Invite) -> None:
    link = invite()
    client.get(link)
    answer = client.post(link, data={"csrf_token": "oud", "naam": "Nieuw", "wachtwoord": PASSWORD})
    assert answer.status_code == 422
    assert "stond te lang open" in answer.text and 'value="Nieuw"' in answer.text


def test_of_two_clicks_at_once_one_makes_the_account(
    app: Flask, invite: Invite, database: Database
) -> None:
    link, together = invite(), Barrier(2)

    def click(_: int) -> int:
        browser = app.test_client()
        token = csrf_of(browser.get(link))
        together.wait()
        return browser.post(
            link, data={"csrf_token": token, "naam": "Nieuw", "wachtwoord": PASSWORD}
        ).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, range(2))) == [303, 409]
    assert find_user(database, "nieuw@voorbeeld.nl") is not None


def test_of_two_invitations_at_once_one_makes_the_account(
    app: Flask, invite: Invite, world: World
) -> None:
    links, together = [invite(), invite(gemeente=world.almere, team=None)], Barrier(2)

    def click(link: str) -> int:
        browser = app.test_client()
        token = csrf_of(browser.get(link))
        together.wait()
        return browser.post(
            link, data={"csrf_token": token, "naam": "Nieuw", "wachtwoord": PASSWORD}
        ).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(click, links)) == [303, 409]


def test_a_removed_person_who_comes_back_gets_the_same_account(
    app: Flask, client: FlaskClient, invite: Invite, database: Database, world: World
) -> None:
    fill_in(client, invite(), naam="Nieuw", wachtwoord=PASSWORD)
    first = find_user(database, "nieuw@voorbeeld.nl")
    assert first is not None and first.id is not None
    fill_in(client, "/account/verwijderen")
    assert user(database, first.id).status == Status.REMOVED
    back = app.test_client()
    link = invite("Nieuw+weer@voorbeeld.nl", gemeente=world.almere, team=world.team_almere)
    assert fill_in(back, link, naam="Weer nieuw", wachtwoord=OTHER_PASSWORD).status_code == 303
    again = user(database, first.id)
    assert (again.status, again.name, again.gemeente_id) == (
        Status.ACTIVE,
        "Weer nieuw",
        world.almere,
    )
    assert again.generation > first.generation and back.get("/account").status_code == 200


def test_a_removed_person_is_known_under_the_previous_key(
    app: Flask,
    settings: Settings,
    invite: Invite,
    database: Database,
    world: World,
    clock: StoppedClock,
) -> None:
    old = address_pseudonym("nieuw@voorbeeld.nl", KEYS[0])
    set_user(
        database, world.bram.id, status=Status.REMOVED, email=None, name=None, address_hmac=old
    )
    link = invite()
    rotated = settings.model_copy(
        update={"secret": SecretStr("n" * 40), "secret_previous": settings.secret}
    )
    answer = fill_in(
        create_app(rotated, clock=clock).test_client(), link, naam="Nieuw", wachtwoord=PASSWORD
    )
    assert answer.status_code == 303
    again = user(database, world.bram.id)
    assert again.status == Status.ACTIVE
    assert again.address_hmac == address_pseudonym("nieuw@voorbeeld.nl", address_keys(rotated)[0])


@pytest.mark.parametrize("gemeente", ["zaanstad", "almere"])
def test_a_printed_link_never_gives_an_earlier_account_away_where_there_is_mail(
    mail_app: Flask, invite: Invite, database: Database, world: World, gemeente: str
) -> None:
    set_user(database, world.bram.id, address_hmac=address_pseudonym("nieuw@voorbeeld.nl", KEYS[0]))
    with database.transaction() as session:
        remove_person(session, world.bram.id, (), ROW_KEYS)
    stranger, link = mail_app.test_client(), invite(gemeente=getattr(world, gemeente), team=None)
    sent = fill_in(stranger, link, naam="Nieuw", wachtwoord=PASSWORD)
    assert sent.status_code == 200 and "Kijk in je mail" in sent.text
    assert user(database, world.bram.id).status == Status.REMOVED
    assert mail_app.test_client().get(invite(mailed=True)).status_code == 200


def test_a_link_for_an_account_elsewhere_leads_nowhere(
    client: FlaskClient, invite: Invite, world: World
) -> None:
    refused = client.get(invite("chris@voorbeeld.nl", mailed=True))
    assert refused.status_code == 409
    assert "Je hebt al een account, bij een andere gemeente." in refused.text
    assert "Almere" not in refused.text


def test_a_replacing_invitation_sets_a_new_password_and_ends_sessions(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    world, phone = with_passwords, app.test_client()
    sign_in(phone)
    with database.transaction() as session:
        token = invitations.replace_password(
            session, world.zaanstad, world.anna.id, now=clock(), mailed=False, row_keys=ROW_KEYS
        )
    laptop = app.test_client()
    assert "anna@voorbeeld.nl" in laptop.get(f"/uitnodiging/{token}").text
    assert sign_in(app.test_client()).status_code == 303
    assert fill_in(laptop, f"/uitnodiging/{token}", wachtwoord=OTHER_PASSWORD).status_code == 303
    assert laptop.get("/account").status_code == 200 and phone.get("/account").status_code == 302
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), password=OTHER_PASSWORD).status_code == 303


def test_a_blocked_account_cannot_be_replaced(
    client: FlaskClient, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    world = with_passwords
    with database.transaction() as session:
        token = invitations.replace_password(
            session, world.zaanstad, world.anna.id, now=clock(), mailed=True, row_keys=ROW_KEYS
        )
        people.block(session, world.zaanstad, world.anna.id, by=world.farid.id, keys=ROW_KEYS)
    refused = client.get(f"/uitnodiging/{token}")
    assert refused.status_code == 403 and "staat stil" in refused.text
