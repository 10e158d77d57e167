"""The page "Herinneringen" under Account, and the link that ends the mail without signing in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.keys import Use
from kopkrakers.reminders import service
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.pages.forms import (
    DAYS,
    NO_MAIL,
    TIME_CHOICES,
    MailForm,
    PushForm,
)
from kopkrakers.reminders.pages.words import MAIL_STOPPED, mail_in_words
from kopkrakers.reminders.push.server_key import public_key
from kopkrakers.reminders.push.subscription import opened_subscription
from kopkrakers.reminders.rules import USUAL_TIME
from kopkrakers.reminders.sealing import person_of_token
from kopkrakers.reminders.service import Wish
from kopkrakers.web import access, csrf
from kopkrakers.web.limits import limited
from kopkrakers.web.state import state

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/account/herinneringen")
@access.signed_in
def reminders() -> str:
    """Return what this person is reminded of, and what they can choose."""
    return reminders_page()


@blueprint.post("/account/herinneringen/mail")
@access.signed_in
def choose_mail() -> ResponseReturnValue:
    """Mail the titles of the week on the chosen day, or no longer."""
    form = MailForm()
    if not form.validate():
        return reminders_page(mail=form), 422
    wish, user_id = form.wish, current_user.id
    with state().database.transaction() as session:
        if wish is None:
            service.stop(session, user_id, Kind.MAIL)
        else:
            service.ask_for(session, user_id, Kind.MAIL, wish, state().today())
    flash(MAIL_STOPPED if wish is None else mail_in_words(wish), "ok")
    return redirect(url_for("reminders.reminders"), 303)


@blueprint.get("/herinneringen/uit/<token>")
@access.public
@limited(60, minutes=15)
def end_mail_page(token: str) -> str:
    """Ask whether the mail is to stop: programs that look at the links in a mail end nothing."""
    person_of_token(state().keys(Use.REMINDERS), token)
    return render_template("reminders/end.html", token=token, ended=False)


@blueprint.post("/herinneringen/uit/<token>")
@access.public
@csrf.by_secret_address
@limited(60, minutes=15)
def end_mail(token: str) -> str:
    """End the mail of whom the link is for, signed in or not; a second time changes nothing."""
    user_id = person_of_token(state().keys(Use.REMINDERS), token)
    with state().database.transaction() as session:
        service.stop(session, user_id, Kind.MAIL)
    return render_template("reminders/end.html", token=token, ended=True)


def reminders_page(*, mail: MailForm | None = None, push: PushForm | None = None) -> str:
    """Return the page, with a form that came back where one did."""
    settings, own_key = state().settings, public_key(state().settings)
    with state().database.reading() as session:
        wishes = service.wishes_of(session, current_user.id)
    by_push = wishes.get(Kind.PUSH)
    device = None
    if by_push is not None:
        kept = opened_subscription(state().keys(Use.REMINDERS), by_push.sealed)
        # one that was made with another key of the server gets no message any more
        if kept is not None and kept.server_key == own_key:
            device = kept.device
        else:
            device = None
    return render_template(
        "reminders/page.html",
        mail=mail or _mail_form(wishes.get(Kind.MAIL)),
        push=push or _push_form(by_push),
        device=device,
        public_key=own_key,
        days=DAYS,
        times=TIME_CHOICES,
        sends_mail=settings.sends_mail,
    )


def _mail_form(wish: Wish | None) -> MailForm:
    if wish is None:
        return MailForm(formdata=None, dag=NO_MAIL, tijd=str(USUAL_TIME))
    return MailForm(formdata=None, dag=str(wish.weekday), tijd=str(wish.at))


def _push_form(wish: Wish | None) -> PushForm:
    if wish is None:
        at = USUAL_TIME
    else:
        at = wish.at
    return PushForm(formdata=None, melding_tijd=str(at))
