"""Sending in a case as a browser does, for the tests of the desk."""

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from kopkrakers.base.db import Database

FIELDS = {
    "gebeurde": "Een man slaapt steeds ergens anders.\nMorgen moet ik beslissen.",
    "kon": "De aanvraag stoppen. Hem een week geven.",
    "lastig": "De regels vragen een plek om te wonen.",
    "thema": "Maatwerk",
}
HIDDEN = re.compile(r'<input type="hidden"\s+name="(\w+)" value="([^"]*)">')


def hidden_of(page: str) -> dict[str, str]:
    """The hidden fields of the form of a page."""
    main = page[page.index("<main") :]
    return {name: unescape(value) for name, value in HIDDEN.findall(main)}


def send(client: FlaskClient, **fields: str) -> TestResponse:
    """Open the form and send it."""
    hidden = hidden_of(client.get("/inzenden").text)
    return client.post("/inzenden", data=hidden | FIELDS | fields)


def code_in(answer: TestResponse) -> str:
    """The code on the page of thanks."""
    found = re.search(r"<strong>((?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4})</strong>", answer.text)
    assert found is not None, answer.text
    return found[1]


def follow(client: FlaskClient, code: str) -> TestResponse:
    """Ask with a code what became of a case."""
    hidden = hidden_of(client.get("/inzenden/volgen").text)
    return client.post("/inzenden/volgen", data=hidden | {"code": code})


def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    found = {}
    with database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            found[table.name] = sorted(repr(tuple(row)) for row in session.execute(select(table)))
    return found
