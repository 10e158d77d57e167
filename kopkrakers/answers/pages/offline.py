"""The page that a browser keeps for when there is no network."""

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user

from kopkrakers.answers.pages.reading import teams_of
from kopkrakers.answers.pages.views import card_view
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.catalogue.editions.calendar import DayDilemma, dilemma_of_day
from kopkrakers.catalogue.editions.rhythm import rhythm_of
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("offline", __name__)


# D-80
@blueprint.get("/zonder-verbinding")
@access.signed_in
def offline() -> Response:
    """Return the card of the day, to read.

    It is the same for everyone whose teams keep the same rhythm, whatever they did: no name, token,
    turn or message is in it.
    """
    planned = _planned()
    today = state().today()
    page = render_template(
        "answers/day/offline.html",
        card=card_view(planned.card, planned.edition.number, today) if planned else None,
        planned_on=planned.edition.opens_on if planned else None,
        visitor=None,
        get_flashed_messages=_no_messages,
    )
    response = make_response(page)
    response.add_etag(weak=True)  # weak, for it is sent packed and plain
    response.make_conditional(request)
    return response


def _planned() -> DayDilemma | None:
    with state().database.reading() as session:
        teams = teams_of(session, Voter(current_user.id, state().turn_keys))
        rhythm = rhythm_of(team.rhythm for team in teams)
        return dilemma_of_day(session, state().library, state().today(), rhythm)


def _no_messages(**_how: bool) -> list[tuple[str, str]]:
    """Return nothing: what waits to be said stays for a page of the person it is for."""
    return []
