"""The inbox: for redacteuren alone, one has a case at a time, and the sender hears by the code."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import USER_ROLE, Role
from kopkrakers.accounts.service import remove_person
from kopkrakers.accounts.trail.chain import broken_at
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.app import on_removal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.desk.sending.models import SENT_CASE
from tests.desk.editing import SLUG, TEXT, Redacteur, published_card
from tests.desk.sending_in import FIELDS, code_in, follow, hidden_of, send
from tests.support.clock import StoppedClock
from tests.support.world import ROW_KEYS, World, browser_of


@pytest.fixture
def code(anna: FlaskClient, theme: str) -> str:
    """A case was sent in; its code."""
    return code_in(send(anna, thema=theme))


@pytest.fixture
def case(code: str, database: Database) -> str:
    """The address of the case."""
    with database.reading() as session:
        return f"/redactie/ingezonden/{session.execute(select(SENT_CASE.c.code_hash)).scalar_one()}"


def press(browser: FlaskClient, case: str, what: str, **fields: str) -> TestResponse:
    return browser.post(f"{case}/{what}", data=hidden_of(browser.get(case).text) | fields)


def test_what_was_sent_lies_in_the_inbox(esra: Redacteur, case: str) -> None:
    page = esra.browser.get("/redactie").text
    assert "Een man slaapt steeds ergens anders." in page and "niemand is ermee bezig" in page
    whole = esra.browser.get(case).text
    assert FIELDS["lastig"] in whole and "zonder naam" in whole and "Anna" not in whole


def test_a_name_that_the_sender_gave_stands_there(
    anna: FlaskClient, theme: str, esra: Redacteur, database: Database
) -> None:
    send(anna, thema=theme, met_naam="ja", met_gemeente="ja")
    with database.reading() as session:
        key = session.execute(select(SENT_CASE.c.code_hash)).scalar_one()
    assert "Anna, Zaanstad" in esra.browser.get(f"/redactie/ingezonden/{key}").text


@pytest.mark.parametrize("what", ["", "/oppakken", "/antwoord", "/niet-plaatsen"])
def test_only_redacteuren_come_here(app: Flask, world: World, case: str, what: str) -> None:
    method = "post" if what else "get"
    for visitor in (world.anna, world.gerda, world.chris, world.dewi, world.farid):
        browser = browser_of(app, visitor)
        data = hidden_of(browser.get("/account").text) or None
        assert browser.open(case + what, method=method, data=data).status_code in (400, 403)
        assert browser.get("/redactie").status_code == 403
    assert app.test_client().open(case + what, method=method).status_code == 302


def test_a_role_that_somebody_wrote_by_sql_opens_nothing(
    app: Flask, world: World, database: Database
) -> None:
    with database.transaction() as session:
        row = {"user_id": world.anna.id, "role": Role.REDACTEUR}
        session.execute(insert(USER_ROLE), row)
    assert browser_of(app, world.anna).get("/redactie").status_code != 200


def test_a_redacteur_takes_it_answers_and_the_sender_reads_it(
    app: Flask, esra: Redacteur, case: str, code: str
) -> None:
    assert press(esra.browser, case, "oppakken", had="").status_code == 303
    assert "in bewerking" in follow(app.test_client(), code).text
    assert press(esra.browser, case, "antwoord", tekst="Mooi verhaal.").status_code == 303
    assert "Mooi verhaal." in follow(app.test_client(), code).text


def test_declining_needs_a_reason_that_the_sender_reads(
    app: Flask, esra: Redacteur, case: str, code: str
) -> None:
    press(esra.browser, case, "oppakken", had="")
    empty = press(esra.browser, case, "niet-plaatsen", tekst=" ")
    assert empty.status_code == 422 and "Schrijf waarom. De inzender leest het." in empty.text
    assert press(esra.browser, case, "niet-plaatsen", tekst="Deze is er al.").status_code == 303
    page = follow(app.test_client(), code).text
    assert "niet geplaatst" in page and "Deze is er al." in page


def test_of_two_who_take_it_at_once_one_has_it(esra: Redacteur, guus: Redacteur, case: str) -> None:
    form = hidden_of(guus.browser.get(case).text)
    press(esra.browser, case, "oppakken", had="")
    late = guus.browser.post(f"{case}/oppakken", data=form | {"had": ""})
    assert late.status_code == 409 and "Een andere redacteur heeft dit verhaal" in late.text
    assert "Esra is ermee bezig" in late.text


def test_another_takes_it_over_knowing_from_whom_and_no_words_are_lost(
    esra: Redacteur, guus: Redacteur, case: str
) -> None:
    press(esra.browser, case, "oppakken", had="")
    form = hidden_of(esra.browser.get(case).text)
    assert press(guus.browser, case, "oppakken", had=str(esra.who.id)).status_code == 303
    late = esra.browser.post(f"{case}/antwoord", data=form | {"tekst": "Mijn lange antwoord."})
    assert late.status_code == 409 and "Guus is ermee bezig" in late.text
    assert "Mijn lange antwoord." in late.text and "Neem het over" in late.text


def test_a_redacteur_who_leaves_leaves_it_for_another(
    esra: Redacteur, guus: Redacteur, case: str, database: Database, settings: Settings
) -> None:
    press(esra.browser, case, "oppakken", had="")
    with database.transaction() as session:
        remove_person(session, esra.who.id, on_removal(settings), ROW_KEYS)
    assert "niemand is ermee bezig" in guus.browser.get(case).text
    assert press(guus.browser, case, "oppakken", had="").status_code == 303


def test_the_trail_tells_redacteuren_who_did_what_and_nothing_of_the_sender(
    app: Flask, world: World, esra: Redacteur, guus: Redacteur, case: str, database: Database
) -> None:
    press(esra.browser, case, "oppakken", had="")
    press(esra.browser, case, "niet-plaatsen", tekst="Deze is er al.")
    page = guus.browser.get("/redactie/handelingen").text
    assert "pakte een ingezonden verhaal op" in page and "Esra" in page
    with database.reading() as session:
        rows = session.execute(select(BEHEER_ACTION)).all()
        assert broken_at(session, ROW_KEYS) is None
    assert [(row.person_id, row.detail) for row in rows] == [(None, ""), (None, "")]
    beheer = browser_of(app, world.farid).get("/beheer/handelingen").text
    assert "verhaal" not in beheer


def test_who_changes_the_trail_of_the_desk_is_seen(
    esra: Redacteur, case: str, guus: Redacteur, database: Database
) -> None:
    press(esra.browser, case, "oppakken", had="")
    with database.transaction() as session:
        session.execute(update(BEHEER_ACTION).values(actor_id=guus.who.id))
        assert broken_at(session, ROW_KEYS) == 1


def test_a_case_that_is_gone_says_so(esra: Redacteur, case: str, database: Database) -> None:
    form = hidden_of(esra.browser.get(case).text)
    with database.transaction() as session:
        session.execute(delete(SENT_CASE))
    assert esra.browser.post(f"{case}/oppakken", data=form).status_code == 404
    assert "Dit verhaal is er niet" in esra.browser.get(case).text


def test_a_card_whose_facts_must_soon_be_checked_stands_in_the_inbox(
    app: Flask, esra: Redacteur, guus: Redacteur, clock: StoppedClock
) -> None:
    day = app.extensions["kopkrakers"].today() + timedelta(days=30)
    text = TEXT.replace("editie: 1\n", f"editie: 1\ncontroleren_voor: {day}\n")
    published_card(esra.browser, guus.browser, text)
    app.extensions["kopkrakers"].library._reread_at = 0
    link = f'href="/redactie/kaarten/{SLUG}"'
    assert link not in guus.browser.get("/redactie").text
    clock.move(days=10)
    page = guus.browser.get("/redactie").text
    assert link in page and "Feiten nakijken voor" in page
    clock.move(days=25)
    # the session of before has ended meanwhile
    assert "Feiten nakijken sinds" in browser_of(app, guus.who).get("/redactie").text


@pytest.mark.parametrize(("what", "field"), [("antwoord", "antwoord"), ("niet-plaatsen", "reden")])
def test_words_that_are_missing_are_asked_for_where_the_page_begins_to_be_read(
    esra: Redacteur, case: str, what: str, field: str
) -> None:
    """The field stands two screens down on a phone: the focus goes to what leads there."""
    press(esra.browser, case, "oppakken", had="")
    answer = press(esra.browser, case, what, tekst="")
    assert answer.status_code == 422
    assert answer.text.count("data-focus") == 1 and f'<a href="#{field}">' in answer.text
