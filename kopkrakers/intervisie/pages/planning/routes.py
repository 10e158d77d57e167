"""Planning a session from the team's page, with figures to choose a dilemma by."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.stellingen.reading import stellingen_sets
from kopkrakers.intervisie.pages.planning import choosing
from kopkrakers.intervisie.pages.planning.forms import (
    FIGURES,
    MORE,
    SEARCH,
    START,
    STELLINGEN_KIND,
    PlanForm,
    PlanQuery,
)
from kopkrakers.intervisie.pages.planning.subjects import SubjectSearch
from kopkrakers.intervisie.session import planning
from kopkrakers.intervisie.session.script.adapting import LOOKING_BACK
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("plannen", __name__)

TEAM = f"/team/<int(max={LARGEST_ID}):team_id>/intervisie"


@blueprint.get(TEAM)
@access.role(Role.BEGELEIDER)
def choose(team_id: int) -> ResponseReturnValue:
    """Show the form to plan a session."""
    chosen = PlanQuery().dilemma.data
    return _page(team_id, {"dilemma": chosen}, SubjectSearch(chosen=chosen), None)


@blueprint.post(TEAM)
@access.role(Role.BEGELEIDER)
def plan(team_id: int) -> ResponseReturnValue:
    """Start now, plan for later, show figures first, or look for a dilemma with all that stands."""
    form = PlanForm()
    do = form.doe.data
    if do in (SEARCH, MORE):
        return _page(team_id, form.data, form.wanted(), None)
    if do == FIGURES:
        slug = form.dilemma.data or "-"
        return redirect(url_for("plannen.figures", team_id=team_id, slug=slug), 303)
    try:
        with state().database.transaction() as session:
            code = _plan(session, team_id, form)
    except WrongInput as wrong:
        return _page(team_id, form.data, form.wanted(), wrong)
    return redirect(url_for("regie.page", code=code), 303)


@blueprint.get(f"{TEAM}/cijfers/<slug>")
@access.role(Role.BEGELEIDER)
def figures(team_id: int, slug: str) -> ResponseReturnValue:
    """Show the figures of a dilemma, or what it costs to see them."""
    with state().database.reading() as session:
        own_team(teams_of(session, current_user.id), team_id)
        prepared = choosing.figures_beforehand(
            session,
            state().library,
            voter=Voter(current_user.id, state().turn_keys),
            row_keys=state().row_keys,
            gemeente_id=current_user.gemeente_id,
            slug=slug,
            today=state().today(),
        )
    return render_template(
        "intervisie/plan/figures.html", prepared=prepared, team_id=team_id, slug=slug
    )


@blueprint.post(f"{TEAM}/cijfers/<slug>")
@access.role(Role.BEGELEIDER)
def use_turn(team_id: int, slug: str) -> ResponseReturnValue:
    """Use up the own turn, and show the figures."""
    with state().database.transaction() as session:
        own_team(teams_of(session, current_user.id), team_id)
        choosing.use_turn_for_figures(
            session,
            voter=Voter(current_user.id, state().turn_keys),
            slug=slug,
            today=state().today(),
        )
    return redirect(url_for("plannen.figures", team_id=team_id, slug=slug), 303)


def _plan(session: Session, team_id: int, form: PlanForm) -> str:
    """Plan what the form asks for; return the code of the session."""
    me, second_id = current_user.id, form.second_id()
    code = planning.plan_session(
        session,
        state().library,
        form.plan(team_id),
        user_id=me,
        today=state().today(),
    )
    if second_id is not None:
        planning.set_second(
            session,
            code=code,
            user_id=me,
            second_id=second_id,
            # nobody votes yet; it is asked before the first vote opens
            votes_along=False,
            turn_keys=state().turn_keys,
        )
    if form.doe.data == START:
        planning.open_lobby(session, code=code, user_id=me, now=state().now())
    return code


def _page(
    team_id: int, given: dict[str, Any], wanted: SubjectSearch, wrong: WrongInput | None
) -> ResponseReturnValue:
    """Return the form. `given`: what stands in its fields; `wanted`: what it looks for."""
    with state().database.reading() as session:
        page = choosing.plan_page(
            session,
            state().library,
            wanted,
            user_id=current_user.id,
            team_id=team_id,
            today=state().today(),
        )
    errors = {}
    if wrong is not None:
        errors[wrong.field or "dilemma"] = wrong.sentence
    chosen = None
    if given.get("soort") == STELLINGEN_KIND:
        chosen = given["stelling"]
    html = render_template(
        "intervisie/plan/page.html",
        page=page,
        given=given,
        errors=errors,
        kind=given.get("soort") or "dilemma",
        sets=stellingen_sets(),
        chosen=chosen,
        looking_back=LOOKING_BACK,
    )
    response = make_response(html)
    if wrong is not None:
        response.status_code = wrong.status
    return response
