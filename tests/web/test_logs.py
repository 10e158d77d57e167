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


def test_only_faults_are_logged_when_that_is_asked(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings.model_copy(update={"log_level": "error"}))
    app.test_client().get("/gezond")
    assert capsys.readouterr().err == ""


def test_nothing_new_brings_no_line(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    client = app.test_client()
    tag = client.get("/static/icon.svg").headers["ETag"]
    capsys.readouterr()
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
        "/nergens/geheim",
    ):
        anna.get(address, headers=headers)
    logged = capsys.readouterr().err
    assert len(logged.splitlines()) >= 5
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


def test_the_line_is_the_same_whatever_was_sent(
    faulty: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty.config["WTF_CSRF_ENABLED"] = False
    seen = []
    for option in ("a", "b", "x" * 500):
        faulty.test_client().post("/post", data={"optie": option})
        (line,) = lines(capsys)
        seen.append(
            {name: value for name, value in line.items() if name not in ("ms", "timestamp")}
        )
    assert seen[0] == seen[1] == seen[2]


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
