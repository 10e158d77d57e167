"""The page "Herinneringen" under Account, and the link that ends the mail without signing in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.keys import Use
from kopkrakers.reminders import service
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.pages.forms import DAYS, NO_MAIL, TIME_CHOICES, MailForm
from kopkrakers.reminders.pages.words import MAIL_STOPPED, mail_in_words
from kopkrakers.reminders.rules import USUAL_TIME
from kopkrakers.reminders.sealing import person_of_token
from kopkrakers.web import access, csrf
from kopkrakers.web.limits import limited
from kopkrakers.web.state import state

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/account/herinneringen")
@access.signed_in
def reminders() -> str:
    """Return what this person is reminded of, and what they can choose."""
    return _page(None)


@blueprint.post("/account/herinneringen/mail")
@access.signed_in
def choose_mail() -> ResponseReturnValue:
    """Mail the titles of the week on the chosen day, or no longer."""
    form = MailForm()
    if not form.validate():
        return _page(form), 422
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


def _page(form: MailForm | None) -> str:
    with state().database.reading() as session:
        wishes = service.wishes_of(session, current_user.id)
    mail = wishes.get(Kind.MAIL)
    if form is None:
        form = MailForm(
            formdata=None,
            dag=NO_MAIL if mail is None else str(mail.weekday),
            tijd=str(USUAL_TIME if mail is None else mail.at),
        )
    return render_template(
        "reminders/page.html",
        mail=form,
        days=DAYS,
        times=TIME_CHOICES,
        sends_mail=state().settings.sends_mail,
    )
