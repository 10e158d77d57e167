"""The page "Dilemma in je agenda" under Account, and the file that a calendar fetches."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import StringField

from kopkrakers.base.errors import NotYours, TooMany
from kopkrakers.reminders.feed import service, writing
from kopkrakers.reminders.pages.forms import TIME_CHOICES, is_offered_time
from kopkrakers.reminders.rules import USUAL_TIME, time_in_words
from kopkrakers.web import access
from kopkrakers.web.forms import Form
from kopkrakers.web.limits import slow_down, slow_down_here
from kopkrakers.web.state import state

WRONG_LINKS = 60
"""Addresses that are none, from one network address in a quarter of an hour."""
NEW_LINKS = 20

blueprint = Blueprint("agendalink", __name__)


class FeedForm(Form):
    """At what time of the day."""

    tijd = StringField(validators=[is_offered_time])


@blueprint.get("/account/agenda")
@access.signed_in
def own_feed() -> str:
    """Return whether this person has a feed, and what they can do with it."""
    return _page(None, "")


@blueprint.post("/account/agenda")
@access.signed_in
def make_link() -> ResponseReturnValue:
    """Make a feed, or give it a new address, which is shown this once."""
    form = FeedForm()
    if not form.validate():
        return _page(form, ""), 422
    try:
        slow_down("calendar link", str(current_user.id), at_most=NEW_LINKS, minutes=60)
    except TooMany as error:
        form.refuse(error)
        return _page(form, ""), error.status
    with state().database.transaction() as session:
        token = service.make_feed(session, current_user.id, int(form.tijd.data))
    return _page(None, token)


@blueprint.post("/account/agenda/tijd")
@access.signed_in
def change_hour() -> ResponseReturnValue:
    """Move the time of day; the address stays as it is."""
    form = FeedForm()
    if not form.validate():
        return _page(form, ""), 422
    at = int(form.tijd.data)
    with state().database.transaction() as session:
        service.change_time(session, current_user.id, at)
    flash(f"Het staat voortaan om {time_in_words(at)} in je agenda.", "ok")
    return redirect(url_for("agendalink.own_feed"), 303)


@blueprint.post("/account/agenda/stop")
@access.signed_in
def revoke_own() -> ResponseReturnValue:
    """Let the address stop."""
    with state().database.transaction() as session:
        service.revoke_feed(session, current_user.id)
    flash("De agendalink werkt niet meer. Haal de agenda nu ook uit je eigen agenda weg.", "ok")
    return redirect(url_for("agendalink.own_feed"), 303)


@blueprint.get("/agenda/<token>.ics")
@access.public
def calendar_file(token: str) -> ResponseReturnValue:
    """Return the calendar behind a secret address. Sets no cookie and keeps nothing."""
    today = state().today()
    try:
        with state().database.reading() as session:
            feed = service.find_feed(session, token)
            entries = service.entries_of(session, state().library, feed, today)
    except NotYours:
        # wrong addresses alone are counted: a calendar that is right may look as often as it likes
        slow_down_here("wrong calendar link", at_most=WRONG_LINKS, minutes=15)
        raise
    day_url = f"{state().settings.base_url}/"
    response = Response(
        writing.feed_file(entries, feed.at, day_url, today=today), mimetype="text/calendar"
    )
    # asked again each time, so that a day that was changed is there at the next look
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _page(form: FeedForm | None, token: str) -> str:
    with state().database.reading() as session:
        at = service.time_of_feed(session, current_user.id)
    if form is None:
        form = FeedForm(formdata=None, tijd=str(USUAL_TIME if at is None else at))
    base_url = state().settings.base_url
    return render_template(
        "reminders/feed.html",
        form=form,
        times=TIME_CHOICES,
        at=None if at is None else time_in_words(at),
        link=f"{base_url}/agenda/{token}.ics" if token else "",
    )
