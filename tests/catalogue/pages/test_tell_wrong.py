"""Telling the redactie that something is not right."""

import re
from collections.abc import Iterator
from email.message import Message

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import Rhythm
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import edition_of_day
from tests.support.cards import tick
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox, mail_server, text_of, with_mail
from tests.support.world import World, browser_of

REDACTIE = "redactie@voorbeeld.nl"


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    with mail_server(mailbox) as port:
        yield with_mail(settings, port, redactie_email=REDACTIE)


@pytest.fixture
def slug(app: Flask, database: Database) -> str:
    """A published dilemma."""
    state = app.extensions["kopkrakers"]
    tick(database, state.library, state.today())
    with database.reading() as session:
        edition = edition_of_day(session, state.today(), Rhythm.DAILY)
    assert edition is not None
    return edition.dilemma


def words_of(mail: Message) -> str:
    return text_of(mail).replace("\r\n", "\n")


def send(client: FlaskClient, slug: str, **fields: str) -> TestResponse:
    address = f"/dilemma/{slug}/klopt-niet"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert token is not None
    return client.post(address, data={"csrf_token": token[1], **fields})


def test_the_redactie_gets_a_signed_mail_to_answer_to(
    app: Flask, world: World, slug: str, mailbox: Mailbox
) -> None:
    answer = send(browser_of(app, world.anna), slug, onderdeel="wet-1", uitleg="Lid 1 is nu lid 2.")
    assert (answer.status_code, answer.location) == (303, f"/dilemma/{slug}")
    to, mail = mailbox.arrived()
    assert mailbox.is_empty()
    text = words_of(mail)
    assert (to, mail["Reply-To"]) == ([REDACTIE], "anna@voorbeeld.nl")
    assert "Lid 1 is nu lid 2." in text
    assert "Anna, Zaanstad\nanna@voorbeeld.nl" in text
    assert "Wet en regels, nummer 1: De wet bij " in text


def test_the_form_shows_nothing_of_the_knowledge(app: Flask, world: World, slug: str) -> None:
    page = browser_of(app, world.anna).get(f"/dilemma/{slug}/klopt-niet?onderdeel=onderzoek-1")
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
    app: Flask, world: World, slug: str, mailbox: Mailbox
) -> None:
    assert (
        send(
            browser_of(app, world.chris), slug, onderdeel="verhaal", uitleg="Dit kan niet."
        ).status_code
        == 303
    )
    assert "Chris, Almere" in words_of(mailbox.arrived()[1])


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_can(client: FlaskClient, slug: str, method: str, mailbox: Mailbox) -> None:
    answer = client.open(f"/dilemma/{slug}/klopt-niet", method=method)
    assert (answer.status_code, mailbox.is_empty()) == (302, True)


@pytest.mark.parametrize("unknown", ["bestaat-niet", "EEN-PLEK", "a" * 200])
def test_an_unknown_dilemma_is_404(app: Flask, world: World, slug: str, unknown: str) -> None:
    assert browser_of(app, world.anna).get(f"/dilemma/{unknown}/klopt-niet").status_code == 404


def test_a_dilemma_that_is_not_published_yet_is_404(app: Flask, world: World, slug: str) -> None:
    other = next(other for other in app.extensions["kopkrakers"].library.cards() if other != slug)
    assert browser_of(app, world.anna).get(f"/dilemma/{other}/klopt-niet").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"onderdeel": "wet-1", "uitleg": "  \x00 "}, "Schrijf op wat er niet klopt."),
        ({"onderdeel": "wet-9", "uitleg": "Fout."}, "Kies een onderdeel van deze kaart."),
        ({"onderdeel": "wet-1", "uitleg": "x" * 2001}, "Houd het bij 2000 tekens."),
    ],
)
def test_wrong_input_gives_the_form_back_with_what_was_typed(
    app: Flask, world: World, slug: str, fields: dict[str, str], sentence: str, mailbox: Mailbox
) -> None:
    answer = send(browser_of(app, world.anna), slug, **fields)
    assert (answer.status_code, mailbox.is_empty()) == (422, True)
    assert sentence in answer.text
    assert f">{fields['uitleg'].strip(chr(0) + ' ')}</textarea>" in answer.text


def test_a_whole_document_as_a_complaint_comes_back(app: Flask, world: World, slug: str) -> None:
    document = "Ünïcode " * 8750
    answer = send(browser_of(app, world.anna), slug, uitleg=document)
    assert answer.status_code == 422 and document.strip() in answer.text


def test_a_complaint_keeps_its_lines_and_loses_what_is_invisible(
    app: Flask, world: World, slug: str, mailbox: Mailbox
) -> None:
    pasted = "Samen\u00adwerking\u200b\r\nklant\u2060manager 👩\u200d⚕️\u202e"
    assert send(browser_of(app, world.anna), slug, uitleg=pasted).status_code == 303
    assert "Samenwerking\nklantmanager 👩\u200d⚕️\n" in words_of(mailbox.arrived()[1])


def test_a_stale_page_asks_again_and_loses_nothing(app: Flask, world: World, slug: str) -> None:
    client = browser_of(app, world.anna)
    data = {"csrf_token": "oud", "onderdeel": "wet-1", "uitleg": "Lid 1 is nu lid 2."}
    answer = client.post(f"/dilemma/{slug}/klopt-niet", data=data)
    assert answer.status_code == 422
    assert ">Lid 1 is nu lid 2.</textarea>" in answer.text
    assert '<option value="wet-1" selected>' in answer.text


def test_line_ends_and_names_cannot_add_a_header(
    app: Flask, world: World, slug: str, mailbox: Mailbox
) -> None:
    send(
        browser_of(app, world.anna),
        slug,
        onderdeel="verhaal",
        uitleg="x\r\nBcc: iedereen@voorbeeld.nl\r\n\r\ny",
    )
    to, mail = mailbox.arrived()
    assert mailbox.is_empty()
    assert (to, mail["Bcc"]) == ([REDACTIE], None)


def test_a_tenth_mail_in_an_hour_goes_and_the_next_waits(
    app: Flask, world: World, slug: str, mailbox: Mailbox
) -> None:
    client = browser_of(app, world.anna)
    answers = [send(client, slug, onderdeel="wet-1", uitleg="Nog iets.") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert (
        "Nog iets.</textarea>" in answers[10].text and 'value="wet-1" selected' in answers[10].text
    )


def test_when_the_mail_does_not_go_the_form_comes_back(
    settings: Settings, clock: StoppedClock, world: World
) -> None:
    app = create_app(settings.model_copy(update={"smtp_port": 1}), clock=clock)
    state = app.extensions["kopkrakers"]
    tick(state.database, state.library, state.today())
    client = browser_of(app, world.anna)
    (dilemma,) = re.findall(r'"/dilemma/([\w-]+)/\d+/antwoord"', client.get("/").text)[:1]
    answer = send(client, dilemma, onderdeel="verhaal", uitleg="Dit kan niet.")
    assert answer.status_code == 503
    assert "De mail kon nu niet weg." in answer.text
    assert ">Dit kan niet.</textarea>" in answer.text


def test_without_an_address_of_the_redactie_the_page_says_whom_to_tell(
    settings: Settings, clock: StoppedClock, world: World, mailbox: Mailbox
) -> None:
    app = create_app(settings.model_copy(update={"redactie_email": None}), clock=clock)
    state = app.extensions["kopkrakers"]
    tick(state.database, state.library, state.today())
    client = browser_of(app, world.anna)
    (dilemma,) = re.findall(r'"/dilemma/([\w-]+)/\d+/antwoord"', client.get("/").text)[:1]
    page = client.get(f"/dilemma/{dilemma}/klopt-niet")
    assert "Vertel het aan de beheerder van je gemeente." in page.text
    assert "<textarea" not in page.text
