"""Sending in a case, and hearing by its code what became of it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.errors import NotYours, TooLate, TooMany
from kopkrakers.base.keys import Use
from kopkrakers.base.typed import in_fours
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.forms import FollowForm, SendForm
from kopkrakers.desk.sending.codes import code_of, is_nonce, new_nonce
from kopkrakers.desk.sending.marks import Mark, for_device, marks_in
from kopkrakers.desk.sending.service import (
    CASE_WEEKS,
    SentText,
    Signature,
    follow_case,
    names_of_gemeente,
    send_case,
)
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import slow_down, slow_down_here
from kopkrakers.web.state import state

MOST_A_WEEK = 5
WEEK_MINUTES = 7 * 24 * 60
TOO_OFTEN = (
    f"Je stuurde al {MOST_A_WEEK} verhalen in een week. Je verhaal staat hieronder nog: "
    "kopieer het als je het wilt bewaren."
)


@blueprint.get("/inzenden")
@access.signed_in
def write_case() -> str:
    """Show the form, with an example beside it."""
    return _form_page(_send_form())


@blueprint.post("/inzenden")
@access.signed_in
@asks_again
def send_in() -> ResponseReturnValue:
    """Keep a case, and show its code this once; ask once more where something is marked."""
    form = _send_form()
    if not form.validate():
        return _form_page(form), 422
    with state().database.reading() as session:
        names = names_of_gemeente(session, current_user.gemeente_id)
    marks = marks_in(form.whole(), names)
    if marks and not form.gekeken.data:
        return _form_page(form, marks), 422
    # D-122
    # counted in memory and nowhere else: a row of who sent something would lead to what
    try:
        slow_down(
            "inzenden",
            str(current_user.id),
            at_most=MOST_A_WEEK,
            minutes=WEEK_MINUTES,
            why=TOO_OFTEN,
        )
    except TooMany as error:
        return _form_page(form, marks, error.sentence), 429
    code = code_of(form.eenmalig.data, state().keys(Use.DESK))
    try:
        with state().database.transaction() as session:
            send_case(session, code, _text_of(form, marks), _signature_of(form), state().today())
    except TooLate as error:
        return _form_page(form, marks, error.sentence), 409
    return render_template(
        "desk/sent.html", code=in_fours(code), weeks=CASE_WEEKS, named=form.met_naam.data
    )


@blueprint.get("/inzenden/volgen")
@access.public
def ask_code() -> str:
    """Ask for a code. Without signing in: then not even a session goes with the question."""
    return _follow_page(FollowForm())


@blueprint.post("/inzenden/volgen")
@access.public
@asks_again
def follow() -> ResponseReturnValue:
    """Show what became of a case. The code never stands in an address."""
    form = FollowForm()
    if not form.validate():
        return _follow_page(form), 422
    try:
        slow_down_here("inzenden volgen", at_most=100, minutes=60)
        with state().database.reading() as session:
            news = follow_case(session, form.code.data)
    except (NotYours, TooMany) as error:
        form.code.errors = [error.sentence]
        return _follow_page(form), error.status
    return render_template("desk/followed.html", news=news)


def _send_form() -> SendForm:
    form = SendForm()
    form.offer(state().library.themes())
    # a number that was tampered with would let somebody choose their code
    if not is_nonce(form.eenmalig.data or ""):
        form.eenmalig.data = new_nonce()
    return form


def _text_of(form: SendForm, marks: tuple[Mark, ...]) -> SentText:
    return SentText(
        form.gebeurde.data, form.kon.data, form.lastig.data, theme=form.thema.data, marks=marks
    )


def _signature_of(form: SendForm) -> Signature:
    user_id = gemeente = None
    if form.met_naam.data:
        user_id = current_user.id
    if form.met_gemeente.data:
        gemeente = current_user.gemeente
    return Signature(user_id, gemeente)


def _form_page(form: SendForm, marks: tuple[Mark, ...] = (), alert: str = "") -> str:
    return render_template(
        "desk/send.html",
        form=form,
        marks=marks,
        alert=alert,
        weeks=CASE_WEEKS,
        kenmerken=for_device(),
    )


def _follow_page(form: FollowForm) -> str:
    return render_template("desk/follow.html", form=form)
