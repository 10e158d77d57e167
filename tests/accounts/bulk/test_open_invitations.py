"""Open invitations as a beheerder sees them: what went wrong first, then the newest, on pages."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kopkrakers.accounts import invitations
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import INVITATION, Role
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.mailbox import Choosy, Mailbox, mail_server, with_mail
from tests.support.signing_in import fill_in
from tests.support.world import ROW_KEYS, World, add_person, browser_of

GUEST: dict[str, Any] = {
    "naam": "Nieuw",
    "adres": "nieuw@voorbeeld.nl",
    "rollen": ["klantmanager", "begeleider"],
}


def test_many_open_invitations_stand_on_pages(
    farid: FlaskClient, world: World, database: Database, clock: StoppedClock
) -> None:
    roles = frozenset({Role.KLANTMANAGER})
    with database.transaction() as session:
        for number in range(38):
            name, address = f"Gast {number:02}", f"gast{number}@voorbeeld.nl"
            invitee = Invitee(name, address, roles, None, mailed=True)
            invitations.invite(
                session, world.zaanstad, invitee, now=clock(), keys=(b"m" * 40,), row_keys=ROW_KEYS
            )
    first, second = (farid.get(f"/beheer?uitnodigingen={number}").text for number in ("", 2))
    assert "1 tot en met 20 van 38 uitnodigingen" in first and "Gast 18" in first
    assert "21 tot en met 38 van 38 uitnodigingen" in second and "Gast 17" in second
    assert "Gast 17" not in first and "Gast 18" not in second
    assert '<a class="utrecht-button utrecht-button--secondary-action" href="/beheer?' in first
    unfolded, folded = first.split('<details class="kk-more">')
    assert re.findall("Gast ..", unfolded) == [f"Gast {number}" for number in range(37, 32, -1)]
    assert "Nog 15 op deze bladzijde" in folded
    assert '<details class="kk-more">' not in second


def test_what_perhaps_never_left_stands_before_what_is_new(
    mail_app: Flask, world: World, database: Database
) -> None:
    farid = browser_of(mail_app, world.farid)
    for number in range(8):
        guest = {"naam": f"Gast {number}", "adres": f"gast{number}@voorbeeld.nl"}
        fill_in(farid, "/beheer/uitnodigen", **(GUEST | guest), wijze="mail")
    with database.transaction() as session:
        lost = update(INVITATION).where(INVITATION.c.name == "Gast 2")
        session.execute(lost.values(unsent=True))
    unfolded = farid.get("/beheer").text.partition('<details class="kk-more">')[0]
    assert re.findall("Gast .", unfolded) == [f"Gast {number}" for number in (2, 7, 6, 5, 4)]


def test_a_wrong_address_is_seen_at_once_and_taken_back(
    mail_app: Flask, world: World, database: Database, mailbox: Mailbox
) -> None:
    farid = browser_of(mail_app, world.farid)
    page = farid.get(fill_in(farid, "/beheer/uitnodigen", **GUEST, wijze="mail").location).text
    top = page.partition("<h2")[0]
    assert "is gemaild naar <strong>nieuw@voorbeeld.nl</strong>" in top
    withdraw = re.findall(r"/beheer/uitnodigingen/\d+/intrekken", top)[0]
    assert fill_in(farid, "/beheer", withdraw).status_code == 303
    after = farid.get("/beheer").text
    assert "De uitnodiging voor Nieuw (nieuw@voorbeeld.nl) werkt niet meer." in after
    assert mail_app.test_client().get(mailbox.link()).status_code == 409


@pytest.mark.parametrize("state", ["mailed", "unsent", "refused", "awaits_courier"])
def test_only_what_left_by_mail_is_said_to_have_left(
    mail_app: Flask, world: World, database: Database, state: str
) -> None:
    farid = browser_of(mail_app, world.farid)
    location = fill_in(farid, "/beheer/uitnodigen", **GUEST, wijze="mail").location
    assert "is gemaild naar" in farid.get(location).text
    with database.transaction() as session:
        # on paper, or with a mail of which nobody knows that it left
        session.execute(update(INVITATION).values({state: state != "mailed"}))
    assert "is gemaild naar" not in farid.get(location).text


@pytest.mark.parametrize("asked", ["{id}", "999999", "-1", "x", "9" * 30, ""])
def test_nobody_reads_of_an_invitation_elsewhere_or_one_that_is_over(
    mail_app: Flask, world: World, database: Database, asked: str
) -> None:
    with database.transaction() as session:
        bea = add_person(session, "Bea", world.almere, None, Role.BEHEERDER)
    almere = browser_of(mail_app, bea)
    location = fill_in(almere, "/beheer/uitnodigen", **GUEST, wijze="mail").location
    number = location.partition("=")[2]
    assert "is gemaild naar" in almere.get(location).text
    page = browser_of(mail_app, world.farid).get(f"/beheer?nieuw={asked.format(id=number)}")
    assert page.status_code == 200 and "is gemaild naar" not in page.text
    fill_in(almere, "/beheer", f"/beheer/uitnodigingen/{number}/intrekken")
    # the message about it stands on the page once
    almere.get("/beheer")
    assert GUEST["adres"] not in almere.get(location).text


# a mail server of its own
@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "status", "sentence", "waits"),
    [
        ("550 No such user", 422, "De mailserver neemt voor dit adres geen mail aan.", False),
        ("450 Try again later", 503, "De mail kon nu niet weg.", True),
    ],
)
def test_an_address_that_the_mail_server_refuses_for_good_keeps_no_invitation(
    settings: Settings,
    world: World,
    clock: StoppedClock,
    said: str,
    status: int,
    sentence: str,
    waits: bool,
) -> None:
    choosy = Choosy()
    choosy.refuses[GUEST["adres"]] = said
    with mail_server(choosy) as port:
        farid = browser_of(create_app(with_mail(settings, port), clock=clock), world.farid)
        answer = fill_in(farid, "/beheer/uitnodigen", **GUEST, wijze="mail")
    assert answer.status_code == status and sentence in answer.text
    assert f'value="{GUEST["adres"]}"' in answer.text and not choosy.taken
    beheer = farid.get("/beheer").text
    assert (GUEST["adres"] in beheer) is waits
    assert ("mail misschien niet weg" in beheer) is waits
