"""Remarks of redacteuren on a card of the desk."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.desk.editor.service import desk_card, send_back
from kopkrakers.desk.editor.together import remark, solve
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.editor import CARD, InEditor, editor_page
from kopkrakers.desk.pages.forms import RemarkForm
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.state import state

LONGEST_PART = 30
SENT_BACK = "De kaart is teruggestuurd. Je opmerking staat erbij."


@blueprint.post(f"{CARD}/opmerking")
@access.role(Role.REDACTEUR)
@asks_again
def leave_remark(slug: str) -> ResponseReturnValue:
    """Leave a remark, and with the other button send the card back with it."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    form, text = RemarkForm(), card.newest.source
    part, number = (form.deel.data or "")[:LONGEST_PART], card.newest.number
    try:
        if not form.validate():
            raise WrongInput(next(iter(form.faults.values())))
        with state().database.transaction() as session:
            today, by = state().today(), current_user.id
            remark(session, slug, number, part, form.opmerking.data, by=by, today=today)
            if form.sends_back:
                send_back(session, slug, number)
                note(session, Deed.DESK_SENT_BACK, detail=slug)
    except (WrongInput, TooLate) as error:
        typed = InEditor(text, number, alert=error.sentence, remark=form.opmerking.data or "")
        return editor_page(card, typed), error.status
    flash(SENT_BACK if form.sends_back else "Je opmerking staat bij de kaart.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{CARD}/opmerking/<remark_id>/klaar")
@access.role(Role.REDACTEUR)
def solve_remark(slug: str, remark_id: str) -> ResponseReturnValue:
    """Say that a remark is done."""
    try:
        with state().database.transaction() as session:
            solve(session, slug, remark_id)
    except TooLate as error:
        flash(error.sentence, "error")
    return redirect(url_for("desk.edit_card", slug=slug), 303)
