"""The team's page and its agenda."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.words import RHYTHM_CHOICES
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Use
from kopkrakers.base.typed import clean_line
from kopkrakers.intervisie.agenda import service
from kopkrakers.intervisie.pages import listing
from kopkrakers.web import access
from kopkrakers.web.forms import Form, asked_page, by_rule
from kopkrakers.web.state import state

blueprint = Blueprint("intervisie", __name__)


class AgendaForm(Form):
    """A dilemma on, or off, the agenda of a team."""

    dilemma = StringField(validators=[InputRequired(), by_rule(clean_line)])
    team = IntegerField(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])


@blueprint.get("/team")
@access.signed_in
def team() -> ResponseReturnValue:
    """Show the first of this person's teams."""
    return _page(None)


@blueprint.get(f"/team/<int(max={LARGEST_ID}):team_id>")
@access.signed_in
def one_team(team_id: int) -> ResponseReturnValue:
    """Show one of this person's teams."""
    return _page(team_id)


@blueprint.post("/team/agenda")
@access.signed_in
def add_to_agenda() -> ResponseReturnValue:
    """Put a dilemma on the agenda."""
    dilemma, team_id = _asked_for()
    with state().database.transaction() as session:
        added = service.add_wish(
            session,
            state().library,
            user_id=current_user.id,
            team_id=team_id,
            dilemma=dilemma,
            keys=state().keys(Use.WISHES),
        )
    if "HX-Request" in request.headers:
        return render_template("intervisie/team/_added.html", added=added)
    return redirect(url_for("intervisie.one_team", team_id=added.team.id, _anchor="agenda"), 303)


@blueprint.post("/team/agenda/verwijderen")
@access.role(Role.BEGELEIDER)
def remove_from_agenda() -> ResponseReturnValue:
    """Take a dilemma off the agenda."""
    dilemma, team_id = _asked_for()
    with state().database.transaction() as session:
        service.remove_from_agenda(
            session, user_id=current_user.id, team_id=team_id, dilemma=dilemma
        )
    flash("Het dilemma is van jullie agenda.", "ok")
    return redirect(url_for("intervisie.one_team", team_id=team_id, _anchor="agenda"), 303)


def _page(team_id: int | None) -> ResponseReturnValue:
    with state().database.reading() as session:
        page = service.team_page(session, state().library, user_id=current_user.id, team_id=team_id)
        if page is None:
            return render_template("intervisie/team/no_team.html")
        sessions = listing.team_sessions(
            session,
            user_id=current_user.id,
            team_id=page.team.id,
            page=asked_page("verslagen"),
            of_sessions=asked_page("sessies"),
        )
    leads = Role.BEGELEIDER in current_user.roles
    return render_template(
        "intervisie/team/page.html",
        page=page,
        sessions=sessions,
        leads=leads,
        rhythms=RHYTHM_CHOICES,
    )


def _asked_for() -> tuple[str, int]:
    form = AgendaForm()
    if not form.validate():
        raise WrongInput("Kies een team en een dilemma. Ga terug en probeer het opnieuw.")
    return form.dilemma.data, form.team.data
