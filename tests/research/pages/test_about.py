"""The pages for whoever wants to know of the figures: open to all, and without a single figure."""

import json

from flask import Flask
from sqlalchemy import delete, update

from kopkrakers.base.db import Database
from kopkrakers.privacy.columns import TABLES
from kopkrakers.research.models import ReleasePart
from kopkrakers.research.release import releases
from kopkrakers.research.release.releases import Release
from tests.support.pages import words

ABOUT = "/onderzoek/over"
LANDING = "/onderzoek/uitgaven/1"


def page_of(app: Flask, address: str) -> str:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    return words(answer)


def test_before_a_release_it_says_what_there_will_be(app: Flask) -> None:
    page = page_of(app, ABOUT)
    assert "Er is nog geen uitgave." in page
    assert "Hoe vraag je de cijfers?" in page
    for spec in TABLES:
        assert spec.title in page


def test_it_says_how_to_refer_to_the_newest_and_where_it_is(app: Flask, released: Release) -> None:
    assert released.identity is not None
    page = page_of(app, ABOUT)
    assert released.identity.citation in page
    assert "Uitgave 1, november 2026" in page
    assert "Probeer" not in page
    assert "Je probeert niemand te herleiden" in page
    assert "pooled_by_consideration" in page


def test_a_reference_leads_to_a_page_that_everybody_can_read(app: Flask, released: Release) -> None:
    assert released.identity is not None
    assert released.identity.page == f"https://kopkrakers.example{LANDING}"
    page = page_of(app, LANDING)
    for told in (released.sha256, released.identity.urn, released.identity.citation):
        assert told in page
    assert "Gemeente Zaanstad" in page
    schema = app.test_client().get(f"{LANDING}/schema.jsonld")
    assert schema.mimetype == "application/ld+json"
    assert schema.get_json(force=True)["@id"] == released.identity.urn


def test_no_figure_stands_in_them(app: Flask, released: Release, database: Database) -> None:
    addresses = (ABOUT, LANDING, f"{LANDING}/schema.jsonld")
    before = [page_of(app, address) for address in addresses]
    overview = [{**one, "total": 9, "options": []} for one in released.about["overview"]]
    about = {**released.about, "overview": overview}
    with database.transaction() as session:
        session.execute(delete(ReleasePart))
        session.execute(update(releases.RELEASE).values(tables=json.dumps(about)))
    assert [page_of(app, address) for address in addresses] == before


def test_a_release_of_before_has_a_page_as_well(
    app: Flask, released: Release, database: Database
) -> None:
    about = {**released.about, "tables": {"choice": released.about["tables"]["choice"]}}
    del about["identity"]
    with database.transaction() as session:
        session.execute(update(releases.RELEASE).values(tables=json.dumps(about)))
    page = page_of(app, LANDING)
    assert released.sha256 in page
    assert "choice" in page and "choice_by_consideration" not in page
    assert page_of(app, ABOUT)
    assert app.test_client().get(f"{LANDING}/schema.jsonld").get_json(force=True) == {}


def test_a_release_that_is_not_there_is_said(app: Flask) -> None:
    answer = app.test_client().get("/onderzoek/uitgaven/7")
    assert answer.status_code == 404
    assert "Er is geen uitgave 7." in words(answer)
