"""Whoever is killed between keeping invitations and mailing them leaves nobody without a link."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, select, update

from kopkrakers.accounts.models import INVITATION, Role
from kopkrakers.accounts.trail.models import BEHEER_ACTION, Deed
from kopkrakers.app import create_app
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.operations.notes import good_to_know
from tests.support.mailbox import Mailbox, mail_server, with_mail
from tests.support.running import PATIENCE, Shell, free_port
from tests.support.signing_in import fill_in
from tests.support.world import World, add_person, browser_of

AGAIN = "/beheer/uitnodigen/nog-een-keer"
LOST = ["nova@z.nl", "omar@z.nl", "pim@z.nl"]
"""Whose mail did not leave: the process was killed while the first of them was on the way."""
TOLD = "Uitnodigingen waarvan de mail misschien niet wegging: 3."


class Stuck(Mailbox):
    """Takes one mail, and answers no other."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Event()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the first mail."""
        if self.is_empty():
            return await super().handle_DATA(server, session, envelope)
        self.waits.set()
        await asyncio.sleep(PATIENCE)
        return "451 Later"


@pytest.fixture
def killed(settings: Settings, world: World, tmp_path: Path) -> Settings:
    """An installation whose import of four people was killed after the first mail."""
    file = tmp_path / "mensen.csv"
    lines = [f"Zaanstad;;{name};{name}@z.nl" for name in ("noor", "nova", "omar", "pim")]
    file.write_text("\n".join(["gemeente;team;naam;adres", *lines]))
    stuck = Stuck()
    with mail_server(stuck) as port:
        shell = importer(settings, port)
        command = [sys.executable, "-m", "kopkrakers", "import", str(file)]
        process = subprocess.Popen(command, env=shell.environment, stderr=subprocess.DEVNULL)
        assert stuck.waits.wait(PATIENCE)
        process.kill()
        process.wait(PATIENCE)
    assert stuck.arrived()[0] == ["noor@z.nl"]
    return settings


@pytest.fixture
def app(killed: Settings, mailbox: Mailbox) -> Iterator[Flask]:
    """The website of that installation, by a real clock, with a mail server that works."""
    with mail_server(mailbox) as port:
        app = create_app(with_mail(killed, port))
        yield app
        app.extensions["kopkrakers"].database.dispose()


def importer(settings: Settings, port: int) -> Shell:
    more = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_STARTTLS": "false"}
    return Shell(settings, **{f"KOPKRAKERS_{name}": value for name, value in more.items()})


def still_open(database: Database) -> list[Row[Any]]:
    with database.reading() as session:
        rows = select(INVITATION).where(INVITATION.c.ended.is_(None)).order_by(INVITATION.c.email)
        return list(session.execute(rows))


def mailed(mailbox: Mailbox, number: int) -> list[str]:
    return sorted(mailbox.arrived()[0][0] for _ in range(number))


def test_the_beheerder_sees_whose_mail_is_not_known_and_mails_those_alone(
    farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    page = farid.get("/beheer").text
    assert "Bij 3 uitnodigingen ging de mail misschien niet weg." in page
    assert page.count("mail misschien niet weg<") == 3
    assert fill_in(farid, "/beheer", AGAIN).status_code == 303
    assert mailed(mailbox, 3) == LOST and mailbox.is_empty()
    assert "misschien niet weg" not in farid.get("/beheer").text
    waiting = still_open(database)
    assert [row.email for row in waiting] == ["noor@z.nl", *LOST]
    assert {row.unsent for row in waiting} == {False}
    with database.reading() as session:
        last = select(BEHEER_ACTION).order_by(BEHEER_ACTION.c.number.desc()).limit(1)
        told = session.execute(last).one()
    assert (told.what, told.detail) == (Deed.IMPORTED, "3 mensen")


def test_the_link_that_was_mailed_anew_lets_somebody_in(
    app: Flask, farid: FlaskClient, mailbox: Mailbox
) -> None:
    fill_in(farid, "/beheer", AGAIN)
    joined = fill_in(app.test_client(), mailbox.link(), naam="Nova", wachtwoord="fiets kameel dak")
    assert joined.status_code == 303


def test_the_same_list_or_file_mails_those_whose_mail_is_not_known(
    app: Flask, farid: FlaskClient, database: Database, mailbox: Mailbox, tmp_path: Path
) -> None:
    pasted = "Nova; nova@z.nl\nNoor; noor@z.nl"
    list_page = "/beheer/uitnodigen/lijst"
    assert fill_in(farid, list_page, f"{list_page}/versturen", mensen=pasted).status_code == 303
    assert mailed(mailbox, 1) == LOST[:1]
    settings = app.extensions["kopkrakers"].settings
    done = importer(settings, settings.smtp_port)("import", f"{tmp_path}/mensen.csv", "--json")
    assert json.loads(done.stdout)["uitgenodigd"] == 2
    assert json.loads(done.stdout)["had_uitnodiging"] == 2
    assert mailed(mailbox, 2) == LOST[1:] and mailbox.is_empty()
    assert {row.unsent for row in still_open(database)} == {False}


def test_what_still_cannot_leave_stays_on_the_page(
    killed: Settings, world: World, database: Database
) -> None:
    app = create_app(with_mail(killed, 9))
    farid = browser_of(app, world.farid)
    assert fill_in(farid, "/beheer", AGAIN).status_code == 303
    page = farid.get("/beheer").text
    assert "3 van de 3 mails konden nu niet weg" in page
    assert "Bij 3 uitnodigingen ging de mail misschien niet weg." in page
    app.extensions["kopkrakers"].database.dispose()


def test_an_invitation_that_somebody_made_by_sql_is_not_made_genuine(
    farid: FlaskClient, database: Database, mailbox: Mailbox
) -> None:
    """Whoever can write to the database waits for a beheerder who mails everybody anew."""
    with database.transaction() as session:
        mine = update(INVITATION).where(INVITATION.c.email == "pim@z.nl")
        session.execute(mine.values(roles="beheerder"))
    fill_in(farid, "/beheer", AGAIN)
    assert mailed(mailbox, 2) == LOST[:2] and mailbox.is_empty()


def test_nobody_mails_those_of_another_gemeente(
    app: Flask, world: World, mailbox: Mailbox, database: Database
) -> None:
    with database.transaction() as session:
        bea = add_person(session, "Bea", world.almere, None, Role.BEHEERDER)
    almere = browser_of(app, bea)
    assert "misschien niet weg" not in almere.get("/beheer").text
    fill_in(almere, "/beheer", AGAIN)
    assert mailbox.is_empty() and sum(row.unsent for row in still_open(database)) == 3


def test_the_operator_hears_of_it(killed: Settings, app: Flask, farid: FlaskClient) -> None:
    assert any(told.startswith(TOLD) for told in good_to_know(killed, utc_now()))
    fill_in(farid, "/beheer", AGAIN)
    assert not any("misschien niet wegging" in told for told in good_to_know(killed, utc_now()))


def test_a_line_of_the_log_never_stands_between_what_an_import_prints(
    settings: Settings, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "mensen.csv"
    file.write_text("gemeente;team;naam;adres\nZaanstad;;Noor;noor@z.nl\n")
    command = [sys.executable, "-m", "kopkrakers", "import", "--json", str(file)]
    shell = importer(settings, free_port())
    done = subprocess.run(
        command, env=shell.environment, capture_output=True, text=True, check=False
    )
    assert "uitgenodigd" in json.loads(done.stdout)
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines] == ["mail was not sent"]
