"""The page under Account: nothing is on by itself, and what is chosen is kept as it was chosen."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.reminders.models import REMINDER
from tests.support.clock import StoppedClock
from tests.support.mailbox import with_mail
from tests.support.pages import Fields, send, words
from tests.support.signing_in import fill_in
from tests.support.world import World, browser_of

PAGE = "/account/herinneringen"
MAIL = f"{PAGE}/mail"
Row = tuple[object, ...]


@pytest.fixture
def app(settings: Settings, clock: StoppedClock) -> Iterator[Flask]:
    """An application with a mail server, which no page here needs to reach."""
    app = create_app(with_mail(settings, 9), clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def anna(app: Flask, world: World) -> FlaskClient:
    return browser_of(app, world.anna)


def kept(database: Database) -> list[Row]:
    columns = (REMINDER.c.user_id, REMINDER.c.kind, REMINDER.c.at, REMINDER.c.weekday)
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns))]


def test_nothing_is_on_by_itself(anna: FlaskClient, database: Database) -> None:
    page = anna.get(PAGE)
    assert page.status_code == 200
    assert '<option value="-" selected>Geen mail</option>' in page.text
    assert kept(database) == []


def test_a_choice_stands_there_the_next_time(
    anna: FlaskClient, database: Database, world: World
) -> None:
    page = send(anna, MAIL, dag="4", tijd="930")
    assert page.status_code == 303
    page = anna.get(PAGE)
    assert "Je krijgt de mail elke vrijdag, om 15.30 uur" in words(page)
    assert '<option value="4" selected>' in page.text
    assert '<option value="930" selected>15.30 uur</option>' in page.text
    assert kept(database) == [(world.anna.id, "mail", 930, 4)]


def test_another_choice_takes_its_place_and_none_leaves_nothing(
    anna: FlaskClient, database: Database, world: World
) -> None:
    send(anna, MAIL, dag="4", tijd="930")
    send(anna, MAIL, dag="0", tijd="540")
    assert kept(database) == [(world.anna.id, "mail", 540, 0)]
    assert send(anna, MAIL, dag="-", tijd="540").status_code == 303
    assert "Je krijgt geen wekelijkse mail" in words(anna.get(PAGE))
    assert kept(database) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"dag": "2", "tijd": "540"}, "Kies geen mail, maandag of vrijdag."),
        ({"tijd": "540"}, "Kies geen mail, maandag of vrijdag."),
        ({"dag": "0", "tijd": "541"}, "Kies een tijd van 7.00 uur tot en met 17.00 uur."),
        ({"dag": "0", "tijd": "0\0"}, "Kies een tijd van 7.00 uur tot en met 17.00 uur."),
        ({"dag": "0"}, "Kies een tijd van 7.00 uur tot en met 17.00 uur."),
    ],
)
def test_what_was_not_offered_is_refused_with_a_sentence(
    anna: FlaskClient, database: Database, fields: Fields, sentence: str
) -> None:
    page = send(anna, MAIL, **fields)
    assert page.status_code == 422
    assert sentence in words(page)
    assert kept(database) == []


def test_a_choice_is_of_one_person(
    app: Flask, world: World, database: Database, anna: FlaskClient
) -> None:
    send(anna, MAIL, dag="4", tijd="930")
    chris = browser_of(app, world.chris)
    assert '<option value="-" selected>' in chris.get(PAGE).text
    send(chris, MAIL, dag="-", tijd="540")
    assert len(kept(database)) == 1


def test_nobody_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(MAIL, data={"dag": "0"}).status_code in (302, 403)


def test_without_a_mail_server_the_page_says_so(
    settings: Settings, world: World, clock: StoppedClock
) -> None:
    app = create_app(settings, clock=clock)
    page = browser_of(app, world.anna).get(PAGE)
    assert "Op deze server is geen mail ingesteld" in words(page)
    assert "<select" not in page.text
    app.extensions["kopkrakers"].database.dispose()


def test_what_is_kept_goes_with_the_account(
    anna: FlaskClient, database: Database, world: World, app: Flask
) -> None:
    send(anna, MAIL, dag="4", tijd="930")
    send(browser_of(app, world.bram), MAIL, dag="4", tijd="930")
    fill_in(anna, "/account/verwijderen")
    assert [row[0] for row in kept(database)] == [world.bram.id]


def test_the_account_page_leads_here(anna: FlaskClient) -> None:
    assert f'href="{PAGE}"' in anna.get("/account").text
