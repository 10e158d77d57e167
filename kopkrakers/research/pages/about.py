"""Pages for whoever wants to know of the figures: open to all, about releases and no figure."""

import json
from typing import Any

from flask import Blueprint, Response, render_template

from kopkrakers.privacy.columns import TABLES
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.identity import origin_of
from kopkrakers.research.metadata.catalogue import description_of, schema_org
from kopkrakers.research.metadata.datapackage import MEDIA_TYPES
from kopkrakers.research.pages.guide import guide_html
from kopkrakers.research.pages.routes import RELEASE
from kopkrakers.research.release import releases
from kopkrakers.research.release.changes import dataset_changes
from kopkrakers.research.release.releases import Release
from kopkrakers.web import access
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state

blueprint = Blueprint("research_about", __name__)


@blueprint.get("/onderzoek/over")
@access.public
def about() -> str:
    """Return what there is, on what terms, how to refer to it and how to ask for it."""
    with state().database.reading() as session:
        shown = releases.releases_page(session, asked_page("uitgaven"))
        number = releases.latest_number(session)
        newest = None
        if number is not None:
            newest = releases.release(session, number)
    return render_template(
        "research/about.html",
        releases=shown,
        newest=newest,
        tables=TABLES,
        origin=origin_of(state().settings),
        changes=guide_html(dataset_changes()),
    )


# D-144
@blueprint.get(RELEASE)
@access.public
def landing(number: int) -> str:
    """Return the page to which a reference leads: who made a release, and what is in it."""
    release = _release(number)
    description = ""
    if release.identity is not None:
        description = description_of(release.identity)
    return render_template(
        "research/release.html",
        release=release,
        identity=release.identity,
        tables=_tables_of(release),
        description=description,
    )


@blueprint.get(f"{RELEASE}/schema.jsonld")
@access.public
def schema(number: int) -> Response:
    """Return the same for search engines, as schema.org has it; empty of one of before."""
    release = _release(number)
    described: dict[str, Any] = {}
    if release.identity is not None:
        described = schema_org(release.identity, _tables_of(release))
    content = json.dumps(described, ensure_ascii=False)
    return Response(content, mimetype=MEDIA_TYPES[".jsonld"])


def _release(number: int) -> Release:
    with state().database.reading() as session:
        return releases.release(session, number)


def _tables_of(release: Release) -> list[TableSpec]:
    """Return the tables that a release has: those of before have fewer."""
    return [spec for spec in TABLES if spec.id in release.about["tables"]]
