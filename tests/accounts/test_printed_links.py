"""Whoever makes a printed invitation and opens it reads nothing of an account elsewhere."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlmodel import col
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Invitation, InvitationEnd, Status, User
from kopkrakers.accounts.rules import address_pseudonym
from kopkrakers.accounts.service import remove_person
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, derive
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox, with_mail
from tests.support.signing_in import OTHER_PASSWORD, PASSWORD, csrf_of, fill_in, set_user, user
from tests.support.world import ROW_KEYS, World, browser_of

INVITE = "/beheer/uitnodigen"
UNKNOWN, KNOWN = "onbekend@voorbeeld.nl", "chris@voorbeeld.nl"
STRANGE = re.compile(
    r'name="csrf_token" value="[^"]+"|/uitnodiging/[\w-]+|uitnodigingen/\d+|<svg.*?</svg>'
    r'|name="csrf" content="[^"]+"',
    re.DOTALL,
)
Happening = Callable[[Database, World], None]


def nothing(_database: Database, _world: World) -> None:
    """Chris stays active in Almere."""


def block(database: Database, world: World) -> None:
    set_user(database, world.chris.id, status=Status.BLOCKED)


def remove(database: Database, world: World) -> None:
    with database.transaction() as session:
        remove_person(session, world.chris.id, (), ROW_KEYS)


def come_here(database: Database, world: World) -> None:
    set_user(database, world.chris.id, gemeente_id=world.zaanstad)


ELSEWHERE_STATES = {"active": nothing, "blocked": block, "removed": remove}
STATES = ELSEWHERE_STATES | {"here": come_here}


@pytest.fixture(autouse=True)
def known_by_address(database: Database, world: World) -> None:
    """Chris has the pseudonym of the address, by which an account is known that was removed."""
    pseudonym = address_pseudonym(KNOWN, derive(b"s" * 40, Use.ADDRESSES))
    set_user(database, world.chris.id, address_hmac=pseudonym)


def plain(page: TestResponse, address: str) -> tuple[int, str]:
    """Return the status and the bytes of a page, without what is by chance or typed."""
    assert "Almere" not in page.text and "Chris" not in page.text
    return page.status_code, STRANGE.sub("…", page.text).replace(address, "adres")


def paper(farid: FlaskClient, address: str) -> tuple[TestResponse, str]:
    """Make a printed invitation; return its page and its link."""
    sent: dict[str, Any] = {"naam": "Nieuw", "adres": address, "wijze": "papier"}
    page = fill_in(farid, INVITE, **sent, rollen=["klantmanager"])
    return page, re.findall(r"/uitnodiging/[\w-]+", page.text)[0]


def noted(database: Database) -> list[tuple[str, str | None]]:
    """Return what the trail holds of Zaanstad, in its order."""
    rows = BEHEER_ACTION.c
    with database.reading() as session:
        found = session.execute(select(rows.what, rows.detail).order_by(rows.number))
        return [tuple(row) for row in found]


def told(
    app: Flask, world: World, address: str, happens: Callable[[], None], **form: str
) -> list[object]:
    """Return all that a beheerder sees of an address: paper, link, form, Beheer, trail."""
    farid, stranger = browser_of(app, world.farid), app.test_client()
    database = app.extensions["kopkrakers"].database
    before = len(noted(database))
    page, link = paper(farid, address)
    happens()
    opened = stranger.get(link)
    sent = stranger.post(link, data={"csrf_token": csrf_of(opened), **form})
    seen = [page, farid.get(link), opened, sent, stranger.get(link), farid.get("/beheer")]
    answers: list[object] = [plain(answer, address) for answer in seen]
    withdraw = re.findall(r"/beheer/uitnodigingen/\d+/intrekken", seen[-1].text)
    answers.append([fill_in(farid, "/beheer", path).status_code for path in withdraw])
    answers.append(plain(stranger.get(link), address))
    return [*answers, noted(database)[before:]]


@pytest.mark.parametrize("state", ELSEWHERE_STATES)
def test_where_there_is_mail_every_page_is_the_same_for_every_address(
    mail_app: Flask, world: World, database: Database, mailbox: Mailbox, state: str
) -> None:
    happens = partial(ELSEWHERE_STATES[state], database, world)
    of_unknown = told(mail_app, world, UNKNOWN, lambda: None)
    assert told(mail_app, world, KNOWN, happens) == of_unknown
    # and both were mailed, so it is no page that does nothing
    assert [mailbox.arrived()[0] for _ in range(2)] == [[UNKNOWN], [KNOWN]]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("sends_mail", [True, False])
def test_opening_the_link_and_a_form_with_a_fault_tell_nothing(
    app: Flask, mail_app: Flask, world: World, database: Database, state: str, sends_mail: bool
) -> None:
    site = mail_app if sends_mail else app
    farid, stranger = browser_of(site, world.farid), site.test_client()
    links = {address: paper(farid, address)[1] for address in (UNKNOWN, KNOWN)}
    STATES[state](database, world)
    seen = []
    for address, link in links.items():
        opened = stranger.get(link)
        short = {"naam": "Nieuw", "wachtwoord": "kort"}
        faulty = stranger.post(link, data={"csrf_token": "oud", **short})
        seen.append([plain(page, address) for page in (opened, faulty, farid.get(link))])
    assert seen[0] == seen[1]
    assert seen[0][0][0] == 200 and seen[0][1][0] == 422


@pytest.mark.parametrize("state", ["active", "blocked", "here"])
def test_without_mail_no_answer_says_where_an_account_is_or_how_it_is(
    app: Flask, world: World, database: Database, state: str
) -> None:
    """That there is one the last form does say: nobody can have a second."""
    _, link = paper(browser_of(app, world.farid), KNOWN)
    STATES[state](database, world)
    answer = fill_in(app.test_client(), link, naam="Nieuw", wachtwoord=PASSWORD)
    assert answer.status_code == 409 and "Met dit adres is al een account" in answer.text
    assert "verwijder dat account" in answer.text
    assert not re.search("staat stil|Almere|Zaanstad|Chris", answer.text)
    # and what was there is as it was
    assert user(database, world.chris.id).password_hash is None


def test_a_printed_link_makes_no_account_where_there_is_mail(
    mail_app: Flask, world: World, database: Database, mailbox: Mailbox
) -> None:
    """Not even when its form is sent as if it were the one that chooses a password."""
    _, link = paper(browser_of(mail_app, world.farid), UNKNOWN)
    stranger = mail_app.test_client()
    sent = fill_in(stranger, link, naam="Nieuw", wachtwoord=PASSWORD)
    assert sent.status_code == 200 and "Kijk in je mail" in sent.text
    with database.reading() as session:
        assert session.execute(select(User).where(col(User.email) == UNKNOWN)).first() is None
    assert stranger.get("/account").status_code == 302
    again = stranger.get(link)
    assert again.status_code == 409 and "nieuwste mail" in again.text
    mailed = mailbox.link()
    assert mailed != link and mailed not in sent.text
    assert fill_in(stranger, mailed, naam="Nieuw", wachtwoord=PASSWORD).status_code == 303
    with database.reading() as session:
        made = session.execute(select(User).where(col(User.email) == UNKNOWN)).scalars().one()
    assert made.address_proved and made.gemeente_id == world.zaanstad


def test_of_two_who_send_the_form_at_once_one_invitation_waits(
    mail_app: Flask, world: World, database: Database, mailbox: Mailbox
) -> None:
    farid, stranger = browser_of(mail_app, world.farid), mail_app.test_client()
    _, link = paper(farid, UNKNOWN)
    fill_in(stranger, link)
    # as it is while the first mail is still on its way
    with database.transaction() as session:
        session.execute(
            update(Invitation)
            .where(col(Invitation.mailed).is_(False))
            .values(ended=None, email=UNKNOWN, name="Nieuw")
        )
    fill_in(stranger, link)
    first, second = mailbox.link(), mailbox.link()
    assert [stranger.get(path).status_code for path in (first, second)] == [409, 200]
    assert farid.get("/beheer").text.count("/intrekken") == 1


def test_a_mail_that_cannot_leave_leaves_the_printed_link_as_it_was(
    settings: Settings, world: World, database: Database, clock: StoppedClock
) -> None:
    site = create_app(with_mail(settings, port=9), clock=clock)
    stranger = site.test_client()
    _, link = paper(browser_of(site, world.farid), KNOWN)
    answer = fill_in(stranger, link)
    assert answer.status_code == 503 and "mail" in answer.text
    assert stranger.get(link).status_code == 200
    with database.reading() as session:
        ended = select(col(Invitation.ended)).order_by(col(Invitation.id))
        assert list(session.execute(ended).scalars()) == [None, InvitationEnd.WITHDRAWN]
    site.extensions["kopkrakers"].database.dispose()


@pytest.mark.parametrize("sends_mail", [True, False])
def test_who_moves_to_another_gemeente_reads_how(
    app: Flask,
    mail_app: Flask,
    with_passwords: World,
    database: Database,
    mailbox: Mailbox,
    sends_mail: bool,
) -> None:
    world, site = with_passwords, mail_app if sends_mail else app
    _, link = paper(browser_of(site, world.farid), KNOWN)
    owner = site.test_client()
    if sends_mail:
        fill_in(owner, link)
        link = mailbox.link()
        told_owner = owner.get(link)
        assert "bij een andere gemeente" in told_owner.text
    else:
        told_owner = fill_in(owner, link, naam="Chris", wachtwoord=OTHER_PASSWORD)
    assert told_owner.status_code == 409 and "verwijder dat account" in told_owner.text
    assert 'href="/inloggen"' in told_owner.text
    fill_in(browser_of(site, world.chris), "/account/verwijderen", wachtwoord=PASSWORD)
    assert user(database, world.chris.id).status == Status.REMOVED
    assert fill_in(owner, link, naam="Chris", wachtwoord=OTHER_PASSWORD).status_code == 303
    moved = user(database, world.chris.id)
    assert (moved.status, moved.gemeente_id) == (Status.ACTIVE, world.zaanstad)


def test_who_is_removed_leaves_the_invitations_of_other_gemeenten_alone(
    app: Flask, world: World, database: Database
) -> None:
    """An open invitation that vanished would tell that there was an account."""
    farid = browser_of(app, world.farid)
    _, link = paper(farid, KNOWN)
    before = farid.get("/beheer").text
    remove(database, world)
    assert KNOWN in before and plain(farid.get("/beheer"), KNOWN)[1].count("intrekken") == 1
    assert app.test_client().get(link).status_code == 200
