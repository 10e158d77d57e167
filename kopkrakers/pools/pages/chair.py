"""Say at the own account whether one leads: from which chair one answers."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField

from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.base.errors import NotAllowed
from kopkrakers.pools.chairs import choose_chair, chosen_chair
from kopkrakers.pools.pages import blueprint
from kopkrakers.web import access
from kopkrakers.web.forms import Form
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

NO_VOTE = "Met jouw rol kies je niet mee. Daarom heb je geen stoel."
LEADS = (
    "Je geeft leiding. Vanaf maandag antwoord je vanuit die stoel op dilemma’s van "
    "leidinggevenden. Wat nu open is, beantwoord je nog vanuit je oude stoel."
)
DOES_NOT = (
    "Je geeft geen leiding. Dat geldt voor dilemma’s die nog openen. Wat nu open is, beantwoord je "
    "nog vanuit je oude stoel."
)


class ChairForm(Form):
    """The one tick."""

    leiding = BooleanField()


@blueprint.post("/account/stoel")
@access.signed_in
def choose() -> ResponseReturnValue:
    """Keep whether the visitor leads, for editions that open later."""
    if VOTING_ROLES.isdisjoint(current_user.roles):
        raise NotAllowed(NO_VOTE)
    form, user_id = ChairForm(), current_user.id
    slow_down("stoel", str(user_id), at_most=20, minutes=60)
    leads = bool(form.leiding.data)
    with state().database.transaction() as session:
        # what was chosen already is not chosen again: its day would move
        if leads is not chosen_chair(session, user_id):
            choose_chair(session, state().row_keys, user_id, leads=leads, today=state().today())
    flash(LEADS if leads else DOES_NOT, "ok")
    return redirect(url_for("accounts.account", _anchor="stoel"), 303)


def own_chair() -> bool:
    """Return whether the visitor chose to lead."""
    with state().database.reading() as session:
        return bool(chosen_chair(session, current_user.id))
