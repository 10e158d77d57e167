"""The inbox of redacteuren in the browser."""

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.pages.words import DEEDS
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.accounts.trail.reading import actions_of_desk
from kopkrakers.base.errors import TooLate
from kopkrakers.catalogue.library import titles_of
from kopkrakers.desk.editor.service import desk_cards
from kopkrakers.desk.inbox.reports import reports
from kopkrakers.desk.inbox.service import (
    answer_case,
    decline_case,
    inbox,
    inbox_case,
    take_case,
)
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.forms import ReasonForm, TakeForm
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state

CASE = "/redactie/ingezonden/<key>"
ENDINGS = {
    "card": "wordt een kaart",
    "declined": "niet geplaatst",
}

SOON = timedelta(weeks=4)
"""The time before the day for which facts must be checked, in which a redacteur sees that."""


@blueprint.get("/redactie")
@access.role(Role.REDACTEUR)
def desk() -> str:
    """Show what waits: what was sent in, faulty cards, and cards to check again, now or soon."""
    library, today = state().library, state().today()
    with state().database.reading() as session:
        open_cases = inbox(session, asked_page("ingezonden"), is_open=True)
        done_cases = inbox(session, asked_page("afgehandeld"), is_open=False)
        told = reports(session, asked_page("meldingen"))
        at_desk = desk_cards(session)
    waiting = [line for line in at_desk if line.asked is not None]
    due = [card for card in library.cards().values() if card.is_due(today + SOON)]
    return render_template(
        "desk/inbox/desk.html",
        open_cases=open_cases,
        done_cases=done_cases,
        waiting=waiting,
        reports=told,
        titles=titles_of(library.planned_cards()),
        endings=ENDINGS,
        faults=library.faults(),
        due=sorted(due, key=lambda card: card.recheck_on),
        today=today,
        at_desk={line.slug for line in at_desk},
    )


@blueprint.get(CASE)
@access.role(Role.REDACTEUR)
def sent_case(key: str) -> str:
    """Show one case."""
    return _case_page(key, ReasonForm(), ReasonForm())


@blueprint.post(f"{CASE}/oppakken")
@access.role(Role.REDACTEUR)
def take_up(key: str) -> ResponseReturnValue:
    """Take a case up, or over from whoever has it."""
    try:
        with state().database.transaction() as session:
            take_case(session, key, by=current_user.id, shown=TakeForm().had.data)
            note(session, Deed.DESK_TAKEN)
    except TooLate as error:
        return _case_page(key, ReasonForm(), ReasonForm(), error.sentence), 409
    flash("Dit verhaal is nu van jou. De inzender leest dat het in bewerking is.", "ok")
    return redirect(url_for("desk.sent_case", key=key), 303)


@blueprint.post(f"{CASE}/antwoord")
@access.role(Role.REDACTEUR)
@asks_again
def reply(key: str) -> ResponseReturnValue:
    """Say something to the sender, who reads it by the code."""
    form = ReasonForm(needed="Schrijf wat je de inzender wilt zeggen.")
    if not form.validate():
        return _case_page(key, form, ReasonForm(formdata=None)), 422
    try:
        with state().database.transaction() as session:
            answer_case(session, key, form.tekst.data, by=current_user.id)
            note(session, Deed.DESK_REPLIED)
    except TooLate as error:
        return _case_page(key, form, ReasonForm(formdata=None), error.sentence), 409
    flash("De inzender leest je antwoord met de code.", "ok")
    return redirect(url_for("desk.sent_case", key=key), 303)


@blueprint.post(f"{CASE}/niet-plaatsen")
@access.role(Role.REDACTEUR)
@asks_again
def decline(key: str) -> ResponseReturnValue:
    """Decline a case, with a reason that its sender reads."""
    form = ReasonForm(needed="Schrijf waarom. De inzender leest het.")
    if not form.validate():
        return _case_page(key, ReasonForm(formdata=None), form), 422
    try:
        with state().database.transaction() as session:
            decline_case(session, key, form.tekst.data, by=current_user.id)
            note(session, Deed.DESK_DECLINED)
    except TooLate as error:
        return _case_page(key, ReasonForm(formdata=None), form, error.sentence), 409
    flash("Dit verhaal wordt niet geplaatst. De inzender leest waarom.", "ok")
    return redirect(url_for("desk.desk"), 303)


@blueprint.get("/redactie/handelingen")
@access.role(Role.REDACTEUR)
def desk_actions() -> str:
    """Show who did what at the desk."""
    with state().database.reading() as session:
        actions = actions_of_desk(session, asked_page("pagina"))
    return render_template("desk/inbox/actions.html", actions=actions, deeds=DEEDS)


def _case_page(key: str, answer: ReasonForm, reason: ReasonForm, alert: str = "") -> str:
    with state().database.reading() as session:
        case = inbox_case(session, key)
    return render_template(
        "desk/inbox/case.html",
        case=case,
        is_mine=case.taken_by == current_user.id,
        endings=ENDINGS,
        answer=answer,
        reason=reason,
        alert=alert,
    )
