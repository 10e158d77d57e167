"""The years that somebody does this work: kept on their device alone, and changed here."""

from flask import Blueprint, render_template

from kopkrakers.privacy.labels import EXPERIENCES
from kopkrakers.web import access

blueprint = Blueprint("experience", __name__)


@blueprint.get("/account/ervaring")
@access.signed_in
def experience() -> str:
    """Return the question. The page holds no answer: the browser shows what it keeps."""
    return render_template("answers/experience.html", experiences=EXPERIENCES.items())
