"""Push messages, on the page "Herinneringen": on one device of a person, at a chosen time."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.keys import Use
from kopkrakers.reminders import service
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.pages.forms import PushForm
from kopkrakers.reminders.pages.routes import blueprint, reminders_page
from kopkrakers.reminders.pages.words import NEEDS_SCRIPT, PUSH_STOPPED, push_in_words
from kopkrakers.reminders.push.server_key import public_key
from kopkrakers.reminders.push.subscription import (
    Subscription,
    checked,
    opened_subscription,
    sealed_subscription,
)
from kopkrakers.reminders.service import Wish
from kopkrakers.web import access
from kopkrakers.web.state import state

__all__ = ["blueprint"]


@blueprint.post("/account/herinneringen/melding")
@access.signed_in
def choose_push() -> ResponseReturnValue:
    """Push at the chosen time, to the device that sent this or to the one there already is."""
    form, own_key = PushForm(), public_key(state().settings)
    if own_key is None:
        raise NotYours
    if not form.validate():
        return reminders_page(push=form), 422
    at = int(form.melding_tijd.data)
    try:
        sealed = _subscription_of(form, own_key)
    except WrongInput as error:
        form.refuse(error)
        return reminders_page(push=form), 422
    with state().database.transaction() as session:
        service.ask_for(
            session, current_user.id, Kind.PUSH, Wish(at, sealed=sealed), state().today()
        )
    flash(push_in_words(at), "ok")
    return redirect(url_for("reminders.reminders"), 303)


@blueprint.post("/account/herinneringen/melding/uit")
@access.signed_in
def stop_push() -> ResponseReturnValue:
    """Push no longer, and forget the device."""
    with state().database.transaction() as session:
        service.stop(session, current_user.id, Kind.PUSH)
    flash(PUSH_STOPPED, "ok")
    return redirect(url_for("reminders.reminders"), 303)


def _subscription_of(form: PushForm, own_key: str) -> bytes:
    """Return the sealed subscription that was sent, or else the one that is kept.

    Raises: WrongInput when it cannot be used, or when there is none.
    """
    keys = state().keys(Use.REMINDERS)
    sent = (form.adres.data or "", form.sleutel.data or "", form.geheim.data or "")
    if any(sent):
        return sealed_subscription(keys, checked(Subscription(*sent, server_key=own_key)))
    with state().database.reading() as session:
        kept = service.wishes_of(session, current_user.id).get(Kind.PUSH)
    if kept is None or opened_subscription(keys, kept.sealed) is None:
        raise WrongInput(NEEDS_SCRIPT)
    return kept.sealed or b""
