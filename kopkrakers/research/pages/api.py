"""`/api/v1`: releases for programs, read-only and by key, as `openapi.json` describes it."""

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
from kopkrakers.research.metadata.datapackage import schema_of
from kopkrakers.research.pages import problems, selection, tokens
from kopkrakers.research.pages.problems import NoKey, NotAcceptable
from kopkrakers.research.pages.selection import shortened
from kopkrakers.research.pages.tokens import KeyScope
from kopkrakers.research.release import releases
from kopkrakers.research.release.files import csv_bytes
from kopkrakers.research.release.identity import AGREEMENT
from kopkrakers.web import access
from kopkrakers.web.errors import answer_unrouted
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(blueprint)
VERSION = "1.0.0"
DESCRIPTION = Path(__file__).with_name("openapi.json")
A_MINUTE = 120
TOO_MANY = "Dit waren te veel vragen in een minuut."
"""Requests per key and minute."""
RELEASE = "/releases/<number>"
CSV, JSON, MARKDOWN, ZIP = "text/csv", "application/json", "text/markdown", "application/zip"


def install(app: Flask) -> None:
    """Add the API; under /api nothing is ever answered with a page."""
    app.register_blueprint(blueprint)
    answer_unrouted(app, "/api/", _unrouted)


def with_key(
    scope: KeyScope, *parameters: str
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Open a view only with a working key of this scope, and count the requests per key.

    `parameters`: the names that the query of the address may have.
    """

    def around(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Response:
            _check_key(scope)
            _check_parameters(*parameters)
            if "number" in kwargs:
                kwargs["number"] = releases.number_in(kwargs["number"])
            return view(*args, **kwargs)

        return checked

    return around


def _check_key(scope: KeyScope) -> None:
    # before the key is looked up, against guessing; many, for a whole office has one address
    slow_down(
        "api-address", request.remote_addr or "", at_most=20 * A_MINUTE, minutes=1, why=TOO_MANY
    )
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NoKey(
            "Stuur je sleutel mee: Authorization: Bearer <sleutel>. Je maakt er een bij Onderzoek."
        )
    with state().database.reading() as session:
        bearer = tokens.bearer_of(session, token.strip(), state().today(), state().row_keys)
    if bearer is None:
        raise NoKey("Deze sleutel werkt niet (meer). Maak een nieuwe bij Onderzoek.")
    slow_down("api", str(bearer.token_id), at_most=A_MINUTE, minutes=1, why=TOO_MANY)
    if scope == KeyScope.DATASET and bearer.scope != KeyScope.DATASET:
        raise NotAllowed(
            "Deze sleutel opent alleen tabellen. Maak een sleutel voor de hele dataset."
        )


@blueprint.get("/openapi.json")
@access.public
def openapi() -> Response:
    """Return the description of this API, also to pages of other sites: it is about nobody."""
    response = _answer(DESCRIPTION.read_bytes(), JSON)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/releases")
@access.public
@with_key(KeyScope.TABLES)
def releases_() -> Response:
    """Return every release, the newest first."""
    with state().database.reading() as session:
        return _json([_release(one) for one in releases.releases(session)])


@blueprint.get(RELEASE)
@access.public
@with_key(KeyScope.TABLES)
def release(number: int) -> Response:
    """Return one release."""
    with state().database.reading() as session:
        return _json(_release(releases.release(session, number)))


@blueprint.get(f"{RELEASE}/dataset")
@access.public
@with_key(KeyScope.DATASET)
def dataset(number: int) -> Response:
    """Return the whole dataset, the same bytes as from the button and the command."""
    _accepted(ZIP)
    with state().database.reading() as session:
        content = releases.zip_of(session, number)
        name = releases.release(session, number).file_name
    response = _answer(content, ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get(f"{RELEASE}/tables")
@access.public
@with_key(KeyScope.TABLES)
def tables(number: int) -> Response:
    """Return the tables of a release, with how many cells are protected."""
    with state().database.reading() as session:
        summaries = releases.release(session, number).about["tables"]
    lines = []
    for spec in TABLES:
        # releases of before have fewer tables
        if spec.id in summaries:
            words = {"id": spec.id, "title": spec.title, "about": spec.about}
            lines.append({**words, **summaries[spec.id]})
    return _json(lines)


@blueprint.get(f"{RELEASE}/tables/<table>")
@access.public
@with_key(KeyScope.TABLES, "theme", "dilemma")
def table(number: int, table: str) -> Response:
    """Return one table as JSON or CSV, of all dilemmas or some."""
    media_type = _accepted(JSON, CSV)
    with state().database.reading() as session:
        release = releases.release(session, number)
        spec = selection.table_in(release, table)
        if "dilemma" not in spec.names:
            _check_parameters()
        chosen = selection.chosen_dilemmas(
            release, request.args.getlist("theme"), request.args.getlist("dilemma")
        )
        rows = selection.rows_of(session, release, spec, chosen)
    if media_type == CSV:
        return _answer(csv_bytes(spec, rows), CSV)
    return _json(
        {
            "release": number,
            "month": release.name.month,
            "table": spec.id,
            "rows": [dict(zip(spec.names, row, strict=True)) for row in rows],
        }
    )


@blueprint.get(f"{RELEASE}/dilemmas")
@access.public
@with_key(KeyScope.TABLES)
def dilemmas(number: int) -> Response:
    """Return the dilemmas of a release, each edition apart."""
    with state().database.reading() as session:
        dilemmas = selection.dilemmas_in(releases.release(session, number))
    lines = []
    for one in dilemmas:
        lines.append(
            {
                "dilemma": one.dilemma,
                "edition": one.edition,
                "title": one.title,
                "theme": one.theme,
                "answers": one.total,
            }
        )
    return _json(lines)


@blueprint.get(f"{RELEASE}/codebook")
@access.public
@with_key(KeyScope.TABLES)
def codebook(number: int) -> Response:
    """Return the codebook: as Table Schema, or as Markdown."""
    media_type = _accepted(JSON, MARKDOWN)
    with state().database.reading() as session:
        releases.release(session, number)
        if media_type == MARKDOWN:
            return _answer(releases.file_in(session, number, "codebook.md"), MARKDOWN)
    return _json({spec.id: schema_of(spec) for spec in TABLES})


@blueprint.after_request
def _add_version(response: Response) -> Response:
    response.headers["API-Version"] = VERSION
    return response


def _unrouted(error: HTTPException) -> Response:
    """Answer requests under /api for an address that does not exist or a method that writes."""
    if isinstance(error, MethodNotAllowed):
        response = problems.problem(405, "Deze API geeft alleen gegevens. Gebruik GET.")
    else:
        response = problems.problem(
            404, "Dit adres bestaat niet. Kijk in /api/v1/openapi.json welke er zijn."
        )
    return _add_version(response)


def _release(release: releases.Release) -> dict[str, Any]:
    about = {
        "number": release.name.number,
        "month": release.name.month,
        "sha256": release.sha256,
        "size": release.size,
    }
    identity = release.identity
    if identity is None:
        return about
    return {
        **about,
        "title": identity.title,
        "identifier": identity.urn,
        "instance": identity.origin.instance.urn,
        "publisher": identity.origin.publisher,
        "contact": identity.origin.contact,
        "license": AGREEMENT,
        "invented": identity.invented,
    }


def _accepted(*types: str) -> str:
    """Return the type that the header `Accept` prefers; the first one when there is no header."""
    if not request.accept_mimetypes:
        return types[0]
    best = request.accept_mimetypes.best_match(types)
    if best is None:
        raise NotAcceptable(f"Dit is er als {' of '.join(types)}. Pas Accept aan.")
    return best


def _check_parameters(*allowed: str) -> None:
    # a misspelt filter must not give all rows as if they were the chosen ones
    for name in request.args:
        if name in allowed:
            continue
        instead = "Laat weg wat na het vraagteken staat."
        if allowed:
            instead = f"Wel: {', '.join(allowed)}."
        raise WrongInput(f"‘{shortened(name)}’ kun je hier niet vragen. {instead}", name)


def _json(thing: Any) -> Response:
    _accepted(JSON)
    return _answer(json.dumps(thing, ensure_ascii=False).encode(), JSON)


def _answer(content: bytes, media_type: str) -> Response:
    """Return a response with an ETag, by which a client may ask again: a release never changes."""
    response = Response(content, mimetype=media_type)
    # "no-cache" keeps it but asks again: a key may have been revoked meanwhile
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept", "Authorization"))
    response.set_etag(sha256(content).hexdigest()[:32])
    response.make_conditional(request.environ)
    return response
