"""Making cards in the browser, for the tests of the desk."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import Database
from kopkrakers.catalogue.stored.models import CARD_VERSION, STORED_CARD
from tests.catalogue.card_text import RIGHT
from tests.desk.sending_in import hidden_of
from tests.support.world import add_person, browser_of

SLUG = "nieuw-verhaal"
TEXT = RIGHT.replace("Eén plek, twee mensen", "Nieuw verhaal")


def token_of(browser: FlaskClient) -> dict[str, str]:
    return {"csrf_token": hidden_of(browser.get("/inzenden").text)["csrf_token"]}


def begin(browser: FlaskClient, slug: str = SLUG, **fields: str) -> TestResponse:
    data = token_of(browser) | {"naam": slug} | fields
    return browser.post("/redactie/kaarten/nieuw", data=data)


def save(browser: FlaskClient, text: str, *, version: int, slug: str = SLUG) -> TestResponse:
    data = token_of(browser) | {"tekst": text, "versie": str(version), "wat": "bewaar"}
    return browser.post(f"/redactie/kaarten/{slug}", data=data)


def press(browser: FlaskClient, what: str, version: int, slug: str = SLUG) -> TestResponse:
    """Press one of the buttons of a version: vraag, publiceer, terug."""
    address = f"/redactie/kaarten/{slug}/versies/{version}/{what}"
    return browser.post(address, data=token_of(browser))


def published(database: Database, slug: str = SLUG) -> int | None:
    with database.reading() as session:
        found = select(STORED_CARD.c.published).where(STORED_CARD.c.slug == slug)
        number: int | None = session.execute(found).scalar_one()
        return number


def published_card(writer: FlaskClient, reader: FlaskClient, text: str = TEXT) -> None:
    """Bring a card through all hands onto the site, as version 2."""
    begin(writer)
    save(writer, text, version=1)
    press(writer, "vraag", 2)
    assert press(reader, "publiceer", 2).status_code == 303


@dataclass(frozen=True)
class Redacteur:
    """A redacteur with a browser."""

    who: Visitor
    browser: FlaskClient


def redacteur(app: Flask, database: Database, name: str, gemeente_id: int) -> Redacteur:
    """Somebody new who is a redacteur."""
    with database.transaction() as session:
        who = add_person(session, name, gemeente_id, None, Role.REDACTEUR)
    return Redacteur(who, browser_of(app, who))


def versions(database: Database) -> int:
    with database.reading() as session:
        return len(session.execute(select(CARD_VERSION.c.number)).all())
