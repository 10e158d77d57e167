"""The pages of the archive: every published dilemma, found by words, theme and own turn."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.answers.pages.archive.covers import cover_sheet
from kopkrakers.answers.pages.archive.forms import ArchiveForm
from kopkrakers.answers.pages.archive.shelf import Shelf, shelf_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.catalogue.editions.archive import archive as published_dilemmas
from kopkrakers.web import access
from kopkrakers.web.assets.compress import accepts_gzip
from kopkrakers.web.state import state

blueprint = Blueprint("archive", __name__)

KEEP_COVERS = "private, max-age=31536000, immutable"


@blueprint.get("/archief")
@access.signed_in
def search() -> ResponseReturnValue:
    """Return the archive, with the form to search it."""
    return render_template("answers/archive/page.html", shelf=_shelf(), today=state().today())


@blueprint.get("/archief/lijst")
@access.signed_in
def found_dilemmas() -> ResponseReturnValue:
    """Return the list of the archive alone, while someone types."""
    shelf = _shelf()
    response = make_response(render_template("answers/archive/_list.html", shelf=shelf))
    response.headers["HX-Replace-Url"] = url_for("archive.search", **shelf.query.as_parameters())
    return response


@blueprint.get("/archief/omslagen-<digest>.svg")
@access.signed_in
def covers(digest: str) -> ResponseReturnValue:
    """Return the covers of everything published.

    They are the same for everyone, so they may be compressed, and kept as long as they are new.
    """
    with state().database.reading() as session:
        published = published_dilemmas(session, state().library, state().today())
    sheet = cover_sheet(published)
    response = Response(sheet.plain, mimetype="image/svg+xml")
    if accepts_gzip():
        response.set_data(sheet.packed)
        response.headers["Content-Encoding"] = "gzip"
    # a page of before midnight may ask for yesterday's covers and get today's: not to be kept
    response.headers["Cache-Control"] = "no-store"
    if digest == sheet.digest:
        response.headers["Cache-Control"] = KEEP_COVERS
    response.vary.add("Accept-Encoding")
    return response


def _shelf() -> Shelf:
    query = ArchiveForm().query()
    voter = Voter(current_user.id, state().turn_keys)
    with state().database.reading() as session:
        return shelf_of(session, state().library, query, voter=voter, today=state().today())
