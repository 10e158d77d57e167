"""A list too long to wait for: the courier mails it one by one, and the beheerder sees how far."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from kopkrakers.accounts.bulk import by_courier
from kopkrakers.accounts.bulk.reading import MAILED_AT_ONCE
from kopkrakers.accounts.models import INVITATION, Role
from kopkrakers.app import create_app
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.last_look import PATIENCE as COURIER_PATIENCE
from kopkrakers.base.processes.last_look import LastLook, Process
from kopkrakers.catalogue.library import Library
from kopkrakers.operations.check import courier_faults
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import look
from tests.support.clock import StoppedClock
from tests.support.mailbox import Choosy, Mailbox, with_mail
from tests.support.running import PATIENCE, Shell, free_port
from tests.support.signing_in import PASSWORD, fill_in
from tests.support.world import ROW_KEYS, World, add_person, browser_of

LIST = "/beheer/uitnodigen/lijst"
SEND = f"{LIST}/versturen"
STOP = "/beheer/uitnodigen/stoppen"
MANY = MAILED_AT_ONCE + 20


@pytest.fixture
def choosy() -> Choosy:
    return Choosy()


@pytest.fixture
def running(choosy: Choosy) -> Iterator[Controller]:
    server = Controller(choosy, hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop(no_assert=True)


@pytest.fixture
def app(settings: Settings, running: Controller, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(with_mail(settings, running.port), clock=clock)
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def courier(app: Flask, database: Database) -> Courier:
    settings = app.extensions["kopkrakers"].settings
    return Courier(settings, database, Library(settings.cards_dir))


@pytest.fixture
def at_work(database: Database, clock: StoppedClock) -> Iterator[LastLook]:
    """A courier that looked just now."""
    told = LastLook(database, Process.COURIER)
    told.tell(clock())
    yield told
    told.close()


def listed(number: int = MANY) -> str:
    return "\n".join(f"Gast {one:04}; gast{one}@z.nl; Team Noord" for one in range(number))


@pytest.fixture
def sent(farid: FlaskClient, at_work: LastLook) -> FlaskClient:
    """A beheerder who left a long list to the courier."""
    assert fill_in(farid, LIST, SEND, mensen=listed()).status_code == 303
    return farid


def beheer(farid: FlaskClient) -> str:
    """Return the page with one space wherever it has more."""
    return " ".join(farid.get("/beheer").text.split())


def number(database: Database, *which: Any) -> int:
    with database.reading() as session:
        waiting = select(func.count()).where(INVITATION.c.ended.is_(None), *which)
        return int(session.execute(waiting).scalar_one())


def shell_of(courier: Courier) -> Shell:
    """Return the commands of this installation, with its mail server."""
    port = str(courier.settings.smtp_port)
    more = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": port, "SMTP_STARTTLS": "false"}
    return Shell(courier.settings, **{f"KOPKRAKERS_{name}": value for name, value in more.items()})


def everybody() -> Counter[str]:
    return Counter(f"gast{one}@z.nl" for one in range(MANY))


def test_a_long_list_is_left_to_the_courier_and_everybody_gets_one_mail(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock, database: Database
) -> None:
    page = beheer(sent)
    assert f"De uitnodigingen gaan een voor een weg: {MANY}." in page
    assert f"{MANY} uitnodigingen wachten nog op de mail." in page
    assert "ook als je deze pagina sluit" in page and not choosy.taken
    assert look(courier, clock()) == MANY
    assert choosy.taken == everybody()
    assert look(courier, clock()) == 0 and choosy.taken == everybody()
    page = beheer(sent)
    assert "wachten nog op de" not in page and "misschien niet weg" not in page
    assert number(database, INVITATION.c.unsent) == 0


def test_it_is_looked_at_first_and_names_the_first_hundred(
    farid: FlaskClient, at_work: LastLook, database: Database
) -> None:
    page = fill_in(farid, LIST, mensen=listed()).text
    assert f"Verstuur {MANY} uitnodigingen" in page and "En nog 20 mensen." in page
    assert "ook als je deze pagina sluit" in page
    assert page.count("@z.nl · Team Noord") == 100
    assert number(database) == 0


def test_the_link_that_the_courier_made_lets_somebody_in(
    app: Flask, farid: FlaskClient, at_work: LastLook, courier: Courier, clock: StoppedClock
) -> None:
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    fill_in(farid, LIST, SEND, mensen=listed())
    settings = courier.settings.model_copy(update={"smtp_port": server.port})
    look(replace(courier, settings=settings), clock())
    server.stop(no_assert=True)
    guest = app.test_client()
    assert fill_in(guest, mailbox.link(), naam="Gast", wachtwoord=PASSWORD).status_code == 303
    assert "Team Noord" in guest.get("/account").text


def test_the_same_list_once_more_mails_nobody_twice(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    assert "Er is niets te versturen" in fill_in(sent, LIST, mensen=listed()).text
    fill_in(sent, LIST, SEND, mensen=listed())
    look(courier, clock())
    fill_in(sent, LIST, SEND, mensen=listed())
    look(courier, clock())
    assert choosy.taken == everybody()


def test_whoever_mails_what_perhaps_never_left_leaves_the_rest_to_the_courier(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    assert fill_in(sent, "/beheer", "/beheer/uitnodigen/nog-een-keer").status_code == 303
    assert not choosy.taken
    look(courier, clock())
    assert choosy.taken == everybody()


def test_addresses_that_are_refused_stand_first_and_hold_nobody_up(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    choosy.refuses = {f"gast{one}@z.nl": "550 No such user" for one in range(3, 40)}
    choosy.to_mail = {"gast50@z.nl": "554 Not for him"}
    look(courier, clock())
    assert choosy.taken == everybody() - Counter([*choosy.refuses, *choosy.to_mail])
    page = beheer(sent)
    assert "Bij 38 uitnodigingen" in page and "weigert de mailserver het adres" in page
    assert page.count(" · adres geweigerd") == 20
    assert "misschien niet weg" not in page
    look(courier, clock())
    assert choosy.taken.total() == MANY - 38


def test_what_the_server_takes_not_now_is_tried_again(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    choosy.refuses = {"gast7@z.nl": "451 Greylisted"}
    choosy.to_mail = {"gast8@z.nl": "451 Busy"}
    assert look(courier, clock()) == MANY - 2
    assert "2 uitnodigingen wachten" in beheer(sent)
    choosy.refuses, choosy.to_mail = {}, {}
    assert look(courier, clock() + timedelta(minutes=1)) == 2
    assert choosy.taken == everybody()


def test_a_server_that_takes_so_many_of_one_connection_gets_them_all_in_turns(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    choosy.hangs_up_after = 50
    for turn in range(4):
        look(courier, clock() + timedelta(seconds=20 * turn))
    assert set(choosy.taken) == set(everybody()) and max(choosy.taken.values()) == 1


def test_a_server_that_is_away_is_left_alone_and_loses_nobody(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock, database: Database
) -> None:
    away = courier.settings.model_copy(update={"smtp_port": 9})
    assert look(replace(courier, settings=away), clock()) == 0
    assert number(database, INVITATION.c.awaits_courier) == MANY
    assert look(courier, clock()) == 0, "it is left alone for half a minute"
    assert look(courier, clock() + timedelta(seconds=40)) == MANY
    assert choosy.taken == everybody()


def test_on_a_sunday_too(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock
) -> None:
    days = [clock() + timedelta(days=day) for day in range(7)]
    (sunday,) = [day for day in days if day.weekday() == 6]
    assert look(courier, sunday) == MANY


def test_a_beheerder_stops_it_and_sends_it_anew(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock, database: Database
) -> None:
    stopping = iter([False] * 30 + [True])
    assert look(replace(courier, stopping=lambda: next(stopping)), clock()) == 30
    assert fill_in(sent, "/beheer", STOP).status_code == 303
    assert f"Niet verstuurd en ingetrokken: {MANY - 30}." in beheer(sent)
    assert look(courier, clock()) == 0 and number(database) == 30
    fill_in(sent, LIST, SEND, mensen=listed())
    look(courier, clock())
    assert choosy.taken == everybody()


def test_the_one_in_hand_is_not_offered_to_be_mailed_once_more(
    sent: FlaskClient, at_work: LastLook, clock: StoppedClock, database: Database
) -> None:
    with database.transaction() as session:
        (first,) = by_courier.waiting_ids(session, clock(), 1)
        by_courier.take(session, first, ROW_KEYS)
    page = beheer(sent)
    assert f"{MANY - 1} uitnodigingen wachten" in page and "Mail nog een keer" not in page
    at_work.tell(clock() - COURIER_PATIENCE - timedelta(minutes=1))
    assert "Bij 1 uitnodiging ging de mail misschien niet weg." in beheer(sent)


def test_nobody_stops_the_list_of_another_gemeente(
    app: Flask, sent: FlaskClient, world: World, database: Database
) -> None:
    with database.transaction() as session:
        bea = add_person(session, "Bea", world.almere, None, Role.BEHEERDER)
    almere = browser_of(app, bea)
    assert "wachten nog op de" not in beheer(almere)
    fill_in(almere, "/beheer", STOP)
    assert number(database, INVITATION.c.awaits_courier) == MANY


def test_what_was_made_or_changed_by_sql_is_never_mailed(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock, database: Database
) -> None:
    """Whoever can write to the database waits for a courier who makes it genuine."""
    with database.transaction() as session:
        mine = update(INVITATION).where(INVITATION.c.email == "gast5@z.nl")
        session.execute(mine.values(roles="beheerder"))
    look(courier, clock())
    assert choosy.taken == everybody() - Counter(["gast5@z.nl"])


def test_of_two_couriers_one_takes_an_invitation(sent: FlaskClient, database: Database) -> None:
    with database.reading() as session:
        (first,) = by_courier.waiting_ids(session, utc_now() - timedelta(days=9999), 1)
    taken = []
    for _ in range(2):
        with database.transaction() as session:
            taken.append(by_courier.take(session, first, ROW_KEYS))
    assert taken[0] is not None and taken[1] is None


@pytest.mark.parametrize("where", [LIST, SEND])
def test_while_the_courier_stands_still_no_long_list_is_taken(
    farid: FlaskClient, at_work: LastLook, clock: StoppedClock, database: Database, where: str
) -> None:
    at_work.tell(clock() - COURIER_PATIENCE - timedelta(minutes=1))
    refused = fill_in(farid, LIST, where, mensen=listed())
    assert refused.status_code == 422 and "verstuurt de bode, en die staat nu stil" in refused.text
    assert "Gast 0007; gast7@z.nl" in refused.text
    assert number(database) == 0
    assert fill_in(farid, LIST, mensen=listed(MAILED_AT_ONCE)).status_code == 200


def test_a_courier_that_stops_halfway_is_told_to_beheerder_and_operator(
    sent: FlaskClient, at_work: LastLook, courier: Courier, clock: StoppedClock, database: Database
) -> None:
    assert courier_faults(courier.settings, database, clock()) == []
    at_work.tell(clock() - COURIER_PATIENCE - timedelta(minutes=1))
    assert "De bode, die ze verstuurt, staat nu stil." in beheer(sent)
    (fault,) = courier_faults(courier.settings, database, clock())
    assert fault.startswith(f"Op de mail wachten uitnodigingen: {MANY}, en de bode keek sinds")


def test_of_a_short_list_the_refused_addresses_are_named(
    farid: FlaskClient, choosy: Choosy, database: Database
) -> None:
    choosy.refuses = {"gast1@z.nl": "550 No such user", "gast2@z.nl": "451 Greylisted"}
    answer = fill_in(farid, LIST, SEND, mensen=listed(4))
    assert answer.status_code == 503 and "2 van de 4 mails konden nu niet weg" in answer.text
    assert answer.text.count("De mailserver weigert het adres") == 1
    assert "De mailserver weigert het adres gast1@z.nl. Kijk of het klopt." in answer.text
    assert "<strong>Regel 2:</strong>" in answer.text
    assert number(database) == 2


def test_mailed_once_more_a_refused_address_is_told_as_that(
    farid: FlaskClient, choosy: Choosy, database: Database
) -> None:
    fill_in(farid, LIST, SEND, mensen=listed(3))
    with database.transaction() as session:
        session.execute(update(INVITATION).values(unsent=True))
    choosy.refuses = {"gast1@z.nl": "550 No such user"}
    fill_in(farid, "/beheer", "/beheer/uitnodigen/nog-een-keer")
    page = beheer(farid)
    assert "Bij 1 uitnodiging weigert de mailserver het adres." in page
    assert "ging de mail misschien niet weg" not in page


def test_the_command_names_the_lines_with_a_refused_address(
    courier: Courier, choosy: Choosy, world: World, tmp_path: Path
) -> None:
    choosy.refuses = {"gast1@z.nl": "550 No such user", "gast2@z.nl": "451 Greylisted"}
    file = tmp_path / "mensen.csv"
    people = [f"Zaanstad;Gast;gast{one}@z.nl" for one in range(4)]
    file.write_text("\n".join(["gemeente;naam;adres", *people]))
    done = shell_of(courier)("import", str(file), "--json")
    told = json.loads(done.stdout)
    assert (told["niet_gemaild"], told["adres_geweigerd"]) == ([3, 4], [3])
    said = shell_of(courier)("import", str(file)).stderr
    assert "De mailserver weigert het adres op deze regels. Kijk of het klopt: 3" in said


@pytest.mark.slow
def test_killed_again_and_again_nobody_gets_two_mails(
    sent: FlaskClient, courier: Courier, choosy: Choosy, clock: StoppedClock, database: Database
) -> None:
    """The real process, `kill -9`; who was in hand is told to the beheerder and not mailed anew."""
    choosy.takes = 0.02
    command = [sys.executable, "-m", "tests.reminders.courier_process", clock().isoformat()]
    kills = 0
    while number(database, INVITATION.c.awaits_courier):
        before = choosy.taken.total()
        process = subprocess.Popen(
            command, env=shell_of(courier).environment, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while choosy.taken.total() < before + 25 and process.poll() is None:
            assert time.monotonic() < deadline
            if not number(database, INVITATION.c.awaits_courier):
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
        kills += 1
    assert kills > 2
    assert max(choosy.taken.values()) == 1
    lost = set(everybody()) - set(choosy.taken)
    assert number(database, INVITATION.c.unsent) >= len(lost)
    assert len(lost) <= kills
