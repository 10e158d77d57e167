"""Sending in a case: its marks, its code, its limits, and nothing that leads to who did."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kopkrakers.accounts.service import remove_person
from kopkrakers.app import on_removal
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.desk.sending.codes import code_hash_of, code_of, new_nonce
from kopkrakers.desk.sending.marks import marks_in
from kopkrakers.desk.sending.models import SENT_CASE
from kopkrakers.desk.sending.service import CASE_WEEKS, forget_old_cases
from tests.desk.sending_in import FIELDS, code_in, everything, follow, hidden_of, send
from tests.support.clock import StoppedClock
from tests.support.mailbox import Mailbox, mail_server, with_mail
from tests.support.world import ROW_KEYS, World, browser_of

KEPT = (
    *("code_hash", "week", "happened", "ways", "hard", "theme", "marks", "sender_id"),
    *("gemeente", "state", "taken_by", "answer", "slug"),
)
"""All that there can be of a case."""


@pytest.fixture
def settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    """With mail and a redactie, so that a mail could go."""
    with mail_server(mailbox) as port:
        yield with_mail(settings, port, redactie_email="redactie@voorbeeld.nl")


def rows(database: Database) -> list[Any]:
    with database.reading() as session:
        return list(session.execute(select(SENT_CASE)))


def test_a_case_arrives_and_its_code_tells_so(
    app: Flask, anna: FlaskClient, theme: str, database: Database
) -> None:
    answer = send(anna, thema=theme)
    assert answer.status_code == 200 and "Je verhaal is binnen" in answer.text
    (row,) = rows(database)
    assert (row.happened, row.theme) == (FIELDS["gebeurde"], theme)
    page = follow(app.test_client(), code_in(answer))
    assert page.status_code == 200 and "Je verhaal is ontvangen" in page.text


def test_the_code_may_be_typed_with_small_letters_and_spaces(
    app: Flask, anna: FlaskClient, theme: str
) -> None:
    code = code_in(send(anna, thema=theme)).lower().replace("-", " ")
    assert follow(app.test_client(), f"  {code} ").status_code == 200


def test_without_a_name_nothing_anywhere_leads_to_the_sender(
    settings: Settings,
    app: Flask,
    world: World,
    theme: str,
    database: Database,
    mailbox: Mailbox,
    capfd: pytest.CaptureFixture[str],
    clock: StoppedClock,
) -> None:
    anna, chris = browser_of(app, world.anna), browser_of(app, world.chris)
    # both were here before, so that what a visit itself leaves is there already
    forms = [hidden_of(client.get("/inzenden").text) for client in (anna, chris)]
    before = everything(database)
    capfd.readouterr()
    answers = [
        client.post("/inzenden", data=form | FIELDS | {"thema": theme})
        for client, form in zip((anna, chris), forms, strict=True)
    ]
    after = everything(database)
    changed = {name for name, found in after.items() if found != before[name]}
    assert changed == {"sent_case"}
    for row in rows(database):
        kept = row._mapping
        assert row.sender_id is row.gemeente is row.taken_by is row.slug is None
        texts = [kept[name] for name in ("happened", "ways", "hard", "theme", "marks", "answer")]
        assert texts == [*list(FIELDS.values())[:3], theme, "", ""]
        assert set(kept) == {*KEPT}
        assert row.week.weekday() == 0
    log = capfd.readouterr()
    assert log.out == log.err == ""
    assert mailbox.is_empty()
    for answer in answers:
        assert not answer.headers.getlist("Set-Cookie")
    assert len(answers[0].data) == len(answers[1].data)


def test_no_key_and_no_row_give_a_code(
    app: Flask, anna: FlaskClient, theme: str, database: Database, world: World, settings: Settings
) -> None:
    """With the database and every key, what is known of a person makes no code."""
    code = code_in(send(anna, thema=theme)).replace("-", "")
    keys = keys_for(Use.DESK, settings)
    known = [str(world.anna.id), "anna@voorbeeld.nl", "Anna", FIELDS["gebeurde"], ""]
    for text in known:
        assert code_of(text, keys) != code
        assert sha256(text.encode()).hexdigest() != code_hash_of(code)
    assert code not in str(everything(database))


def test_codes_are_random_and_of_eighty_bits(settings: Settings) -> None:
    keys = keys_for(Use.DESK, settings)
    codes = {code_of(new_nonce(), keys) for _ in range(2000)}
    assert len(codes) == 2000
    letters = {letter for code in codes for letter in code}
    assert len(letters) == 32 and {len(code) for code in codes} == {16}
    # every place takes every letter: none of the 80 bits stands still
    for place in range(16):
        assert len({code[place] for code in codes}) == 32
    assert all(left[:8] != right[:8] for left, right in pairwise(sorted(codes)))


def test_the_page_cannot_choose_its_code(
    app: Flask, anna: FlaskClient, theme: str, database: Database
) -> None:
    hidden = hidden_of(anna.get("/inzenden").text)
    code_in(anna.post("/inzenden", data=hidden | FIELDS | {"thema": theme, "eenmalig": "AAAA"}))
    assert rows(database)[0].code_hash != code_hash_of("AAAA")


def test_a_form_sent_twice_is_one_case_with_the_last_words(
    anna: FlaskClient, theme: str, database: Database
) -> None:
    hidden = hidden_of(anna.get("/inzenden").text) | FIELDS | {"thema": theme}
    first = anna.post("/inzenden", data=hidden)
    second = anna.post("/inzenden", data=hidden | {"lastig": "Toch iets anders."})
    assert code_in(first) == code_in(second)
    assert [row.hard for row in rows(database)] == ["Toch iets anders."]


def test_a_name_and_a_gemeente_stand_there_only_when_they_were_ticked(
    anna: FlaskClient, theme: str, database: Database, world: World
) -> None:
    send(anna, thema=theme, met_naam="ja")
    send(anna, thema=theme, met_gemeente="ja")
    found = {(row.sender_id, row.gemeente) for row in rows(database)}
    assert found == {(world.anna.id, None), (None, "Zaanstad")}


def test_who_leaves_is_taken_from_what_they_sent(
    anna: FlaskClient, theme: str, database: Database, world: World, settings: Settings
) -> None:
    send(anna, thema=theme, met_naam="ja", met_gemeente="ja")
    with database.transaction() as session:
        remove_person(session, world.anna.id, on_removal(settings), ROW_KEYS)
    (row,) = rows(database)
    assert (row.sender_id, row.gemeente, row.hard) == (None, None, FIELDS["lastig"])


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("Zijn BSN is 111222333.", "een nummer dat een BSN kan zijn"),
        ("Zijn nummer is 111.222.333 zei hij.", "een nummer dat een BSN kan zijn"),
        ("Bram zei dat het mocht.", "de naam van een collega"),
        ("Zij woont aan de Dorpsstraat 12.", "een adres"),
        ("Zij woont op 1507 AB.", "een postcode"),
        ("Bel 06-12345678.", "een telefoonnummer"),
        ("Mail jan@voorbeeld.nl.", "een mailadres"),
        ("Het was op 12 maart 2024.", "een datum"),
        ("Mevrouw de Vries huilde.", "een naam"),
        ("Hij werkt bij Bakker Smit B.V. in de buurt.", "een bedrijf of instelling"),
        ("Stort op NL91 ABNA 0417 1643 00.", "een rekeningnummer"),
    ],
)
def test_what_may_point_at_a_person_asks_once(
    anna: FlaskClient, theme: str, database: Database, words: str, what: str
) -> None:
    hidden = hidden_of(anna.get("/inzenden").text) | FIELDS | {"thema": theme, "gebeurde": words}
    asked = anna.post("/inzenden", data=hidden)
    assert asked.status_code == 422 and what in asked.text
    assert f">{words}</textarea>" in asked.text and rows(database) == []
    sent = anna.post("/inzenden", data=hidden | {"gekeken": "ja"})
    assert sent.status_code == 200
    assert what in rows(database)[0].marks


@pytest.mark.parametrize(
    "name",
    [
        "mevrouw De Vries",
        "Meneer Van den Berg",
        "de heer J.P. Smit",
        "Mw. A. el Idrissi",
        "familie ’t Hart",
    ],
)
def test_the_whole_name_is_marked(name: str) -> None:
    """Whoever reads what to change changes no more than what is marked."""
    assert [(mark.text, mark.what) for mark in marks_in(f"Ik zag {name} niet.")] == [
        (name, "een naam")
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Hij kreeg 111222334 euro.",
        "Ik bram de boel bij elkaar.",
        "Na 14 dagen was er 1 brief en 2 mails.",
        "Op straat en op het plein was het koud.",
        "De gemeente mag artikel 18 lid 2 gebruiken.",
    ],
)
def test_ordinary_words_are_not_marked(
    anna: FlaskClient, theme: str, database: Database, words: str
) -> None:
    assert send(anna, thema=theme, gebeurde=words).status_code == 200


def test_a_name_of_another_gemeente_is_not_told(anna: FlaskClient, theme: str) -> None:
    """Marking must not tell who works somewhere else."""
    assert send(anna, thema=theme, gebeurde="Chris zei dat het mocht.").status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"gebeurde": " \x00 "}, "Schrijf op wat er gebeurde."),
        ({"kon": ""}, "Schrijf twee of drie dingen op die je kon doen."),
        ({"lastig": ""}, "Schrijf op wat het lastig maakte."),
        ({"thema": "Bestaat niet"}, "Kies een thema."),
        ({"gebeurde": "woord " * 151}, "Dit zijn 151 woorden. Houd het bij 150."),
        ({"gebeurde": "lang" * 1250}, "Dit zijn 5.000 tekens. Houd het bij 2.000."),
        ({"lastig": "Ünï\u00adcode\u201c " * 555}, "tekens. Houd het bij 2.000."),
    ],
)
def test_what_cannot_be_sent_says_why_and_loses_nothing(
    anna: FlaskClient, theme: str, database: Database, fields: dict[str, str], sentence: str
) -> None:
    answer = send(anna, **({"thema": theme, "kon": "Blijft staan."} | fields))
    assert answer.status_code == 422 and sentence in answer.text
    assert rows(database) == []
    if "kon" not in fields:
        assert ">Blijft staan.</textarea>" in answer.text


def test_html_and_scripts_are_text(anna: FlaskClient, theme: str, database: Database) -> None:
    code = "<script>alert(1)</script><b>vet</b>"
    send(anna, thema=theme, gebeurde=code)
    assert rows(database)[0].happened == code
    wrong = send(anna, thema="", gebeurde=code)
    assert "<script>alert" not in wrong.text and "&lt;script&gt;alert(1)" in wrong.text


def test_the_sixth_in_a_week_waits_and_its_words_stay(
    anna: FlaskClient, theme: str, database: Database, clock: StoppedClock
) -> None:
    for _ in range(5):
        assert send(anna, thema=theme).status_code == 200
    sixth = send(anna, thema=theme, kon="Nog iets.")
    assert sixth.status_code == 429 and "Je stuurde al 5 verhalen in een week" in sixth.text
    assert ">Nog iets.</textarea>" in sixth.text and " dagen weer" in sixth.text
    assert len(rows(database)) == 5


def test_a_stale_page_asks_again_and_loses_nothing(anna: FlaskClient, theme: str) -> None:
    answer = anna.post("/inzenden", data=FIELDS | {"thema": theme, "csrf_token": "oud"})
    assert answer.status_code == 422 and FIELDS["lastig"] in answer.text


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "x" * 5000, "\x00", "'; DROP"])
def test_an_unknown_code_says_so(app: Flask, world: World, code: str) -> None:
    answer = follow(app.test_client(), code)
    assert answer.status_code in (404, 422)
    assert ("code" in answer.text and "Deze code kennen we niet" in answer.text) or not code.strip(
        "\x00"
    )


def test_nobody_sends_without_signing_in(app: Flask, world: World) -> None:
    for method in ("get", "post"):
        assert app.test_client().open("/inzenden", method=method).status_code == 302


def test_after_half_a_year_a_case_is_gone(
    anna: FlaskClient, theme: str, database: Database, clock: StoppedClock
) -> None:
    send(anna, thema=theme)
    (row,) = rows(database)
    with database.transaction() as session:
        forget_old_cases(session, row.week + timedelta(weeks=CASE_WEEKS))
    assert len(rows(database)) == 1
    with database.transaction() as session:
        forget_old_cases(session, row.week + timedelta(weeks=CASE_WEEKS + 1))
    assert rows(database) == []
