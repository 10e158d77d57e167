"""Switching push on and off: what a browser sends is looked at, and the time needs no script."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.reminders.models import REMINDER
from kopkrakers.reminders.push.server_key import new_key
from kopkrakers.reminders.push.subscription import opened_subscription
from tests.reminders.push.device import Device
from tests.support.clock import StoppedClock
from tests.support.pages import Fields, send, words
from tests.support.world import SECRET, World, browser_of

KEYS = Keys(derive(SECRET, Use.REMINDERS))
PAGE = "/account/herinneringen"
PUSH = f"{PAGE}/melding"
ENDPOINT = "https://push.example/abc"


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    app = create_app(settings.model_copy(update={"push_key": SecretStr(new_key())}), clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def anna(app: Flask, world: World) -> FlaskClient:
    return browser_of(app, world.anna)


def filled_in(endpoint: str = ENDPOINT, **changes: str) -> Fields:
    """Return the form as the script fills it in."""
    given = Device().subscription(endpoint, "")
    fields = {"adres": endpoint, "sleutel": given.p256dh, "geheim": given.auth}
    return {"melding_tijd": "480", **fields, **changes}


def kept(database: Database) -> list[tuple[int, str]]:
    """The time and the endpoint of every device."""
    with database.reading() as session:
        rows = session.execute(select(REMINDER.c.at, REMINDER.c.sealed)).all()
    found = []
    for row in rows:
        subscription = opened_subscription(KEYS, row.sealed)
        assert subscription is not None
        found.append((row.at, subscription.endpoint))
    return found


def test_it_is_off_until_somebody_switches_it_on(anna: FlaskClient, database: Database) -> None:
    page = anna.get(PAGE)
    assert "Meldingen hebben JavaScript nodig" in words(page)
    assert 'data-push-toestel=""' in page.text
    assert "/static/js/melding." in page.text
    assert "/static/js/melding." not in anna.get("/account").text
    assert kept(database) == []


def test_on_another_time_and_off(anna: FlaskClient, database: Database) -> None:
    assert send(anna, PUSH, **filled_in()).status_code == 303
    page = anna.get(PAGE)
    assert "Je krijgt een melding, om 8.00 uur" in words(page)
    assert "Staat aan" in words(page) and ENDPOINT not in page.text
    assert kept(database) == [(480, ENDPOINT)]
    assert send(anna, PUSH, melding_tijd="600").status_code == 303, "the time needs no script"
    assert kept(database) == [(600, ENDPOINT)]
    assert send(anna, f"{PUSH}/uit").status_code == 303
    assert "Je krijgt geen meldingen meer" in words(anna.get(PAGE))
    assert kept(database) == []


def test_another_device_takes_the_place_of_the_first(anna: FlaskClient, database: Database) -> None:
    send(anna, PUSH, **filled_in())
    send(anna, PUSH, **filled_in("https://push.example/other"))
    assert kept(database) == [(480, "https://push.example/other")]


@pytest.mark.parametrize(
    "fields",
    [
        filled_in("http://push.example/abc"),
        filled_in("https://127.0.0.1/abc"),
        filled_in("https://[::1]/abc"),
        filled_in("https://10.0.0.8:8443/abc"),
        filled_in("https://naam@push.example/abc"),
        filled_in("https://push.example/" + "x" * 1000),
        filled_in("geen adres"),
        filled_in(sleutel="x"),
        filled_in(sleutel="BA" + "A" * 85),
        filled_in(sleutel=""),
        filled_in(geheim="AAAA"),
        filled_in(geheim="é"),
    ],
)
def test_what_no_browser_gives_is_refused(
    anna: FlaskClient, database: Database, fields: Fields
) -> None:
    page = send(anna, PUSH, **fields)
    assert page.status_code == 422
    assert "Zet de meldingen opnieuw aan" in words(page)
    assert kept(database) == []


def test_without_a_script_nothing_is_promised(anna: FlaskClient, database: Database) -> None:
    page = send(anna, PUSH, melding_tijd="480")
    assert page.status_code == 422
    assert "Meldingen hebben JavaScript nodig" in words(page)
    page = send(anna, PUSH, **filled_in(melding_tijd="481"))
    assert page.status_code == 422
    assert "Kies een tijd van 7.00 uur tot en met 17.00 uur." in words(page)
    assert kept(database) == []


def test_the_mail_and_the_message_are_apart(anna: FlaskClient, database: Database) -> None:
    send(anna, PUSH, **filled_in())
    send(anna, f"{PAGE}/mail", dag="0", tijd="540")
    send(anna, f"{PAGE}/mail", dag="-", tijd="540")
    assert kept(database) == [(480, ENDPOINT)]


def test_without_a_key_of_the_server_there_is_none(
    settings: Settings, world: World, clock: StoppedClock, database: Database
) -> None:
    app = create_app(settings, clock=clock)
    anna = browser_of(app, world.anna)
    page = anna.get(PAGE)
    assert "Op deze server zijn geen meldingen ingesteld" in words(page)
    assert "melding." not in page.text.replace("melding.</p>", "")
    assert send(anna, PUSH, **filled_in()).status_code == 404
    assert kept(database) == []
    app.extensions["kopkrakers"].database.dispose()
