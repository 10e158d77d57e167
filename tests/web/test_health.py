"""Alive, ready, and whom to tell about a hole."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from kopkrakers import create_app
from kopkrakers.ballots.models import BallotBox
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import unmigrate
from tests.web.test_errors import take_away


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
    assert answer.json == {"database": True, "migraties": True, "bussen": True}


def test_not_ready_without_boxes(client: FlaskClient) -> None:
    answer = client.get("/klaar")
    assert answer.status_code == 503
    assert answer.json == {"database": True, "migraties": True, "bussen": False}


def test_not_ready_without_tables(client: FlaskClient, database: Database) -> None:
    unmigrate(database)
    assert client.get("/klaar").json == {"database": True, "migraties": False, "bussen": False}


def test_not_ready_without_a_database(app: Flask, client: FlaskClient, database: Database) -> None:
    database.dispose()
    app.extensions["kopkrakers"].database.dispose()
    take_away(database.url)
    answer = client.get("/klaar")
    assert answer.status_code == 503
    assert answer.json == {"database": False, "migraties": False, "bussen": False}


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
