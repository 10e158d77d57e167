"""Taking over the regie of a colleague: first a question, then one press."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.base.errors import TooLate
from kopkrakers.base.typed import whole_number
from kopkrakers.intervisie.pages.drawing import clean_codes
from kopkrakers.intervisie.pages.forms import YES, TakeOverForm
from kopkrakers.intervisie.session.group.takeover import leader_of, question_of, take_over
from kopkrakers.intervisie.session.store import TakenOver, regie_version
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("overnemen", __name__, url_prefix="/intervisie/<code>/overnemen")
blueprint.url_value_preprocessor(clean_codes)


@blueprint.get("")
@access.role(Role.BEGELEIDER)
def ask(code: str) -> ResponseReturnValue:
    """Ask whether to take a session over; who leads it already goes to its regie."""
    return _page(code)


@blueprint.post("")
@access.role(Role.BEGELEIDER)
def take(code: str) -> ResponseReturnValue:
    """Take a session over. Of two at once one does, and the other reads who leads."""
    form = TakeOverForm()
    try:
        with state().database.transaction() as session:
            take_over(
                session,
                code=code,
                user_id=current_user.id,
                leader_id=whole_number(form.van.data) or 0,
                votes_along=form.meestemmen.data == YES,
                turn_keys=state().turn_keys,
            )
    except TooLate as refused:
        return _page(code, refused)
    return redirect(url_for("regie.page", code=code), 303)


def _page(code: str, refused: TooLate | None = None) -> ResponseReturnValue:
    with state().database.reading() as session:
        question = question_of(session, code=code, user_id=current_user.id)
    if question is None:
        return redirect(url_for("regie.page", code=code), 303)
    html = render_template("intervisie/regie/takeover/ask.html", question=question, refused=refused)
    response = make_response(html)
    if refused is not None:
        response.status_code = refused.status
    return response


def taken_over(code: str, refused: TakenOver | None = None) -> Response:
    """Return the page in place of the regie once somebody else leads."""
    with state().database.reading() as session:
        version = regie_version(session, code)
    html = render_template("intervisie/regie/takeover/over.html", **leader(code, version, refused))
    response = make_response(html)
    if refused is not None:
        response.status_code = refused.status
    return response


def leader(code: str, version: str | None, refused: TakenOver | None = None) -> dict[str, object]:
    """Return who leads now, by the names of the templates that tell it."""
    with state().database.reading() as session:
        name = leader_of(session, code)
    return {"code": code, "version": version, "leader": name, "refused": refused}
