"""What the beheerder does for people of the own gemeente, and for nobody else."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import Change, Role, Status, UserRole
from kopkrakers.accounts.service import teams_of
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.privacy.rules import HANDED_INVITATIONS
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox
from tests.support.signing_in import (
    OTHER_PASSWORD,
    PASSWORD,
    csrf_of,
    fill_in,
    find_user,
    roles_of,
    sign_in,
    user,
)
from tests.support.world import ROW_KEYS, World, add_people, add_person, add_persons, browser_of

GUEST: dict[str, Any] = {
    "naam": "Nieuw",
    "adres": "nieuw@voorbeeld.nl",
    "rollen": ["klantmanager", "begeleider"],
}


def roles(database: Database, user_id: int) -> set[str]:
    with database.reading() as session:
        return roles_of(session, user_id)


def test_an_invitation_on_paper_lets_someone_in(
    app: Flask, farid: FlaskClient, world: World, database: Database
) -> None:
    paper = fill_in(farid, "/beheer/uitnodigen", **GUEST, team=world.team_noord)
    assert paper.status_code == 200 and "<svg" in paper.text and "style=" not in paper.text
    link = re.findall(r"http://localhost:8000(/uitnodiging/[\w-]+)", paper.text)[0]
    assert "Nieuw" in farid.get("/beheer").text and link not in farid.get("/beheer").text
    assert fill_in(app.test_client(), link, naam="Nieuw", wachtwoord=PASSWORD).status_code == 303
    made = find_user(database, "nieuw@voorbeeld.nl")
    assert made is not None and made.id is not None
    assert roles(database, made.id) == {"klantmanager", "begeleider"}
    assert "Open uitnodigingen" not in farid.get("/beheer").text


def test_an_address_outside_the_domains_is_asked_about_once(
    settings: Settings, clock: StoppedClock, world: World
) -> None:
    domains = settings.model_copy(update={"mail_domains": ("zaanstad.nl", "almere.nl")})
    farid = browser_of(create_app(domains, clock=clock), world.farid)
    asked = fill_in(farid, "/beheer/uitnodigen", **GUEST)
    assert asked.status_code == 422
    assert "eindigt niet op @zaanstad.nl of @almere.nl. Klopt het toch?" in asked.text
    assert f'value="{GUEST["adres"]}"' in asked.text
    assert GUEST["adres"] not in farid.get("/beheer").text
    fields = GUEST | {"buiten": "ja", "wijze": "papier"}
    assert fill_in(farid, "/beheer/uitnodigen", **fields).status_code == 200
    own = GUEST | {"adres": "iemand@almere.nl", "wijze": "papier"}
    assert fill_in(farid, "/beheer/uitnodigen", **own).status_code == 200


def test_of_links_that_are_handed_over_three_are_open_at_a_time(
    app: Flask, mail_app: Flask, farid: FlaskClient, world: World, mailbox: Mailbox
) -> None:
    def invite(number: int, browser: FlaskClient, wijze: str = "papier") -> TestResponse:
        fields = GUEST | {"adres": f"nieuw{number}@voorbeeld.nl", "wijze": wijze}
        return fill_in(browser, "/beheer/uitnodigen", **fields)

    papers = [invite(number, farid) for number in range(HANDED_INVITATIONS)]
    assert {paper.status_code for paper in papers} == {200}
    refused = invite(4, farid)
    assert refused.status_code == 422 and "uitnodigingen open die niet gemaild zijn" in refused.text
    assert 'value="nieuw4@voorbeeld.nl"' in refused.text
    assert "nieuw4@" not in farid.get("/beheer").text
    # one that replaces another is no more than before, and mail proves the address
    assert invite(2, farid).status_code == 200
    assert invite(5, browser_of(mail_app, world.farid), "mail").status_code == 303
    mailbox.arrived()
    link = re.findall(r"/uitnodiging/[\w-]+", papers[0].text)[0]
    assert fill_in(app.test_client(), link, naam="Nieuw", wachtwoord=PASSWORD).status_code == 303
    assert invite(4, farid).status_code == 200


def test_an_invitation_by_mail_goes_to_the_address_alone(
    mail_app: Flask, world: World, mailbox: Mailbox
) -> None:
    farid = browser_of(mail_app, world.farid)
    answer = fill_in(farid, "/beheer/uitnodigen", **GUEST, wijze="mail")
    assert answer.status_code == 303 and re.fullmatch(r"/beheer\?nieuw=\d+", answer.location)
    to, mail = mailbox.arrived()
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert to == ["nieuw@voorbeeld.nl"] and "Dag Nieuw" in text and "Zaanstad" in text
    link = re.findall(r"/uitnodiging/[\w-]+", text)[0]
    assert link not in farid.get("/beheer").text
    assert mail_app.test_client().get(link).status_code == 200


def test_a_newer_invitation_replaces_the_open_one(app: Flask, farid: FlaskClient) -> None:
    papers = [fill_in(farid, "/beheer/uitnodigen", **GUEST).text for _ in range(2)]
    links = [re.findall(r"/uitnodiging/[\w-]+", paper)[0] for paper in papers]
    first, second = [app.test_client().get(link) for link in links]
    assert (first.status_code, second.status_code) == (409, 200)
    assert "Deze link is vervangen" in first.text and "nieuwste papier" in first.text
    assert 'href="/inloggen"' not in first.text


def test_an_invitation_is_withdrawn(app: Flask, farid: FlaskClient) -> None:
    link = re.findall(r"/uitnodiging/[\w-]+", fill_in(farid, "/beheer/uitnodigen", **GUEST).text)[0]
    withdraw = re.findall(r"/beheer/uitnodigingen/\d+/intrekken", farid.get("/beheer").text)[0]
    assert fill_in(farid, "/beheer", withdraw).status_code == 303
    page = app.test_client().get(link)
    assert page.status_code == 409 and "Deze link is ingetrokken." in page.text
    assert fill_in(farid, "/beheer", withdraw).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"naam": ""}, "Vul een naam in."),
        ({"adres": "anna"}, "naam@gemeente.nl"),
        ({"adres": "anna@voorbeeld.nl"}, "Anna heeft al een account."),
        ({"rollen": []}, "Kies ten minste één rol."),
        ({"rollen": ["onderzoeker"]}, "Deze rol geeft wie de server beheert."),
        ({"rollen": ["koning"]}, "Deze rol bestaat niet."),
        ({"naam": "\x00", "adres": "\x00"}, "Vul een naam in."),
    ],
)
def test_what_is_wrong_comes_back_with_the_form(
    farid: FlaskClient, wrong: dict[str, Any], sentence: str
) -> None:
    answer = fill_in(farid, "/beheer/uitnodigen", **(GUEST | wrong))
    assert answer.status_code == 422 and sentence in answer.text
    assert "Open uitnodigingen" not in farid.get("/beheer").text


def test_an_address_elsewhere_is_invited_like_any_other(app: Flask, farid: FlaskClient) -> None:
    paper = fill_in(farid, "/beheer/uitnodigen", **(GUEST | {"adres": "chris@voorbeeld.nl"}))
    assert paper.status_code == 200 and "Almere" not in paper.text


def test_someone_moves_between_teams(farid: FlaskClient, world: World, database: Database) -> None:
    page = f"/beheer/mensen/{world.anna.id}"
    assert fill_in(farid, page, f"{page}/teams", teams=[world.team_noord + 2]).status_code == 303
    with database.reading() as session:
        assert [team.name for team in teams_of(session, world.anna.id)] == ["Team Zuid"]
    fill_in(farid, page, f"{page}/teams")
    with database.reading() as session:
        assert teams_of(session, world.anna.id) == []


def test_nobody_is_moved_into_a_team_elsewhere(
    farid: FlaskClient, world: World, database: Database
) -> None:
    page = f"/beheer/mensen/{world.anna.id}"
    assert fill_in(farid, page, f"{page}/teams", teams=[world.team_almere]).status_code == 404
    assert (
        fill_in(farid, page, f"{page}/teams", teams=["x", "9" * 30, world.team_noord]).status_code
        == 303
    )
    with database.reading() as session:
        assert [team.name for team in teams_of(session, world.anna.id)] == ["Team Noord"]


def test_a_changed_role_ends_the_sessions(
    app: Flask, farid: FlaskClient, world: World, database: Database
) -> None:
    anna, page = browser_of(app, world.anna), f"/beheer/mensen/{world.anna.id}"
    assert anna.get("/account").status_code == 200
    fill_in(farid, page, f"{page}/rollen", rollen=["klantmanager"])
    assert anna.get("/account").status_code == 200
    fill_in(farid, page, f"{page}/rollen", rollen=["begeleider", "beheerder"])
    assert roles(database, world.anna.id) == {"begeleider", "beheerder"}
    assert anna.get("/account").status_code == 302


@pytest.mark.parametrize("wished", [["klantmanager"], ["onderzoeker"], ["redacteur"], []])
def test_an_onderzoeker_gets_no_voting_role(
    farid: FlaskClient, world: World, database: Database, wished: list[str]
) -> None:
    page = f"/beheer/mensen/{world.dewi.id}"
    fill_in(farid, page, f"{page}/rollen", rollen=wished)
    assert roles(database, world.dewi.id) == {"onderzoeker"}


def test_national_roles_are_kept_but_not_given(
    farid: FlaskClient, world: World, database: Database
) -> None:
    anna = world.anna.id
    with database.transaction() as session, changing(session, ROW_KEYS, anna, Change.ROLES):
        session.add(UserRole(user_id=anna, role=Role.REDACTEUR))
    page = f"/beheer/mensen/{world.anna.id}"
    fill_in(farid, page, f"{page}/rollen", rollen=["begeleider"])
    assert roles(database, world.anna.id) == {"begeleider", "redacteur"}
    assert fill_in(farid, page, f"{page}/rollen", rollen=["onderzoeker"]).status_code == 422


def test_a_blocked_account_stands_still_until_it_is_let_go(
    app: Flask, farid: FlaskClient, with_passwords: World
) -> None:
    anna, page = app.test_client(), f"/beheer/mensen/{with_passwords.anna.id}"
    sign_in(anna)
    assert fill_in(farid, page, f"{page}/stilzetten").status_code == 303
    assert anna.get("/account").status_code == 302 and sign_in(anna).status_code == 403
    assert "staat stil" in farid.get(page).text
    fill_in(farid, page, f"{page}/aanzetten")
    assert sign_in(anna).status_code == 303 and anna.get("/account").status_code == 200


def test_a_lost_password_is_replaced_on_paper(
    app: Flask, farid: FlaskClient, with_passwords: World
) -> None:
    page = f"/beheer/mensen/{with_passwords.anna.id}"
    paper = fill_in(farid, page, f"{page}/nieuw-wachtwoord")
    link = re.findall(r"/uitnodiging/[\w-]+", paper.text)[0]
    assert fill_in(app.test_client(), link, wachtwoord=OTHER_PASSWORD).status_code == 303
    assert sign_in(app.test_client(), password=OTHER_PASSWORD).status_code == 303


def test_where_there_is_mail_the_beheerder_never_sees_the_link(
    mail_app: Flask, world: World, mailbox: Mailbox
) -> None:
    farid, page = browser_of(mail_app, world.farid), f"/beheer/mensen/{world.anna.id}"
    answer = fill_in(farid, page, f"{page}/nieuw-wachtwoord")
    assert answer.status_code == 303 and "/uitnodiging/" not in answer.text
    to, mail = mailbox.arrived()
    assert to == ["anna@voorbeeld.nl"] and "/uitnodiging/" in mail.get_payload(decode=True).decode()  # type: ignore[union-attr]


def test_removing_is_asked_twice(farid: FlaskClient, world: World, database: Database) -> None:
    page = f"/beheer/mensen/{world.anna.id}/verwijderen"
    assert "Verwijder het account van Anna" in farid.get(page).text
    assert user(database, world.anna.id).status == Status.ACTIVE
    assert fill_in(farid, page).status_code == 303
    assert user(database, world.anna.id).status == Status.REMOVED
    assert "Anna" not in farid.get("/beheer").text and farid.get(page).status_code == 404


def test_a_beheerder_does_not_lock_themselves_out(
    farid: FlaskClient, world: World, database: Database
) -> None:
    page = f"/beheer/mensen/{world.farid.id}"
    assert "Zet het account stil" not in farid.get(page).text
    for path, fields in (
        ("/stilzetten", {}),
        ("/verwijderen", {}),
        ("/rollen", {"rollen": ["klantmanager"]}),
    ):
        assert fill_in(farid, page, page + path, **fields).status_code == 403
    assert user(database, world.farid.id).status == Status.ACTIVE and roles(
        database, world.farid.id
    ) == {"beheerder"}


@pytest.mark.parametrize(
    "path", ["/teams", "/rollen", "/stilzetten", "/aanzetten", "/nieuw-wachtwoord", "/verwijderen"]
)
def test_the_beheerder_of_another_gemeente_finds_nobody(
    farid: FlaskClient, world: World, database: Database, path: str
) -> None:
    page, before = f"/beheer/mensen/{world.chris.id}", user(database, world.chris.id)
    token = csrf_of(farid.get("/beheer"))
    assert (
        farid.get(page).status_code == 404 and farid.get(f"{page}/verwijderen").status_code == 404
    )
    answer = farid.post(
        page + path, data={"csrf_token": token, "rollen": ["begeleider"], "teams": []}
    )
    assert answer.status_code == 404 and "Chris" not in answer.text
    assert user(database, world.chris.id) == before and roles(database, world.chris.id) == {
        "klantmanager"
    }


def test_an_invitation_of_another_gemeente_is_not_withdrawn(
    farid: FlaskClient, world: World, database: Database, clock: StoppedClock
) -> None:
    from kopkrakers.accounts import invitations
    from kopkrakers.accounts.invitations import Invitee

    invitee = Invitee(
        "Nieuw", "nieuw@voorbeeld.nl", frozenset({Role.KLANTMANAGER}), None, mailed=False
    )
    with database.transaction() as session:
        invitations.invite(
            session, world.almere, invitee, now=clock(), keys=(b"m" * 40,), row_keys=ROW_KEYS
        )
    assert fill_in(farid, "/beheer", "/beheer/uitnodigingen/1/intrekken").status_code == 404
    with database.reading() as session:
        assert len(invitations.open_invitations(session, world.almere, clock())) == 1


@pytest.mark.parametrize(
    ("words", "names"), [("ANNA", {"Anna"}), ("noord bram", {"Bram"}), ("jose@", {"Jose"})]
)
def test_people_are_found_by_name_address_or_team(
    farid: FlaskClient, world: World, database: Database, words: str, names: set[str]
) -> None:
    with database.transaction() as session:
        add_people(session, world.zaanstad, 12)
        add_person(session, "Jose", world.zaanstad, None, Role.KLANTMANAGER)
        add_person(session, "Anna uit Almere", world.almere, None, Role.KLANTMANAGER)
    page = fill_in(farid, "/beheer", "/beheer/mensen", zoek=words)
    assert page.status_code == 200 and f'value="{words}"' in page.text
    shown = set(re.findall(r'/beheer/mensen/\d+"><span><strong>([^<]+)<', page.text))
    assert shown == names
    assert "Niemand gevonden" in fill_in(farid, "/beheer", "/beheer/mensen", zoek="\0 zzz").text


@pytest.mark.parametrize(
    ("asked", "said", "buttons", "shown"),
    [
        ("1", "1 tot en met 25 van 73 mensen", {"Volgende"}, 25),
        ("2", "26 tot en met 50 van 73 mensen", {"Vorige", "Volgende"}, 25),
        ("3", "51 tot en met 73 van 73 mensen", {"Vorige"}, 23),
        ("9999", "51 tot en met 73 van 73 mensen", {"Vorige"}, 23),
        ("0", "1 tot en met 25 van 73 mensen", {"Volgende"}, 25),
        ("-1", "1 tot en met 25 van 73 mensen", {"Volgende"}, 25),
        ("9" * 5000, "1 tot en met 25 van 73 mensen", {"Volgende"}, 25),
        ("twee", "1 tot en met 25 van 73 mensen", {"Volgende"}, 25),
    ],
)
def test_many_people_stand_on_pages_that_keep_the_words(
    farid: FlaskClient,
    world: World,
    database: Database,
    asked: str,
    said: str,
    buttons: set[str],
    shown: int,
) -> None:
    with database.transaction() as session:
        names = (f"Proef {number:02}" for number in range(73))
        add_persons(session, names, world.zaanstad, None, Role.KLANTMANAGER)
    text = fill_in(farid, "/beheer", "/beheer/mensen", zoek="proef", pagina=asked).text
    assert said in text
    assert set(re.findall(r">(Vorige|Volgende)</button>", text)) == buttons
    assert len(re.findall(r'/beheer/mensen/\d+"><span><strong>Proef', text)) == shown
    assert text.count('name="zoek" value="proef">') == len(buttons)
    assert "1 tot en met 25 van" in farid.get("/beheer").text


def test_a_name_that_is_searched_for_is_in_no_address(farid: FlaskClient) -> None:
    assert farid.get("/beheer/mensen?zoek=anna").status_code == 405


def test_who_is_no_beheerder_finds_nobody(app: Flask, world: World) -> None:
    for visitor in (world.anna, world.chris, world.gerda):
        assert (
            fill_in(browser_of(app, visitor), "/account", "/beheer/mensen", zoek="bram").status_code
            == 403
        )


def test_an_invitation_that_cannot_be_mailed_comes_back_filled_in(
    settings: Settings, world: World, clock: StoppedClock
) -> None:
    away = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9})
    farid = browser_of(create_app(away, clock=clock), world.farid)
    answer = fill_in(farid, "/beheer/uitnodigen", **GUEST, wijze="mail")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "De mail kon nu niet weg." in answer.text and 'value="nieuw@voorbeeld.nl"' in answer.text
