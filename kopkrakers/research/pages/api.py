"""`/api/v1`: releases for programs. Read-only, by key; the description is `openapi.json`, kept by hand."""

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kopkrakers.base.errors import NotAllowed, WrongInput
from kopkrakers.privacy.columns import TABLES
from kopkrakers.research.pages import problems, tokens, views
from kopkrakers.research.pages.problems import NoKey, NotAsked
from kopkrakers.research.pages.tokens import Scope
from kopkrakers.research.pages.views import shortened
from kopkrakers.research.release import describe, releases
from kopkrakers.research.release.files import csv_bytes
from kopkrakers.web import access
from kopkrakers.web.errors import answer_unrouted
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(blueprint)
VERSION = "1.0.0"
DESCRIPTION = Path(__file__).with_name("openapi.json")
A_MINUTE = 120
"""Requests per key and minute."""
RELEASE = "/releases/<number>"
CSV, JSON, MARKDOWN, ZIP = "text/csv", "application/json", "text/markdown", "application/zip"


def install(app: Flask) -> None:
    """Add the API; under /api nothing is ever answered with a page."""
    app.register_blueprint(blueprint)
    answer_unrouted(app, "/api/", _unrouted)


def with_key(
    scope: Scope, *asks: str
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Only for who sends a working key that opens this; counted per key. `asks`: what may stand after the `?`."""

    def around(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Response:
            _check_key(scope)
            _no_other_questions(*asks)
            if "number" in kwargs:
                kwargs["number"] = releases.number_in(kwargs["number"])
            return view(*args, **kwargs)

        return checked

    return around


def _check_key(scope: Scope) -> None:
    slow_down("api-address", request.remote_addr or "", at_most=20 * A_MINUTE, minutes=1)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NoKey(
            "Stuur je sleutel mee: Authorization: Bearer <sleutel>. Je maakt er een bij Onderzoek."
        )
    with state().database.reading() as session:
        bearer = tokens.bearer_of(session, token.strip(), state().today())
    if bearer is None:
        raise NoKey("Deze sleutel werkt niet (meer). Maak een nieuwe bij Onderzoek.")
    slow_down("api", str(bearer.token_id), at_most=A_MINUTE, minutes=1)
    if scope == Scope.DATASET and bearer.scope != Scope.DATASET:
        raise NotAllowed(
            "Deze sleutel opent alleen tabellen. Maak een sleutel voor de hele dataset."
        )


@blueprint.get("/openapi.json")
@access.public
def openapi() -> Response:
    """The description of this API, also for pages of other sites: it holds nothing of anyone."""
    response = _answer(DESCRIPTION.read_bytes(), JSON)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/releases")
@access.public
@with_key(Scope.TABLES)
def releases_() -> Response:
    """Every release, the newest first."""
    with state().database.reading() as session:
        return _json([_release(one) for one in releases.releases(session)])


@blueprint.get(RELEASE)
@access.public
@with_key(Scope.TABLES)
def release(number: int) -> Response:
    """One release."""
    with state().database.reading() as session:
        return _json(_release(releases.release(session, number)))


@blueprint.get(f"{RELEASE}/dataset")
@access.public
@with_key(Scope.DATASET)
def dataset(number: int) -> Response:
    """The whole dataset, the same bytes as the button and the command give."""
    _wanted(ZIP)
    with state().database.reading() as session:
        content = releases.zip_of(session, number)
    response = _answer(content, ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{releases.file_name(number)}"'
    return response


@blueprint.get(f"{RELEASE}/tables")
@access.public
@with_key(Scope.TABLES)
def tables(number: int) -> Response:
    """The tables of a release, with how many cells are protected."""
    with state().database.reading() as session:
        about = releases.release(session, number).about["tables"]
    return _json(
        [
            {"id": spec.id, "title": spec.title, "about": spec.about, **about[spec.id]}
            for spec in TABLES
        ]
    )


@blueprint.get(f"{RELEASE}/tables/<table>")
@access.public
@with_key(Scope.TABLES, "theme", "dilemma")
def table(number: int, table: str) -> Response:
    """One table, as JSON or CSV, of all dilemmas or some."""
    form = _wanted(JSON, CSV)
    with state().database.reading() as session:
        found = releases.release(session, number)
        spec = views.spec_of(table)
        if "dilemma" not in spec.names:
            _no_other_questions()
        chosen = views.chosen_dilemmas(
            found, request.args.getlist("theme"), request.args.getlist("dilemma")
        )
        rows = views.rows_of(session, found, spec, chosen)
    if form == CSV:
        return _answer(csv_bytes(spec, rows), CSV)
    return _json(
        {
            "release": number,
            "month": found.name.month,
            "table": spec.id,
            "rows": [dict(zip(spec.names, row, strict=True)) for row in rows],
        }
    )


@blueprint.get(f"{RELEASE}/dilemmas")
@access.public
@with_key(Scope.TABLES)
def dilemmas(number: int) -> Response:
    """The dilemmas of a release, each edition apart."""
    with state().database.reading() as session:
        known = views.known_dilemmas(releases.release(session, number))
    return _json(
        [
            {
                "dilemma": one.dilemma,
                "edition": one.edition,
                "title": one.title,
                "theme": one.theme,
                "answers": one.total,
            }
            for one in known
        ]
    )


@blueprint.get(f"{RELEASE}/codebook")
@access.public
@with_key(Scope.TABLES)
def codebook(number: int) -> Response:
    """What every column means: as Table Schema, or to read."""
    form = _wanted(JSON, MARKDOWN)
    with state().database.reading() as session:
        name = releases.release(session, number).name
    if form == MARKDOWN:
        return _answer(describe.codebook(name, TABLES).encode(), MARKDOWN)
    return _json({spec.id: describe.schema_of(spec) for spec in TABLES})


@blueprint.after_request
def _add_version(response: Response) -> Response:
    response.headers["API-Version"] = VERSION
    return response


def _unrouted(error: HTTPException) -> Response:
    """The problem for an address under /api that does not exist, or a method that does not read."""
    if isinstance(error, MethodNotAllowed):
        response = problems.problem(405, "Deze API geeft alleen gegevens. Gebruik GET.")
    else:
        response = problems.problem(
            404, "Dit adres bestaat niet. Kijk in /api/v1/openapi.json welke er zijn."
        )
    return _add_version(response)


def _release(one: releases.Release) -> dict[str, Any]:
    return {
        "number": one.name.number,
        "month": one.name.month,
        "sha256": one.sha256,
        "size": one.size,
    }


def _wanted(*forms: str) -> str:
    """The form that `Accept` likes best."""
    best = request.accept_mimetypes.best_match(forms) if request.accept_mimetypes else forms[0]
    if best is None:
        raise NotAsked(f"Dit is er als {' of '.join(forms)}. Pas Accept aan.")
    return best


def _no_other_questions(*known: str) -> None:
    for name in request.args:
        if name not in known:
            instead = (
                f"Wel: {', '.join(known)}." if known else "Laat weg wat na het vraagteken staat."
            )
            raise WrongInput(f"‘{shortened(name)}’ kun je hier niet vragen. {instead}", name)


def _json(thing: Any) -> Response:
    _wanted(JSON)
    return _answer(json.dumps(thing, ensure_ascii=False).encode(), JSON)


def _answer(content: bytes, form: str) -> Response:
    """An answer that may be asked after again by its ETag: a release never changes."""
    response = Response(content, mimetype=form)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept", "Authorization"))
    response.set_etag(sha256(content).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response
