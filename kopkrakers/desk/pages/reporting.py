"""The page where a reader tells the redactie that a card is not right, and where it arrives."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.base.errors import NotYours, TooLate, TooMany
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import latest_edition, shown_card
from kopkrakers.desk.editor.service import desk_cards
from kopkrakers.desk.inbox.reports import (
    end_report,
    one_report,
    reopen_report,
    take_report,
)
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.forms import ReportForm, TakeForm
from kopkrakers.desk.sending.marks import Mark, for_device, marks_in
from kopkrakers.desk.sending.reports import parts_of_card, report_card
from kopkrakers.desk.sending.service import CASE_WEEKS, Signature, names_of_gemeente
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

TOO_OFTEN = "Je stuurde al veel meldingen achter elkaar. Wat je schreef, staat hieronder nog."
REPORT = "/redactie/meldingen/<report_id>"


@blueprint.get("/dilemma/<slug>/klopt-niet")
@access.signed_in
def tell_wrong(slug: str) -> ResponseReturnValue:
    """Show the form. It names parts by number only: not everyone may see the knowledge yet."""
    card = _published_card(slug)
    return _page(card, ReportForm.about(parts_of_card(card), request.args.get("onderdeel")))


@blueprint.post("/dilemma/<slug>/klopt-niet")
@access.signed_in
@asks_again
def send_wrong(slug: str) -> ResponseReturnValue:
    """Keep what is wrong for the redactie; ask once more where something is marked."""
    card = _published_card(slug)
    parts = parts_of_card(card)
    form = ReportForm.about(parts, None)
    if not form.validate():
        return _page(card, form), 422
    with state().database.reading() as session:
        names = names_of_gemeente(session, current_user.gemeente_id)
    text = form.uitleg.data
    # who gives their name may be marked by it, and knows that it is there
    marks = marks_in(text, names)
    if marks and not form.gekeken.data:
        return _page(card, form, marks), 422
    # after the form was read, so that it can be given back (D-43)
    try:
        slow_down("klopt-niet", str(current_user.id), at_most=10, minutes=60, why=TOO_OFTEN)
    except TooMany as error:
        return _page(card, form, marks, error.sentence), 429
    part = next(part for part in parts if part.code == form.onderdeel.data)
    signature = Signature()
    if form.met_naam.data:
        signature = Signature(current_user.id, current_user.gemeente)
    with state().database.transaction() as session:
        report_card(session, card, part, text, signature, marks, state().today())
    flash("Dank je. De redactie leest het.", "ok")
    return redirect(url_for("answers.dilemma", slug=slug), 303)


@blueprint.get(REPORT)
@access.role(Role.REDACTEUR)
def report(report_id: str) -> str:
    """Show one report."""
    return _report_page(report_id)


@blueprint.post(f"{REPORT}/oppakken")
@access.role(Role.REDACTEUR)
def take_up_report(report_id: str) -> ResponseReturnValue:
    """Take a report up, or over from whoever has it."""
    try:
        with state().database.transaction() as session:
            take_report(session, report_id, by=current_user.id, shown=TakeForm().had.data)
    except TooLate as error:
        return _report_page(report_id, error.sentence), 409
    return redirect(url_for("desk.report", report_id=report_id), 303)


@blueprint.post(f"{REPORT}/klaar")
@access.role(Role.REDACTEUR)
def report_done(report_id: str) -> ResponseReturnValue:
    """Say that a report is done."""
    try:
        with state().database.transaction() as session:
            end_report(session, report_id, by=current_user.id)
    except TooLate as error:
        return _report_page(report_id, error.sentence), 409
    # there it can be taken back: a wrong tap would hide it for good
    return redirect(url_for("desk.report", report_id=report_id), 303)


@blueprint.post(f"{REPORT}/niet-klaar")
@access.role(Role.REDACTEUR)
def report_not_done(report_id: str) -> ResponseReturnValue:
    """Say that a report is not done after all."""
    with state().database.transaction() as session:
        reopen_report(session, report_id)
    flash("De melding staat weer bij Redactie.", "ok")
    return redirect(url_for("desk.report", report_id=report_id), 303)


def _published_card(slug: str) -> Card:
    with state().database.reading() as session:
        edition = latest_edition(session, slug, state().today())
    if edition is None:
        raise NotYours
    return shown_card(state().library, edition)


def _page(card: Card, form: ReportForm, marks: tuple[Mark, ...] = (), alert: str = "") -> str:
    return render_template(
        "desk/report.html",
        card=card,
        form=form,
        marks=marks,
        alert=alert,
        weeks=CASE_WEEKS,
        kenmerken=for_device(),
    )


def _report_page(report_id: str, alert: str = "") -> str:
    with state().database.reading() as session:
        card_report = one_report(session, report_id)
        at_desk = {line.slug for line in desk_cards(session)}
    card = state().library.card(card_report.slug)
    part = None
    if card is not None:
        parts = {part.code: part for part in parts_of_card(card)}
        part = parts.get(card_report.part)
    return render_template(
        "desk/inbox/report.html",
        report=card_report,
        card=card,
        part=part,
        at_desk=card_report.slug in at_desk,
        alert=alert,
    )
