"""The calendar in the browser."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.base.typed import by_name
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.forms import DayForm
from kopkrakers.desk.planning.service import (
    NO_DAY,
    SHOWN_DAYS,
    coming_days,
    free_day,
    give_day,
    is_far,
)
from kopkrakers.web import access
from kopkrakers.web.state import state

CALENDAR = "/redactie/kalender"


@blueprint.get(CALENDAR)
@access.role(Role.REDACTEUR)
def calendar() -> str:
    """Show the coming days, each with a way to give it another card."""
    return _page()


@blueprint.get(f"{CALENDAR}/<day>")
@access.role(Role.REDACTEUR)
def calendar_day(day: str) -> str:
    """Show one day, with the cards that it can get."""
    return _day_page(_read_day(day))


@blueprint.post(f"{CALENDAR}/<day>")
@access.role(Role.REDACTEUR)
def change_day(day: str) -> ResponseReturnValue:
    """Give a day another card; one that stands on another day changes places."""
    on = _read_day(day)
    form = DayForm()
    slug, shown = form.kaart.data, form.stond.data
    try:
        with state().database.transaction() as session:
            give_day(session, state().library, on, slug, shown=shown, today=state().today())
            note(session, Deed.DESK_PLANNED, detail=f"{on.isoformat()} {slug}"[:200])
    except WrongInput as error:
        return _day_page(on, error.sentence), 422
    except TooLate as error:
        return _page(error.sentence), 409
    flash(f"De kalender van {day_in_words(on)} is veranderd.", "ok")
    return redirect(url_for("desk.calendar"), 303)


@blueprint.post(f"{CALENDAR}/<day>/vrij")
@access.role(Role.REDACTEUR)
def leave_day(day: str) -> ResponseReturnValue:
    """Leave a day that was held to the calendar again."""
    on = _read_day(day)
    try:
        with state().database.transaction() as session:
            free_day(session, on, shown=DayForm().stond.data, today=state().today())
            note(session, Deed.DESK_PLANNED, detail=f"{on.isoformat()} vrij")
    except TooLate as error:
        return _page(error.sentence), 409
    flash(f"Voor {day_in_words(on)} kiest de kalender straks een kaart.", "ok")
    return redirect(url_for("desk.calendar"), 303)


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotYours(NO_DAY) from None


def _page(alert: str = "") -> str:
    with state().database.reading() as session:
        days = coming_days(session, state().library, state().today())
    near = [planned for planned in days if not is_far(planned.day, state().today())]
    return render_template(
        "desk/planning/calendar.html",
        near=near,
        later=days[len(near) :],
        shown_days=SHOWN_DAYS,
        alert=alert,
    )


def _day_page(on: date, alert: str = "") -> str:
    with state().database.reading() as session:
        days = coming_days(session, state().library, state().today())
    that_day = [planned for planned in days if planned.day == on]
    if not that_day:
        raise NotYours(NO_DAY)
    return render_template(
        "desk/planning/day.html",
        planned=that_day[0],
        on_days={planned.slug: planned.day for planned in days if planned.slug},
        cards=by_name(state().library.planned_cards().values(), lambda card: card.title_in_list),
        alert=alert,
    )
