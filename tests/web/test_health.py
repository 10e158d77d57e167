"""Alive, ready, and whom to tell about a hole."""

from datetime import datetime
from threading import Event, Thread
from time import monotonic, sleep

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, inspect

from kopkrakers.app import create_app
from kopkrakers.ballots.boxes import BOX
from kopkrakers.ballots.models import BallotBox
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.last_look import LastLook, Process, last_look
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import keep_looking
from kopkrakers.migrations.run import unmigrate
from tests.support.clock import StoppedClock
from tests.support.databases.server import changed_between, position, settled_position
from tests.support.databases.taking_away import take_away
from tests.support.pages import Site

READY = {
    "database": True,
    "migraties": True,
    "bussen": True,
    "schrijven": True,
    "teller_minuten": None,
    "bode_minuten": None,
}


def add_box(database: Database) -> None:
    with database.transaction() as session:
        session.add(
            BallotBox(
                id="b",
                kind="land",
                subject="d",
                edition=1,
                pool="NL",
                public_key=b"k" * 32,
                mac=b"m" * 32,
            )
        )


def test_alive_asks_nothing(client: FlaskClient, settings: Settings) -> None:
    take_away(settings.database_url)
    assert client.get("/gezond").text == "gezond\n"


def test_ready_when_database_tables_and_boxes_are(client: FlaskClient, database: Database) -> None:
    add_box(database)
    answer = client.get("/klaar")
    assert answer.status_code == 200
    assert answer.json == {**READY, "bussen": True}


def test_not_ready_without_boxes(client: FlaskClient) -> None:
    answer = client.get("/klaar")
    assert answer.status_code == 503
    assert answer.json == {**READY, "bussen": False}


def test_not_ready_without_tables(client: FlaskClient, database: Database) -> None:
    unmigrate(database)
    assert client.get("/klaar").json == {**READY, "migraties": False, "bussen": False}


def test_not_ready_without_a_database(app: Flask, client: FlaskClient, database: Database) -> None:
    database.dispose()
    app.extensions["kopkrakers"].database.dispose()
    take_away(database.url)
    answer = client.get("/klaar")
    assert answer.status_code == 503
    assert answer.json is not None
    assert (answer.json["database"], answer.json["migraties"]) == (False, False)
    assert not answer.json["bussen"]


def test_security_txt_names_a_contact_and_an_end(settings: Settings) -> None:
    app = create_app(
        settings.model_copy(update={"security_contact": "mailto:veilig@kopkrakers.example"})
    )
    fields = dict(
        line.split(": ", 1)
        for line in app.test_client().get("/.well-known/security.txt").text.splitlines()
    )
    assert fields["Contact"] == "mailto:veilig@kopkrakers.example"
    assert datetime.fromisoformat(fields["Expires"]) > app.extensions["kopkrakers"].now()


def test_without_a_contact_there_is_no_security_txt(client: FlaskClient) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("kind", ["land", "gemeente"])
def test_not_ready_without_the_boxes_of_an_open_dilemma(
    site: Site, client: FlaskClient, kind: str
) -> None:
    assert client.get("/klaar").json["bussen"] is True  # type: ignore[index]
    with site.state.database.transaction() as session:
        session.execute(delete(BOX).where(BOX.c.kind == kind))
    again = create_app(site.state.settings, clock=site.state.clock).test_client()
    assert again.get("/klaar").json["bussen"] is False  # type: ignore[index]


def test_not_ready_when_the_disk_is_full(
    client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settings.sqlite_file is None:
        return  # the disk of PostgreSQL is another machine's
    monkeypatch.setattr("kopkrakers.readiness.ROOM", 2**60)
    assert client.get("/klaar").json["schrijven"] is False  # type: ignore[index]


def test_asking_often_costs_nothing(client: FlaskClient, database: Database) -> None:
    first = client.get("/klaar").json
    add_box(database)
    assert client.get("/klaar").json == first


def test_ready_tells_of_a_counter_for_as_long_as_it_lives(
    client: FlaskClient, database: Database, settings: Settings, clock: StoppedClock
) -> None:
    add_box(database)
    library = Library(settings.cards_dir)
    counter, stop = make_counter(settings, database, library), Event()
    loop = Thread(target=keep_looking, args=(counter, library, clock, stop))
    loop.start()
    try:
        deadline = monotonic() + 60
        while last_look(database, Process.COUNTER) is None and monotonic() < deadline:
            sleep(0.05)
        assert last_look(database, Process.COUNTER) == clock()
        assert client.get("/klaar").json["teller_minuten"] == 0  # type: ignore[index]
    finally:
        stop.set()
        loop.join(60)
    if not database.is_sqlite:
        # PostgreSQL ends a connection a moment after its client did.
        deadline = monotonic() + 60
        while last_look(database, Process.COUNTER) is not None and monotonic() < deadline:
            sleep(0.05)
        assert last_look(database, Process.COUNTER) is None, "a counter that went is still told of"


def test_a_website_without_a_counter_still_serves(
    client: FlaskClient, database: Database, clock: StoppedClock
) -> None:
    add_box(database)
    counter = LastLook(database, Process.COUNTER)
    counter.tell(clock())
    clock.move(minutes=50)
    answer = client.get("/klaar")
    counter.close()
    assert answer.json["teller_minuten"] == 50  # type: ignore[index]
    assert answer.status_code == 200


def test_counter_and_courier_are_told_apart(
    client: FlaskClient, database: Database, clock: StoppedClock
) -> None:
    add_box(database)
    courier = LastLook(database, Process.COURIER)
    courier.tell(clock())
    clock.move(minutes=7)
    told = client.get("/klaar").json
    courier.close()
    assert told is not None
    assert (told["teller_minuten"], told["bode_minuten"]) == (None, 7)


def test_a_look_is_told_in_no_table(database: Database, clock: StoppedClock) -> None:
    tables = inspect(database.reader).get_table_names()

    def everything() -> list[str]:
        with database.reader.connect() as connection:
            rows = [connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in tables]
        return [str(row) for row in rows]

    before, told = everything(), LastLook(database, Process.COUNTER)
    start = None if database.is_sqlite else settled_position(database)
    told.tell(clock())
    assert last_look(database, Process.COUNTER) == clock()
    assert everything() == before
    assert start is None or changed_between(database, start, position(database)) == []
    told.close()
