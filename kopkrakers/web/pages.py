"""The pages that explain: how it works, what we promise, how we count, who can use it."""

from flask import Blueprint, render_template

from kopkrakers.base.clock import IDLE_DAYS
from kopkrakers.base.moments import moments_in_words
from kopkrakers.privacy import rules
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("pages", __name__)


@blueprint.get("/uitleg")
@access.public
def explanation() -> str:
    """Return the page that explains the product to a newcomer, and says whom to ask."""
    moments = moments_in_words(state().settings.moments)
    return render_template("pages/explanation.html", rules=rules, moments=moments)


@blueprint.get("/privacy")
@access.public
def privacy() -> str:
    """Return the page with our promise, and with what we cannot promise."""
    settings = state().settings
    return render_template(
        "pages/privacy.html",
        rules=rules,
        idle_days=IDLE_DAYS,
        operator=settings.operator.value,
        contact=settings.privacy_contact,
    )


@blueprint.get("/zo-tellen-we")
@access.public
def counting() -> str:
    """Return the page on how envelopes become totals, with the numbers from the code."""
    moments = moments_in_words(state().settings.moments)
    return render_template("pages/counting.html", rules=rules, moments=moments)


@blueprint.get("/toegankelijkheid")
@access.public
def accessibility() -> str:
    """Return the page on what was tested, what is known to fall short, and whom to tell."""
    return render_template("pages/accessibility.html", contact=state().settings.redactie_email)
