"""The page on which a begeleider or beheerder lets a team hear of its dilemma in a channel."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Use
from kopkrakers.reminders import team_hooks
from kopkrakers.reminders.pages.forms import TIME_CHOICES, TeamHookForm
from kopkrakers.reminders.pages.words import TEAM_STOPPED, team_in_words
from kopkrakers.reminders.rules import USUAL_TIME
from kopkrakers.web import access
from kopkrakers.web.state import state

blueprint = Blueprint("team_hooks", __name__)
PAGE = f"/team/<int(max={LARGEST_ID}):team_id>/bericht"


@blueprint.get(PAGE)
@access.role(Role.BEGELEIDER, Role.BEHEERDER)
def team_hook(team_id: int) -> str:
    """Return where the team hears of its dilemma, and the form for another address."""
    return _page(team_id, None)


@blueprint.post(PAGE)
@access.role(Role.BEGELEIDER, Role.BEHEERDER)
def set_team_hook(team_id: int) -> ResponseReturnValue:
    """Let the team hear of its dilemma at this address and time."""
    name = _managed_name(team_id)
    form = TeamHookForm()
    if not form.validate():
        return _page(team_id, form), 422
    at = int(form.tijd.data)
    try:
        hosts = state().settings.webhook_hosts
        address = team_hooks.allowed_address(form.adres.data or "", hosts)
    except WrongInput as error:
        form.refuse(error)
        return _page(team_id, form), 422
    with state().database.transaction() as session:
        team_hooks.set_hook(
            session,
            team_id,
            address,
            at=at,
            keys=state().keys(Use.REMINDERS),
            today=state().today(),
        )
        note(session, Deed.CHANNEL_SET, detail=name)
    flash(team_in_words(at), "ok")
    return redirect(url_for("team_hooks.team_hook", team_id=team_id), 303)


@blueprint.post(f"{PAGE}/uit")
@access.role(Role.BEGELEIDER, Role.BEHEERDER)
def remove_team_hook(team_id: int) -> ResponseReturnValue:
    """Let the team hear no more."""
    name = _managed_name(team_id)
    with state().database.transaction() as session:
        team_hooks.remove_hook(session, team_id)
        note(session, Deed.CHANNEL_REMOVED, detail=name)
    flash(TEAM_STOPPED, "ok")
    return redirect(url_for("team_hooks.team_hook", team_id=team_id), 303)


def _managed_name(team_id: int) -> str:
    """Return the name of a team that the visitor looks after. Raises: NotYours."""
    with state().database.reading() as session:
        return team_hooks.name_of_managed(session, current_user, team_id)


def _page(team_id: int, form: TeamHookForm | None) -> str:
    with state().database.reading() as session:
        name = team_hooks.name_of_managed(session, current_user, team_id)
        hook = team_hooks.hook_of(session, team_id, state().keys(Use.REMINDERS))
    if form is None:
        form = TeamHookForm(formdata=None, tijd=str(USUAL_TIME if hook is None else hook.at))
    is_beheerder = Role.BEHEERDER in current_user.roles
    return render_template(
        "reminders/team.html",
        form=form,
        hook=hook,
        team_id=team_id,
        team_name=name,
        times=TIME_CHOICES,
        hosts=state().settings.webhook_hosts,
        way_back=url_for("accounts.team", team_id=team_id) if is_beheerder else f"/team/{team_id}",
    )
