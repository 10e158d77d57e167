"""The description as a server gives it, held against the Dutch API Design Rules.

Of the rules that a description can break, as https://logius-standaarden.github.io/API-Design-Rules/
words them; the names are those of its rules.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from kopkrakers.research.identity import Origin, origin_of
from kopkrakers.research.pages.api.description import VERSION, description
from tests.research.small import ORIGIN

SERVED = description(ORIGIN)
METHODS = {"get", "put", "post", "delete", "patch"}
SEMVER = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in SERVED["paths"].items():
        assert set(item) <= METHODS, path
        for operation in item.values():
            yield path, operation


def resolved(thing: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in thing:
        return thing
    found: Any = SERVED
    for part in thing["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def test_doc_openapi_contact() -> None:
    assert SERVED["info"]["contact"] == {
        "name": "Gemeente Zaanstad",
        "url": "https://kopkrakers.example/onderzoek",
        "email": "data@zaanstad.example",
    }


def test_no_contact_is_made_up_where_nobody_reads_mail() -> None:
    origin = Origin("https://kopkrakers.example", "Zaanstad", "https://zaanstad.example/contact")
    assert "email" not in description(origin)["info"]["contact"]


def test_uri_version_and_transport() -> None:
    [server] = SERVED["servers"]
    assert server["url"] == "https://kopkrakers.example/api/v1"


def test_semver() -> None:
    assert re.fullmatch(SEMVER, SERVED["info"]["version"])
    assert SERVED["info"]["version"] == VERSION


def test_no_trailing_slash_and_kebab_case() -> None:
    for path in SERVED["paths"]:
        if path not in ("/", "/openapi.json"):
            assert re.fullmatch(r"(/([a-z0-9-]+|\{[a-zA-Z]+\}))+", path), path


def test_query_keys_camel_case() -> None:
    for path, operation in operations():
        for parameter in map(resolved, operation.get("parameters", [])):
            if parameter["in"] == "query":
                assert re.fullmatch("[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", parameter["name"]), path


def test_every_operation_is_described_in_words() -> None:
    for path, operation in operations():
        assert operation["description"].endswith("."), path
        assert operation["summary"], path


def test_version_header() -> None:
    for path, operation in operations():
        for status, response in operation["responses"].items():
            assert "API-Version" in resolved(response)["headers"], (path, status)


def test_problem_details() -> None:
    for path, operation in operations():
        for status, response in operation["responses"].items():
            if status >= "400":
                [(kind, content)] = resolved(response)["content"].items()
                assert kind == "application/problem+json", path
                schema = resolved(content["schema"])
                assert set(schema["properties"]) == {"type", "title", "status", "detail"}


def test_invalid_input() -> None:
    for path, operation in operations():
        if operation.get("parameters"):
            assert "400" in operation["responses"], path


def test_publish_openapi(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_json() == description(origin_of(app.extensions["kopkrakers"].settings))


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/releases", "/api/v1/nietes"])
def test_security_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Content-Type"].split(";")[0] in ("application/json", "application/problem+json")
