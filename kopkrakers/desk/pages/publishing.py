"""Two pairs of eyes: asking for a second reader, publishing, sending back, withdrawing."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.errors import KopkrakersError, NotAllowed, TooLate
from kopkrakers.desk.editor.service import (
    ask_reader,
    desk_card,
    publish,
    send_back,
    withdraw_card,
)
from kopkrakers.desk.editor.together import remark
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.editor import CARD, InEditor, check, editor_page
from kopkrakers.desk.pages.forms import ReasonForm
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.state import state

FAULTY = "Er zit nog een fout in deze kaart. Los die eerst op, en bewaar."
VERSION = f"{CARD}/versies/<int:number>"


@blueprint.post(f"{VERSION}/vraag")
@access.role(Role.REDACTEUR)
def ask(slug: str, number: int) -> ResponseReturnValue:
    """Ask for a second reader of the newest version."""
    try:
        _hold_faultless(slug, number)
        with state().database.transaction() as session:
            ask_reader(session, slug, number, by=current_user.id)
            note(session, Deed.DESK_ASKED, detail=slug)
    except (TooLate, NotAllowed) as error:
        return _refused(slug, error)
    flash("Een andere redacteur kan de kaart nu lezen en publiceren.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{VERSION}/publiceer")
@access.role(Role.REDACTEUR)
def put_on_site(slug: str, number: int) -> ResponseReturnValue:
    """Publish the version that waits; within a second every process shows it."""
    try:
        _hold_faultless(slug, number)
        with state().database.transaction() as session:
            alone = state().settings.desk_of_one
            publish(session, slug, number, by=current_user.id, alone=alone)
            note(session, Deed.DESK_PUBLISHED, detail=slug)
    except (TooLate, NotAllowed) as error:
        return _refused(slug, error)
    flash("De kaart staat binnen een seconde op de site. De kalender geeft haar een dag.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{VERSION}/terug")
@access.role(Role.REDACTEUR)
def give_back(slug: str, number: int) -> ResponseReturnValue:
    """End the question: the card is not ready."""
    try:
        with state().database.transaction() as session:
            send_back(session, slug, number)
            note(session, Deed.DESK_SENT_BACK, detail=slug)
    except TooLate as error:
        return _refused(slug, error)
    flash("De kaart is terug bij wie haar schreef.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{CARD}/intrekken")
@access.role(Role.REDACTEUR)
@asks_again
def withdraw(slug: str) -> ResponseReturnValue:
    """Withdraw a card at once, with a reason that stays in the trail and beside the card."""
    form = ReasonForm(needed="Schrijf waarom je de kaart intrekt.")
    try:
        if not form.validate():
            raise NotAllowed(next(iter(form.faults.values())))
        with state().database.transaction() as session:
            by, today, reason = current_user.id, state().today(), form.tekst.data
            number = withdraw_card(session, slug, by=by, today=today)
            # whole, for the trail keeps the beginning of a long one
            remark(session, slug, number, "", reason, by=by, today=today)
            note(session, Deed.DESK_WITHDRAWN, detail=f"{slug}. {reason}")
    except (TooLate, NotAllowed) as error:
        return _refused(slug, error)
    flash("De kaart is weg van de site. Wat wacht in de bus, wordt nog geteld.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


def _hold_faultless(slug: str, number: int) -> None:
    with state().database.reading() as session:
        text = desk_card(session, slug).version(number).source
    # checked once more: another card, or the day, may have made a fault of it since
    if check(slug, text).faults:
        raise NotAllowed(FAULTY)


def _refused(slug: str, error: KopkrakersError) -> ResponseReturnValue:
    with state().database.reading() as session:
        card = desk_card(session, slug)
    typed = InEditor(card.newest.source, card.newest.number, alert=error.sentence)
    page = editor_page(card, typed)
    return page, error.status
