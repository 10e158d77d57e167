"""A pause of the reminders: one tap, no reason asked, and one to end it."""

from datetime import date, timedelta

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import StringField

from kopkrakers.accounts import pauses
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.account import account_page
from kopkrakers.base.dutch import day
from kopkrakers.base.errors import WrongInput
from kopkrakers.web import access
from kopkrakers.web.forms import Form
from kopkrakers.web.state import state

WEEKS = {"1": 7, "2": 14, "4": 28}
"""Days of a pause by the button that was pressed."""
LONGEST = 366
"""Days. Who stays away longer pauses once more."""
NO_DAY = "Kies een dag, zoals {example}."
TOO_EARLY = "Kies vandaag of een dag die nog komt."
TOO_LATE = "Kies een dag binnen een jaar."


class PauseForm(Form):
    """A pause, by its weeks or by its last day."""

    weken = StringField()
    tot = StringField()

    def last_day(self, today: date) -> date:
        """Return the last day of the pause. Raises: WrongInput."""
        if self.weken.data in WEEKS:
            return today + timedelta(days=WEEKS[self.weken.data])
        try:
            last_day = date.fromisoformat((self.tot.data or "").strip())
        except ValueError:
            example = (today + timedelta(days=7)).isoformat()
            raise WrongInput(NO_DAY.format(example=example), "tot") from None
        if last_day < today:
            raise WrongInput(TOO_EARLY, "tot")
        if last_day > today + timedelta(days=LONGEST):
            raise WrongInput(TOO_LATE, "tot")
        return last_day


@blueprint.post("/account/pauze")
@access.signed_in
def pause() -> ResponseReturnValue:
    """Let the reminders of the visitor rest up to and including a day."""
    form, today = PauseForm(), state().today()
    try:
        last_day = form.last_day(today)
    except WrongInput as error:
        form.refuse(error)
        return account_page(form.faults, form.tot.data or ""), error.status
    with state().database.transaction() as session:
        pauses.pause(session, current_user.id, last_day=last_day, today=today)
    flash(f"Je hebt pauze tot en met {day(last_day)}. Tot dan krijg je geen herinneringen.", "ok")
    return redirect(url_for("accounts.account", _anchor="pauze"), 303)


@blueprint.post("/account/pauze/stop")
@access.signed_in
def end_pause() -> ResponseReturnValue:
    """Let the reminders of the visitor come again."""
    with state().database.transaction() as session:
        pauses.end_pause(session, current_user.id)
    flash("Je pauze is voorbij. Wat je aan herinneringen koos, komt weer.", "ok")
    return redirect(url_for("accounts.account", _anchor="pauze"), 303)
