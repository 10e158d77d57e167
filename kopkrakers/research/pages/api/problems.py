"""Errors of the API as `application/problem+json`, with the same sentences as the pages."""

import json

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, InternalServerError

from kopkrakers.base.db import UNREACHABLE
from kopkrakers.base.errors import KopkrakersError, WrongInput
from kopkrakers.web.errors import WORDS
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.logs import log_fault

PROBLEM = "application/problem+json"
TITLES = {
    400: "Er klopt iets niet",
    401: "Geen sleutel",
    405: "Alleen lezen",
    406: "Deze vorm is er niet",
}
"""Beside those of the pages."""


def install(blueprint: Blueprint) -> None:
    """Answer every refusal in this blueprint with a problem, never with a page.

    A wrong question is 400 here, as the Dutch API Design Rules have it; pages answer 422.
    """
    blueprint.register_error_handler(
        KopkrakersError, lambda error: problem(error.status, error.sentence)
    )
    blueprint.register_error_handler(WrongInput, lambda error: problem(400, error.sentence))
    blueprint.register_error_handler(HTTPException, lambda error: problem(error.code or 500))
    blueprint.register_error_handler(InternalServerError, _unexpected)
    for error in UNREACHABLE:
        blueprint.register_error_handler(error, _unreachable)


def problem(status: int, sentence: str | None = None) -> Response:
    """Return a problem as RFC 9457 describes it."""
    if status >= 500:
        usual = WORDS[500]
    else:
        usual = WORDS[400]
    words = WORDS.get(status, usual)
    title = TITLES.get(status, words.title)
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": sentence or words.sentence,
    }
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=PROBLEM)
    response.headers["Cache-Control"] = UNCOMPRESSED
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="onderzoek"'
    if status == 405:
        response.headers["Allow"] = "GET, HEAD, OPTIONS"
    return response


def _unreachable(error: Exception) -> Response:
    log_fault(error, number=None)
    return problem(503)


def _unexpected(error: InternalServerError) -> Response:
    log_fault(error.original_exception or error, number=None)
    return problem(500)
