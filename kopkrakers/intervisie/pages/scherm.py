"""The scherm, for the beamer: no names, and no number before its time."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.intervisie.pages import reading
from kopkrakers.intervisie.pages.drawing import clean_codes, drawn, session_page
from kopkrakers.intervisie.pages.forms import LeavesForm, number_in
from kopkrakers.intervisie.pages.memory import nothing_new, page_memory
from kopkrakers.intervisie.pages.shown.views import SessionNow
from kopkrakers.intervisie.session import showing
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.werkvormen.reading import Action
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("scherm", __name__, url_prefix="/intervisie/<code>/scherm")
blueprint.url_value_preprocessor(clean_codes)

BEFORE_AND_AFTER = {
    SessionState.PLANNED: "outside/lobby",
    SessionState.LOBBY: "outside/lobby",
    SessionState.ENDED: "outside/over",
    SessionState.CANCELLED: "outside/over",
}
"""The template of a session without a step; else it has the name of the step's action."""


@blueprint.get("")
@access.role(Role.BEGELEIDER)
def page(code: str) -> ResponseReturnValue:
    """Show the whole screen."""
    return session_page("scherm/page", **_context(code))


@blueprint.get("/nu")
@access.role(Role.BEGELEIDER)
def now(code: str) -> ResponseReturnValue:
    """Return what changed since `seen`: 204 when nothing did."""
    if nothing_new(page_memory(), state().database, code, request.args.get("seen", type=int)):
        return Response(status=204)
    return make_response(session_page("scherm/_now", **_context(code)))


@blueprint.post("/bladen")
@access.role(Role.BEGELEIDER)
def leaves(code: str) -> ResponseReturnValue:
    """Hear from a scherm on how many pages it shows the step, so that the regie can turn them."""
    form = LeavesForm()
    told = {"leaves": number_in(form, "bladen"), "version": number_in(form, "versie")}
    with state().database.transaction() as session:
        showing.count_leaves(session, code=code, user_id=current_user.id, **told)
    return Response(status=204)


def _context(code: str) -> dict[str, object]:
    with state().database.reading() as session:
        view = reading.screen(
            session,
            state().library,
            page_memory(),
            code=code,
            user_id=current_user.id,
            row_keys=state().row_keys,
        )
    template = f"intervisie/scherm/steps/{_template(view.now)}.html"
    return {**drawn(view.now), "view": view, "template": template}


def _template(now: SessionNow) -> str:
    if now.step is None:
        return BEFORE_AND_AFTER[now.state]
    if now.exhibit:
        return "shown"
    # hands on a stelling are drawn in the bar of its own step
    if now.hands_here and not now.case.items:
        return "hands"
    if now.board or now.shows_options:
        return "board"
    # both votes look alike
    if now.step.action == Action.REVOTE:
        return Action.VOTE
    return now.step.action
