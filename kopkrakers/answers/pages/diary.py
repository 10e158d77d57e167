"""The pages of the diary, which stands on the person's own device alone.

They carry what the scripts need to show and seal it, and receive nothing: no address here takes
more than a GET, and what somebody chose or wrote is in none of them.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kopkrakers.answers.pages import reading
from kopkrakers.answers.pages.asking import EDITION, find_with_permission, person_here
from kopkrakers.answers.pages.views import card_view
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("diary", __name__)


# D-89
@blueprint.get("/dagboek")
@access.signed_in
def own() -> str:
    """Return the page of the own diary: empty, until the browser opens it."""
    with state().database.reading() as session:
        app = state()
        outcomes = reading.outcomes_of(
            session, app.library, app.row_keys, person_here().voter, app.today()
        )
    return render_template(
        "answers/diary/page.html",
        outcomes=outcomes.items(),
        considerations=CONSIDERATIONS.items(),
        certainties=CERTAINTIES.items(),
    )


@blueprint.get(f"/dilemma/{EDITION}/dagboek")
@access.signed_in
def keep(slug: str, number: int) -> ResponseReturnValue:
    """Return the page to keep one dilemma: the same whatever was chosen, once the turn is used."""
    edition, may_see = find_with_permission(person_here(), slug, number)
    # a piece holds a doorslag and an expectation, which a stelling does not ask
    if not may_see or edition.card.is_stelling:
        return redirect(url_for("answers.dilemma", slug=slug))
    card = card_view(edition.card, edition.number, edition.today)
    return render_template(
        "answers/diary/keep.html",
        card=card,
        options=card.expected,
        considerations=CONSIDERATIONS.items(),
        certainties=CERTAINTIES.items(),
    )
