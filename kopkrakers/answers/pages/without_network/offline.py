"""The page that a browser keeps for when there is no network, and the locks to answer there."""

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask_login import current_user

from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.answers.pages.reading import teams_of
from kopkrakers.answers.pages.views import FormView, card_view
from kopkrakers.answers.pages.without_network.locks import locks_of
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
    """Return the card of the day, with a form that is hidden until this browser has locks for it.

    It is the same for everyone whose teams keep the same rhythm, whatever they did: no name, token,
    key, turn or message is in it.
    """
    planned = _planned()
    card, planned_on = None, None
    if planned is not None:
        card = card_view(planned.card, planned.edition.number, state().today())
        planned_on = planned.edition.opens_on
    page = render_template(
        "answers/day/offline.html",
        card=card,
        planned_on=planned_on,
        form=FormView(),
        # the next person on this device may open the page that is kept
        visitor=None,
        get_flashed_messages=_no_messages,
    )
    response = make_response(page)
    response.add_etag(weak=True)  # weak, for it is sent packed and plain
    response.make_conditional(request)
    return response


# D-91
@blueprint.get("/zonder-verbinding/slot")
@access.signed_in
def locks() -> Response:
    """Return the locks of this person for the card of the day; nothing for whoever does not vote.

    They are the same before and after an answer, and open nothing.
    """
    planned = _planned()
    if planned is None or not current_user.roles & VOTING_ROLES:
        return Response(status=204)
    place = card_view(planned.card, planned.edition.number, state().today()).key
    answer_key, *_older = state().keys_of_late_answers(current_user.id, place)
    edition_key, _before = state().edition_keys(current_user.id, place).split()
    made = locks_of(answer_key, edition_key)
    today = state().today().isoformat()
    return jsonify(voor=place, dag=today, antwoord=made.answer, keuze=made.choice)


def _planned() -> DayDilemma | None:
    with state().database.reading() as session:
        teams = teams_of(session, Voter(current_user.id, state().turn_keys))
        rhythm = rhythm_of(team.rhythm for team in teams)
        return dilemma_of_day(session, state().library, state().today(), rhythm)


def _no_messages(**_how: bool) -> list[tuple[str, str]]:
    """Return nothing: what waits to be said stays for a page of the person it is for."""
    return []
