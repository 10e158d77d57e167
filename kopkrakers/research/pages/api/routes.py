"""`/api/v1`: releases for programs, read-only and by key, as `openapi.json` describes it."""

from pathlib import PurePath
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kopkrakers.base.errors import WrongInput
from kopkrakers.privacy.columns import TABLES
from kopkrakers.research import selection
from kopkrakers.research.identity import AGREEMENT, origin_of
from kopkrakers.research.metadata.datapackage import MEDIA_TYPES, schema_of
from kopkrakers.research.pages.api import problems
from kopkrakers.research.pages.api.description import VERSION, description, landing
from kopkrakers.research.pages.api.guard import add_allowance, check_parameters, with_key
from kopkrakers.research.pages.api.labels import labelled
from kopkrakers.research.pages.api.replies import (
    CSV,
    JSON,
    MARKDOWN,
    NDJSON,
    YAML,
    ZIP,
    accepted,
    asked_page,
    reply,
    reply_json,
    reply_lines,
)
from kopkrakers.research.pages.tokens import KeyScope
from kopkrakers.research.release import releases
from kopkrakers.research.release.files import csv_bytes
from kopkrakers.web import access
from kopkrakers.web.errors import answer_unrouted
from kopkrakers.web.state import state

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
problems.install(blueprint)
RELEASE = "/releases/<number>"
PLAIN = "text/plain"
"""The type of a file in the dataset of which the name says no other: its checksums."""


def install(app: Flask) -> None:
    """Add the API; under /api nothing is ever answered with a page."""
    app.register_blueprint(blueprint)
    answer_unrouted(app, "/api/", _unrouted)


@blueprint.get("")
@blueprint.get("/")
@access.public
def landing_() -> Response:
    """Return who publishes this, on what terms, and where to begin."""
    return _for_everybody(reply_json(landing(origin_of(state().settings))))


@blueprint.get("/openapi.json")
@access.public
def openapi() -> Response:
    """Return the description of this API, with the address and contact of this server."""
    return _for_everybody(reply_json(description(origin_of(state().settings))))


@blueprint.get("/releases")
@access.public
@with_key(KeyScope.TABLES)
def releases_() -> Response:
    """Return every release, the newest first."""
    with state().database.reading() as session:
        return reply_json(list(map(_release, releases.releases(session))))


@blueprint.get(RELEASE)
@access.public
@with_key(KeyScope.TABLES)
def release(number: int) -> Response:
    """Return one release."""
    with state().database.reading() as session:
        return reply_json(_release(releases.release(session, number)))


@blueprint.get(f"{RELEASE}/dataset")
@access.public
@with_key(KeyScope.DATASET)
def dataset(number: int) -> Response:
    """Return the whole dataset, the same bytes as from the button and the command."""
    accepted(ZIP)
    with state().database.reading() as session:
        content = releases.zip_of(session, number)
        name = releases.release(session, number).file_name
    response = reply(content, ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get(f"{RELEASE}/files")
@access.public
@with_key(KeyScope.DATASET)
def files(number: int) -> Response:
    """Return the files in the dataset, each with its size and hash."""
    with state().database.reading() as session:
        every = releases.files_of(session, number)
    lines = []
    for one in every:
        lines.append({**one._asdict(), "mediatype": _media_type(one.path)})
    return reply_json(lines)


@blueprint.get(f"{RELEASE}/files/<name>")
@access.public
@with_key(KeyScope.DATASET)
def file(number: int, name: str) -> Response:
    """Return one file of the dataset."""
    return _file(number, name)


@blueprint.get(f"{RELEASE}/files/<folder>/<name>")
@access.public
@with_key(KeyScope.DATASET)
def file_in_folder(number: int, folder: str, name: str) -> Response:
    """Return one file of the dataset that is in a folder of it."""
    return _file(number, f"{folder}/{name}")


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
    return reply_json(lines)


@blueprint.get(f"{RELEASE}/tables/<table>")
@access.public
@with_key(KeyScope.TABLES, "theme", "dilemma", "labels", "page", "pageSize")
def table(number: int, table: str) -> Response:
    """Return one table as JSON, lines of JSON or CSV, of all dilemmas or some."""
    media_type = accepted(JSON, CSV, NDJSON)
    page = asked_page()
    with_labels = _asks_labels()
    with state().database.reading() as session:
        release = releases.release(session, number)
        spec = selection.table_in(release, table)
        if "dilemma" not in spec.names:
            check_parameters("labels", "page", "pageSize")
        chosen = selection.chosen_dilemmas(
            release, request.args.getlist("theme"), request.args.getlist("dilemma")
        )
        rows = selection.chosen_rows(session, release, spec, chosen)
        total = len(rows)
        rows = list(page.of(rows))
        if with_labels:
            spec, rows = labelled(spec, rows, selection.option_texts(session, release, chosen))
    if media_type == CSV:
        response = reply(csv_bytes(spec, rows), CSV)
    else:
        lines = [dict(zip(spec.names, row, strict=True)) for row in rows]
        if media_type == NDJSON:
            response = reply_lines(lines)
        else:
            response = reply_json(
                {
                    "release": number,
                    "month": release.name.month,
                    "table": spec.id,
                    "total": total,
                    "rows": lines,
                }
            )
    if links := page.links(total):
        response.headers["Link"] = links
    return response


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
    return reply_json(lines)


@blueprint.get(f"{RELEASE}/codebook")
@access.public
@with_key(KeyScope.TABLES)
def codebook(number: int) -> Response:
    """Return the codebook: as Table Schema, or as Markdown."""
    media_type = accepted(JSON, MARKDOWN)
    with state().database.reading() as session:
        releases.release(session, number)
        if media_type == MARKDOWN:
            return reply(releases.file_in(session, number, "codebook.md"), MARKDOWN)
    return reply_json({spec.id: schema_of(spec) for spec in TABLES})


@blueprint.get(f"{RELEASE}/readme")
@access.public
@with_key(KeyScope.TABLES)
def readme(number: int) -> Response:
    """Return what to read before the numbers: who answered, and what cannot be concluded."""
    accepted(MARKDOWN)
    return _file(number, "README.md")


@blueprint.get(f"{RELEASE}/citation")
@access.public
@with_key(KeyScope.TABLES)
def citation(number: int) -> Response:
    """Return how to cite a release, in the Citation File Format."""
    accepted(YAML)
    return _file(number, "CITATION.cff")


@blueprint.after_request
def _finish(response: Response) -> Response:
    response.headers["API-Version"] = VERSION
    # no page of another site may show an answer in a frame, also where a policy is not understood
    response.headers["X-Frame-Options"] = "DENY"
    add_allowance(response)
    if request.method == "OPTIONS" and response.status_code == 200:
        # what can be asked stands in a header; there is nothing in it to be a page of
        response.status_code = 204
        del response.headers["Content-Type"]
    return response


def _unrouted(error: HTTPException) -> Response:
    """Answer requests under /api for an address that does not exist or a method that writes."""
    if isinstance(error, MethodNotAllowed):
        response = problems.problem(405, "Deze API geeft alleen gegevens. Gebruik GET.")
    else:
        response = problems.problem(
            404, "Dit adres bestaat niet. Kijk in /api/v1/openapi.json welke er zijn."
        )
    return _finish(response)


def _for_everybody(response: Response) -> Response:
    """Let pages of other sites read this as well: it is about nobody."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _asks_labels() -> bool:
    asked = request.args.get("labels", "nee")
    if asked not in ("ja", "nee"):
        raise WrongInput("labels is ja of nee.", "labels")
    return asked == "ja"


def _file(number: int, path: str) -> Response:
    with state().database.reading() as session:
        content = releases.file_in(session, number, path)
    return reply(content, _media_type(path))


def _media_type(path: str) -> str:
    return MEDIA_TYPES.get(PurePath(path).suffix, PLAIN)


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
