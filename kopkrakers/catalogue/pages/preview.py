"""A card as it will look, served on this machine for its writer; nothing is stored."""

import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from kopkrakers.accounts.pages.browser import session as browser_session
from kopkrakers.base.clock import utc_now
from kopkrakers.base.config import Operator, Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.catalogue.library import Library, read_text
from kopkrakers.catalogue.writing.checker import CheckReport, check_files
from kopkrakers.web import access, plumbing
from kopkrakers.web.health import Readiness
from kopkrakers.web.state import state

blueprint = Blueprint("preview", __name__)


@dataclass(frozen=True)
class Preview:
    """The card when it can be read, and the report of `cards check` on it."""

    report: CheckReport
    card: Card | None


def preview_app(folder: Path, slug: str) -> Flask:
    """Return an application with the look of the real one and a single page, for one card."""
    # settings of its own, in memory: a writer of cards has none of a server
    settings = Settings(
        database_url="sqlite:///:memory:",
        secret=SecretStr(secrets.token_hex(32)),
        operator=Operator.OTHER,
        cards_dir=folder,
    )
    app = plumbing.bare_app(
        settings,
        database=Database(settings.database_url),
        library=Library(folder),
        clock=utc_now,
        readiness=Readiness(),
    )
    app.extensions["kopkrakers_preview"] = folder / f"{slug}.md"
    browser_session.install(app)
    app.register_blueprint(blueprint)
    return app


@blueprint.get("/")
@access.public
def card() -> ResponseReturnValue:
    """Show the card, read anew each time."""
    path: Path = current_app.extensions["kopkrakers_preview"]
    return render_template(
        "catalogue/preview.html", preview=preview_of(path), name=path.name, dated=date_in_words
    )


def preview_of(path: Path) -> Preview:
    """Read a card file for its writer; a theme that is not listed yet does not hide the card."""
    report = check_files([path], state().today())[0]
    try:
        card = parse_card(path.stem, read_text(path), None)
    except CardFaults:
        return Preview(report, None)
    cover, _ = cover_of(card, path.parent)
    return Preview(report, replace(card, cover_svg=cover))
