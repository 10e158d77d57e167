"""Log lines are JSON and lead to nobody."""

import json
import logging

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kopkrakers.app import create_app
from kopkrakers.base import logs
from kopkrakers.base.config import Settings
from kopkrakers.web.logs import TAKING_PART, log_fault
from tests.support.pages import Site, give
from tests.support.refusals import CHOICE
from tests.support.world import World, browser_of


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_route(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    app.test_client().get("/privacy?zoek=geheim")
    (line,) = lines(capsys)
    assert {name: line[name] for name in ("event", "method", "route", "status", "level")} == {
        "event": "request",
        "method": "GET",
        "route": "/privacy",
        "status": 200,
        "level": "info",
    }


def test_a_morning_with_answers_has_the_same_lines_as_one_without(
    site: Site, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who reads every line, and its moment, beside a door pass: not even how many there were."""

    def morning(*, with_answers: bool) -> list[dict[str, object]]:
        site.app.test_client().get("/privacy")
        if with_answers:
            anna = site.browser(world.anna)
            anna.get("/")
            anna.get("/static/icon.svg")
            assert give(site, anna).status_code == 303
            anna.get(site.url("uitslag"))
            anna.post(site.url("terugnemen"))
            anna.get("/inloggen")
            anna.post(site.url("antwoord"), data={"optie": "bestaat niet"})
        site.app.test_client().get("/privacy")
        return [{**line, "ms": 0, "timestamp": ""} for line in lines(capsys)]

    capsys.readouterr()
    quiet = morning(with_answers=False)
    assert len(quiet) == 2
    assert morning(with_answers=True) == quiet


def test_a_fault_where_somebody_takes_part_names_no_route(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.test_request_context("/inloggen", method="POST"):
        log_fault(ValueError(CHOICE), number="7")
    assert f'"route": "{TAKING_PART}"' in capsys.readouterr().err


def test_only_faults_are_logged_when_that_is_asked(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings.model_copy(update={"log_level": "error"}))
    app.test_client().get("/gezond")
    assert capsys.readouterr().err == ""


def test_files_bring_no_line(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = app.test_client()
    tag = client.get("/static/icon.svg").headers["ETag"]
    client.get("/static/icon.svg", headers={"If-None-Match": tag})
    assert capsys.readouterr().err == ""


def test_no_line_holds_a_person_an_address_or_a_query(
    app: Flask, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = browser_of(app, world.anna)
    headers = {"User-Agent": "Toestel-van-Anna", "X-Forwarded-For": "203.0.113.7"}
    for address in (
        "/",
        "/account",
        "/archief?zoek=geheim",
        "/dilemma/geheim-dilemma",
        "/privacy?zoek=geheim",
        "/nergens/geheim",
    ):
        anna.get(address, headers=headers)
    logged = capsys.readouterr().err
    assert len(logged.splitlines()) == 2
    for secret in (
        "Anna",
        "anna",
        "geheim",
        "203.0.113",
        "127.0.0.1",
        "Zaanstad",
        f'"{world.anna.id}"',
    ):
        assert secret not in logged


def test_a_fault_is_described_without_its_words(app: Flask, world: World) -> None:
    database = app.extensions["kopkrakers"].database
    again = text("INSERT INTO gemeente (id, name) VALUES (:id, :name)")
    with pytest.raises(IntegrityError) as error, database.transaction() as session:
        session.connection().execute(again, {"id": 99, "name": "Zaanstad"})
    described = json.dumps(logs.describe(error.value))
    assert "IntegrityError" in described
    assert "Zaanstad" not in described


def test_lines_of_libraries_get_the_same_form() -> None:
    record = logging.LogRecord("granian", logging.ERROR, "x.py", 1, "worker %s ended", ("1",), None)
    try:
        raise ValueError(CHOICE)
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = logs.JsonFormatter().format(record)
    assert json.loads(line)["event"] == "worker 1 ended"
    assert json.loads(line)["fault"] == "ValueError"
    assert CHOICE not in line
