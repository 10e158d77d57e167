"""Telling the redactie that a card is not right: into its inbox, and without who unless chosen."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Rhythm
from kopkrakers.accounts.service import remove_person
from kopkrakers.app import on_removal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import edition_of_day
from kopkrakers.desk.sending.models import CARD_REPORT
from kopkrakers.desk.sending.reports import forget_old_reports
from kopkrakers.desk.sending.service import CASE_WEEKS
from tests.desk.editing import Redacteur, token_of
from tests.desk.sending_in import everything, hidden_of
from tests.support.cards import tick
from tests.support.mailbox import Mailbox, mail_server, with_mail
from tests.support.world import ROW_KEYS, World, browser_of

KEPT = {
    *("id", "week", "slug", "edition", "part", "text", "marks", "sender_id", "gemeente"),
    *("taken_by", "done"),
}
"""All that there can be of a report."""
FIELDS = {"onderdeel": "wet-1", "uitleg": "Lid 1 is nu lid 2."}


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    """With mail and a redactie, so that a mail could go."""
    with mail_server(mailbox) as port:
        yield with_mail(settings, port, redactie_email="redactie@voorbeeld.nl")


@pytest.fixture
def slug(app: Flask, database: Database) -> str:
    """A published dilemma."""
    state = app.extensions["kopkrakers"]
    tick(database, state.library, state.today())
    with database.reading() as session:
        edition = edition_of_day(session, state.today(), Rhythm.DAILY)
    assert edition is not None
    return edition.dilemma


def rows(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(select(CARD_REPORT)))


def tell(client: FlaskClient, slug: str, **fields: str) -> TestResponse:
    address = f"/dilemma/{slug}/klopt-niet"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert token is not None
    return client.post(address, data={"csrf_token": token[1]} | FIELDS | fields)


@pytest.fixture
def told(anna: FlaskClient, slug: str, database: Database) -> str:
    """Something was told without a name; its address at the desk."""
    assert tell(anna, slug).status_code == 303
    return f"/redactie/meldingen/{rows(database)[0].id}"


def press(browser: FlaskClient, told: str, what: str, **fields: str) -> TestResponse:
    return browser.post(f"{told}/{what}", data=token_of(browser) | fields)


def test_it_arrives_in_the_inbox_with_the_part_of_the_card(
    anna: FlaskClient, slug: str, esra: Redacteur, database: Database
) -> None:
    answer = tell(anna, slug)
    assert (answer.status_code, answer.location) == (303, f"/dilemma/{slug}")
    assert FIELDS["uitleg"] in esra.browser.get("/redactie").text
    page = esra.browser.get(f"/redactie/meldingen/{rows(database)[0].id}").text
    assert "Wet en regels, nummer 1" in page and "De wet bij " in page
    assert "zonder naam" in page and "Anna" not in page and "anna@" not in page


def test_without_a_name_nothing_anywhere_leads_to_who_told_it(
    app: Flask,
    world: World,
    slug: str,
    database: Database,
    mailbox: Mailbox,
    capfd: pytest.CaptureFixture[str],
) -> None:
    address = f"/dilemma/{slug}/klopt-niet"
    clients = [browser_of(app, who) for who in (world.anna, world.chris)]
    # both were here before, so that what a visit itself leaves is there already
    forms = [hidden_of(client.get(address).text) for client in clients]
    before = everything(database)
    capfd.readouterr()
    for client, form in zip(clients, forms, strict=True):
        assert client.post(address, data=form | FIELDS).status_code == 303
    after = everything(database)
    assert {name for name, found in after.items() if found != before[name]} == {"card_report"}
    for row in rows(database):
        assert set(row._mapping) == KEPT
        assert row.sender_id is row.gemeente is row.taken_by is None
        assert row.week.weekday() == 0
    log = capfd.readouterr()
    assert log.out == log.err == ""
    assert mailbox.is_empty()


def test_a_name_stands_there_only_when_it_was_ticked_and_then_to_answer_to(
    anna: FlaskClient, slug: str, esra: Redacteur, database: Database, world: World
) -> None:
    tell(anna, slug, met_naam="ja")
    (row,) = rows(database)
    assert (row.sender_id, row.gemeente) == (world.anna.id, "Zaanstad")
    page = esra.browser.get(f"/redactie/meldingen/{row.id}").text
    assert "Anna, Zaanstad" in page and "mailto:anna@voorbeeld.nl" in page


def test_who_leaves_is_taken_from_what_they_told(
    anna: FlaskClient, slug: str, database: Database, world: World, settings: Settings
) -> None:
    tell(anna, slug, met_naam="ja")
    with database.transaction() as session:
        remove_person(session, world.anna.id, on_removal(settings), ROW_KEYS)
    (row,) = rows(database)
    assert (row.sender_id, row.gemeente, row.text) == (None, None, FIELDS["uitleg"])


def test_what_may_point_at_a_person_asks_once(
    anna: FlaskClient, slug: str, database: Database
) -> None:
    words = "Mevrouw de Vries woont daar niet."
    asked = tell(anna, slug, uitleg=words)
    assert asked.status_code == 422 and "een naam" in asked.text
    assert f">{words}</textarea>" in asked.text and rows(database) == []
    assert tell(anna, slug, uitleg=words, gekeken="ja").status_code == 303
    assert "een naam" in rows(database)[0].marks


def test_of_two_who_take_it_at_once_one_has_it_and_another_takes_it_over(
    told: str, esra: Redacteur, guus: Redacteur
) -> None:
    assert press(esra.browser, told, "oppakken", had="").status_code == 303
    late = press(guus.browser, told, "oppakken", had="")
    assert late.status_code == 409 and "Een andere redacteur heeft deze melding" in late.text
    assert "Esra is ermee bezig" in late.text
    assert press(guus.browser, told, "oppakken", had=str(esra.who.id)).status_code == 303
    assert "Guus" in esra.browser.get("/redactie").text


def test_what_is_done_leaves_the_inbox_and_is_done_once(
    told: str, esra: Redacteur, guus: Redacteur
) -> None:
    assert press(esra.browser, told, "klaar").status_code == 303
    assert FIELDS["uitleg"] not in guus.browser.get("/redactie").text
    late = press(guus.browser, told, "klaar")
    assert late.status_code == 409 and "Deze melding was al klaar." in late.text
    # a wrong tap is taken back where it was made
    assert "Toch niet klaar" in esra.browser.get(told).text
    for _twice in range(2):
        assert press(esra.browser, told, "niet-klaar").status_code == 303
    assert FIELDS["uitleg"] in guus.browser.get("/redactie").text


def test_a_redacteur_who_leaves_leaves_it_for_another(
    told: str, esra: Redacteur, guus: Redacteur, database: Database, settings: Settings
) -> None:
    press(esra.browser, told, "oppakken", had="")
    with database.transaction() as session:
        remove_person(session, esra.who.id, on_removal(settings), ROW_KEYS)
    assert "niemand is ermee bezig" in guus.browser.get("/redactie").text
    assert press(guus.browser, told, "oppakken", had="").status_code == 303


def test_from_a_report_a_redacteur_takes_the_card_over(
    told: str, slug: str, esra: Redacteur
) -> None:
    page = esra.browser.get(told).text
    taken_over = re.search(rf'action="(/redactie/[^"]*{slug}[^"]*)"', page)
    assert taken_over is not None and "Neem de kaart over" in page
    esra.browser.post(taken_over[1], data=token_of(esra.browser))
    assert f'href="/redactie/kaarten/{slug}"' in esra.browser.get(told).text


@pytest.mark.parametrize("what", ["", "/oppakken", "/klaar", "/niet-klaar"])
def test_only_redacteuren_read_them(app: Flask, world: World, told: str, what: str) -> None:
    method = "post" if what else "get"
    for visitor in (world.anna, world.gerda, world.chris, world.farid):
        browser = browser_of(app, visitor)
        answer = browser.open(told + what, method=method, data=token_of(browser))
        assert answer.status_code == 403
    assert app.test_client().open(told + what, method=method).status_code == 302


def test_a_report_that_is_gone_says_so(told: str, esra: Redacteur, database: Database) -> None:
    with database.transaction() as session:
        forget_old_reports(session, rows(database)[0].week + timedelta(weeks=CASE_WEEKS + 1))
    assert esra.browser.get(told).status_code == 404
    assert press(esra.browser, told, "klaar").status_code == 404


def test_after_half_a_year_it_is_gone(told: str, database: Database) -> None:
    week = rows(database)[0].week
    for weeks, left in ((CASE_WEEKS, 1), (CASE_WEEKS + 1, 0)):
        with database.transaction() as session:
            forget_old_reports(session, week + timedelta(weeks=weeks))
        assert len(rows(database)) == left


def test_the_form_shows_nothing_of_the_knowledge(anna: FlaskClient, slug: str) -> None:
    page = anna.get(f"/dilemma/{slug}/klopt-niet?onderdeel=onderzoek-1")
    assert page.status_code == 200
    assert '<option value="onderzoek-1" selected>Onderzoek, nummer 1</option>' in page.text
    for hidden in (
        "Kennis uit onderzoek",
        "De wet bij",
        "De cliënt bij",
        "Verzonnen",
        "Iedereen krijgt hetzelfde",
    ):
        assert hidden not in page.text


def test_someone_of_another_gemeente_can_tell_it_too(
    app: Flask, world: World, slug: str, database: Database
) -> None:
    answer = tell(browser_of(app, world.chris), slug, onderdeel="verhaal", uitleg="Dit kan niet.")
    assert answer.status_code == 303
    assert rows(database)[0].text == "Dit kan niet."


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_can(client: FlaskClient, slug: str, method: str) -> None:
    assert client.open(f"/dilemma/{slug}/klopt-niet", method=method).status_code == 302


@pytest.mark.parametrize("unknown", ["bestaat-niet", "EEN-PLEK", "a" * 200])
def test_an_unknown_dilemma_is_404(anna: FlaskClient, slug: str, unknown: str) -> None:
    assert anna.get(f"/dilemma/{unknown}/klopt-niet").status_code == 404


def test_a_dilemma_that_is_not_published_yet_is_404(
    app: Flask, anna: FlaskClient, slug: str
) -> None:
    other = next(other for other in app.extensions["kopkrakers"].library.cards() if other != slug)
    assert anna.get(f"/dilemma/{other}/klopt-niet").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"onderdeel": "wet-1", "uitleg": "  \x00 "}, "Schrijf op wat er niet klopt."),
        ({"onderdeel": "wet-9", "uitleg": "Fout."}, "Kies een onderdeel van deze kaart."),
        ({"onderdeel": "wet-1", "uitleg": "x" * 2001}, "Houd het bij 2.000."),
    ],
)
def test_wrong_input_gives_the_form_back_with_what_was_typed(
    anna: FlaskClient, slug: str, fields: dict[str, str], sentence: str, database: Database
) -> None:
    answer = tell(anna, slug, **fields)
    assert (answer.status_code, rows(database)) == (422, [])
    assert sentence in answer.text
    assert f">{fields['uitleg'].strip(chr(0) + ' ')}</textarea>" in answer.text


def test_a_whole_document_as_a_report_comes_back(anna: FlaskClient, slug: str) -> None:
    document = "Ünïcode " * 8750
    answer = tell(anna, slug, uitleg=document)
    assert answer.status_code == 422 and document.strip() in answer.text


def test_a_report_keeps_its_lines_and_loses_what_is_invisible(
    anna: FlaskClient, slug: str, database: Database
) -> None:
    pasted = "Samen\u00adwerking\u200b\r\nklant\u2060manager 👩\u200d⚕️\u202e"
    assert tell(anna, slug, uitleg=pasted).status_code == 303
    assert rows(database)[0].text == "Samenwerking\nklantmanager 👩\u200d⚕️"


def test_a_stale_page_asks_again_and_loses_nothing(anna: FlaskClient, slug: str) -> None:
    answer = anna.post(f"/dilemma/{slug}/klopt-niet", data=FIELDS | {"csrf_token": "oud"})
    assert answer.status_code == 422
    assert f">{FIELDS['uitleg']}</textarea>" in answer.text
    assert '<option value="wet-1" selected>' in answer.text


def test_html_and_scripts_are_text(
    anna: FlaskClient, slug: str, esra: Redacteur, database: Database
) -> None:
    tell(anna, slug, uitleg="<script>alert(1)</script>")
    page = esra.browser.get(f"/redactie/meldingen/{rows(database)[0].id}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_a_tenth_in_an_hour_goes_and_the_next_waits(
    anna: FlaskClient, slug: str, database: Database
) -> None:
    answers = [tell(anna, slug, uitleg="Nog iets.") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    last = answers[10].text
    assert "Nog iets.</textarea>" in last and 'value="wet-1" selected' in last
    assert len(rows(database)) == 10
