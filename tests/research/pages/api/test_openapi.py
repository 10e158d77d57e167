"""The description kept by hand agrees with the app; a machine tries everything it allows."""

import json
import re
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kopkrakers.base.db import Database
from kopkrakers.privacy.columns import TABLES
from kopkrakers.research.identity import AGREEMENT
from kopkrakers.research.pages.api import guard
from kopkrakers.research.pages.api.description import DESCRIPTION, VERSION
from kopkrakers.research.release.releases import Release
from tests.research.pages.api.asking import key_of
from tests.support.world import World

DESCRIBED = json.loads(DESCRIPTION.read_text())

# the document cannot say which dilemmas and themes a release holds: others are answered with 400
FREE_TEXT = "getTable"


def test_the_description_is_valid() -> None:
    validate(DESCRIBED)
    assert DESCRIBED["info"]["version"] == VERSION


def test_every_route_is_described_and_nothing_else(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    found = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix("/api/v1")) or "/" for rule in rules
    }
    assert found == set(DESCRIBED["paths"])


def test_every_refusal_that_can_come_is_described() -> None:
    for path, item in DESCRIBED["paths"].items():
        told = set(item["get"]["responses"])
        if "security" in item["get"]:
            assert told == {"200", "304", "406"}, path
        elif "/files/" in path:
            # a file has one form, whatever was asked
            assert told == {"200", "304", "400", "401", "403", "404", "429", "503"}, path
        else:
            assert {"200", "304", "400", "401", "406", "429", "503"} <= told, path


def test_the_terms_are_those_of_the_data_and_not_of_the_program() -> None:
    assert DESCRIBED["info"]["license"] == {"name": AGREEMENT}


def test_the_tables_are_those_of_the_dataset() -> None:
    parameters = DESCRIBED["paths"]["/releases/{number}/tables/{table}"]["get"]["parameters"]
    [table] = [one for one in parameters if one.get("name") == "table"]
    assert table["schema"]["enum"] == [spec.id for spec in TABLES]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_machine_that_tries_everything_finds_nothing(
    app: Flask, released: Release, database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "A_MINUTE", 10**6)
    key = key_of(database, world)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)
        try_everything(operation.ok(), key)


def try_everything(endpoint: APIOperation[Any, Any, Any, Any], key: str) -> None:
    """Ask an endpoint whatever its description allows and forbids; hold the answers against it."""
    excluded: list[CheckFunction] = []
    if endpoint.definition.raw["operationId"] == FREE_TEXT:
        excluded.append(positive_data_acceptance)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=endpoint.as_strategy())
    def try_it(case: schemathesis.Case[Any]) -> None:
        # it reads what came without unpacking it
        headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    try_it()
