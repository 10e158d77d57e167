"""What beheerders do with the second step of others: ask it of a role, and take it away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import people
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.browser.session import forget_browser, own_hash
from kopkrakers.accounts.pages.forms import RolesForm
from kopkrakers.accounts.pages.people import PERSON
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.trail import note, role_words
from kopkrakers.accounts.pages.words import ROLE_NAMES
from kopkrakers.accounts.second_step import keeping, requiring
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.errors import NotAllowed
from kopkrakers.web import access
from kopkrakers.web.state import state

STILL_OPEN = frozenset(
    {"accounts.own_second_step", "accounts.set_up_second_step", "accounts.keep_second_step"}
)
"""Pages for whoever has to set up a second step first, beside the public ones."""


# D-126
@blueprint.before_app_request
def lead_to_second_step() -> ResponseReturnValue | None:
    """Lead whoever owes a second step to the page that sets it up. Public pages stay open."""
    if request.endpoint is None or request.endpoint in STILL_OPEN or access.is_open_to_all():
        return None
    if not current_user.is_authenticated or not current_user.owes_second_step:
        return None
    with state().database.reading() as reading:
        has_one = keeping.has_second_step(reading, current_user.id)
    # set up a moment ago, and this process still remembered how it was
    if has_one:
        forget_browser(own_hash())
        return None
    return redirect(url_for("accounts.own_second_step"), 303)


@blueprint.get("/beheer/tweede-stap")
@access.role(Role.BEHEERDER)
def required_second_step() -> str:
    """Return the form that says of which roles a second step is asked."""
    with state().database.reading() as session:
        asked = requiring.asked_roles(session, current_user.gemeente_id)
        without = requiring.people_without(session, current_user.gemeente_id)
    return render_template(
        "accounts/second_step/required.html",
        roles=requiring.ROLES,
        names=ROLE_NAMES,
        asked=asked,
        without=without,
        today=state().today(),
    )


@blueprint.post("/beheer/tweede-stap")
@access.role(Role.BEHEERDER)
@asks_password
def require_second_step() -> ResponseReturnValue:
    """Ask a second step of the chosen roles and no others, from tomorrow on."""
    roles = requiring.roles_to_ask(RolesForm().rollen.data or [])
    with state().database.transaction() as session:
        gemeente_id = current_user.gemeente_id
        if requiring.ask_of(session, gemeente_id, roles, today=state().today()):
            note(session, Deed.SECOND_STEP_ROLES, detail=role_words(roles) or "niemand")
    flash("Het is bewaard.", "ok")
    return redirect(url_for("accounts.required_second_step"), 303)


@blueprint.post(f"{PERSON}/tweede-stap-weg")
@access.role(Role.BEHEERDER)
@asks_password
def end_second_step(user_id: int) -> ResponseReturnValue:
    """Take the second step of somebody away who lost their phone and their codes."""
    if user_id == current_user.id:
        raise NotAllowed("Je eigen tweede stap haal je weg bij Account.")
    with state().database.transaction() as writing:
        line = people.person(writing, current_user.gemeente_id, user_id)
        if keeping.forget_second_step(writing, user_id):
            note(writing, Deed.SECOND_STEP, person_id=user_id)
    flash(f"{line.name} logt nu in met alleen een wachtwoord.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)
