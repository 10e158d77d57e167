"""The link in a mail that ends it: no sign-in, no accident, nobody else's."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, derive
from kopkrakers.reminders.models import REMINDER
from kopkrakers.reminders.sealing import ending_token
from tests.reminders.wishes import wants_mail
from tests.support.pages import words
from tests.support.world import SECRET, World, browser_of

KEYS = Keys(derive(SECRET, Use.REMINDERS))


@pytest.fixture
def link(world: World, database: Database) -> str:
    """The address in a mail to anna; bram gets that mail as well."""
    wants_mail(database, world.anna.id, world.bram.id)
    return f"/herinneringen/uit/{ending_token(KEYS, world.anna.id)}"


def mailed(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.execute(select(REMINDER.c.user_id)).scalars())


def test_a_program_that_looks_at_links_ends_nothing(
    client: FlaskClient, link: str, database: Database
) -> None:
    assert client.get(link).status_code == 200
    assert client.head(link).status_code == 200
    assert len(mailed(database)) == 2


def test_the_button_on_the_page_ends_it(
    client: FlaskClient, link: str, database: Database, world: World
) -> None:
    page = client.get(link)
    assert f'action="{link}"' in page.text
    assert "Je krijgt geen mail meer" in words(client.post(link))
    assert mailed(database) == [world.bram.id]
    assert client.post(link).status_code == 200, "a second time changes nothing"


def test_it_ends_the_mail_of_whom_it_is_for_whoever_is_signed_in(
    app: Flask, link: str, database: Database, world: World
) -> None:
    assert browser_of(app, world.bram).post(link).status_code == 200
    assert mailed(database) == [world.bram.id]


@pytest.mark.parametrize("token", ["x", "bestaat-niet", "a" * 60, "%C3%A9", "=" * 40])
def test_a_link_that_we_did_not_make_does_nothing(
    client: FlaskClient, link: str, database: Database, token: str
) -> None:
    for page in (
        client.get(f"/herinneringen/uit/{token}"),
        client.post(f"/herinneringen/uit/{token}"),
    ):
        assert page.status_code == 404
        assert "Deze link werkt niet meer" in words(page)
    assert len(mailed(database)) == 2


def test_a_link_made_with_another_secret_does_nothing(
    client: FlaskClient, link: str, database: Database, world: World
) -> None:
    foreign = ending_token(Keys(derive(b"t" * 40, Use.REMINDERS)), world.anna.id)
    assert client.post(f"/herinneringen/uit/{foreign}").status_code == 404
    assert len(mailed(database)) == 2


def test_the_page_names_nobody(client: FlaskClient, link: str) -> None:
    text = client.get(link).text + client.post(link).text
    assert "Anna" not in text and "voorbeeld.nl" not in text
