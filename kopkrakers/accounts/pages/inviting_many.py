"""A beheerder invites many people at once: paste a list, look what it would do, and send it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts import invitations, rules
from kopkrakers.accounts.bulk import by_courier, inviting, sending
from kopkrakers.accounts.bulk.inviting import (
    Beheerder,
    Foreseen,
    ImportOutcome,
    InvitedPerson,
    InvitingTerms,
)
from kopkrakers.accounts.bulk.reading import (
    MAILED_AT_ONCE,
    MOST_PASTED,
    FaultyLines,
    FileLine,
    LineFault,
    read_pasted,
    text_of_list,
)
from kopkrakers.accounts.bulk.resending import renew_unsent
from kopkrakers.accounts.bulk.sending import Unsent
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.forms import ListForm
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.pages.words import ROLE_NAMES
from kopkrakers.accounts.people import GIVEN_BY_BEHEERDER
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.dutch import people_in_words
from kopkrakers.base.errors import NotYours, TooMany
from kopkrakers.base.processes.last_look import Process, is_at_work
from kopkrakers.web import access
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

SHOWN_FAULTS = 50
"""Faults on a page; of ten thousand wrong lines the first say enough."""
SHOWN_PEOPLE = 100
"""People of a list who are named before it is sent."""
LISTS_AN_HOUR = 20
NOT_MAILED = (
    "{number} van de {all} mails konden nu niet weg. Die uitnodigingen zijn ingetrokken. Verstuur "
    "dezelfde lijst straks nog een keer: wie al een mail kreeg, krijgt er geen tweede."
)

REFUSED = "De mailserver weigert het adres {address}. Kijk of het klopt."
COURIER_RESTS = (
    f"Een lijst van meer dan {MAILED_AT_ONCE} mensen verstuurt de bode, en die staat nu stil. "
    f"Vraag het aan wie de server beheert, of verstuur er {MAILED_AT_ONCE} per keer."
)
LEFT_TO_COURIER = (
    "De uitnodigingen gaan een voor een weg: {number}. Hieronder zie je hoe ver het is. Je hoeft "
    "niet te wachten."
)
NOT_MAILED_AGAIN = (
    "{number} van de {all} mails konden nu niet weg. Ze staan nog bij de open uitnodigingen: "
    "probeer het later nog een keer."
)


@blueprint.get("/beheer/uitnodigen/lijst")
@access.role(Role.BEHEERDER)
def invite_many() -> str:
    """Return the form to paste a list of people."""
    _need_mail()
    return _list_page("")


@blueprint.post("/beheer/uitnodigen/lijst")
@access.role(Role.BEHEERDER)
def check_list() -> ResponseReturnValue:
    """Return what a list would do, or every fault in it by its line. Nothing is kept."""
    _need_mail()
    text = ListForm().mensen.data or ""
    sent = request.files.get("bestand")
    try:
        if sent is not None and sent.filename:
            text = text_of_list(sent.read())
        lines = _lines(text)
        _need_courier(lines)
        outcome = _foresee(lines)
    except FaultyLines as error:
        return _list_page(text, error.faults), 422
    return render_template(
        "accounts/people/list_preview.html",
        text=text,
        outcome=outcome,
        by_courier=_by_courier(lines),
        most=SHOWN_PEOPLE,
        names=ROLE_NAMES,
    )


@blueprint.post("/beheer/uitnodigen/lijst/versturen")
@access.role(Role.BEHEERDER)
@asks_password
def send_list() -> ResponseReturnValue:
    """Invite everybody on a list, or nobody; mail the links."""
    _need_mail()
    text = ListForm().mensen.data or ""
    try:
        slow_down("invite list", str(current_user.id), at_most=LISTS_AN_HOUR, minutes=60)
        lines = _lines(text)
        _need_courier(lines)
        with state().database.transaction() as session:
            outcome = _invite(session, lines)
    except FaultyLines as error:
        return _list_page(text, error.faults), 422
    except TooMany as error:
        return _list_page(text, [LineFault(0, error.sentence)]), error.status
    if _by_courier(lines):
        flash(LEFT_TO_COURIER.format(number=len(outcome.invited)), "ok")
        return redirect(url_for("accounts.beheer"), 303)
    unsent = _send(outcome.invited)
    if unsent:
        with state().database.transaction() as session:
            sending.withdraw(session, unsent)
        said = NOT_MAILED.format(number=len(unsent), all=len(outcome.invited))
        return _list_page(text, [LineFault(0, said), *_refusals(unsent)]), 503
    flash(f"De uitnodigingen zijn gemaild: {len(outcome.invited)}.", "ok")
    return redirect(url_for("accounts.beheer"), 303)


@blueprint.post("/beheer/uitnodigen/nog-een-keer")
@access.role(Role.BEHEERDER)
def mail_unsent() -> ResponseReturnValue:
    """Mail a new link to those who perhaps never got theirs; no more at once than a list has."""
    _need_mail()
    slow_down("invite list", str(current_user.id), at_most=LISTS_AN_HOUR, minutes=60)
    gemeente_id, now = current_user.gemeente_id, state().now()
    with state().database.transaction() as session:
        renewed = renew_unsent(
            session, gemeente_id, now=now, row_keys=state().row_keys, most=MAILED_AT_ONCE
        )
        if renewed:
            note(session, Deed.IMPORTED, detail=people_in_words(len(renewed)))
    unsent = _send(renewed)
    with state().database.transaction() as session:
        for one in unsent:
            if one.refused:
                invitations.mail_refused(session, one.invited.token)
    if unsent:
        flash(NOT_MAILED_AGAIN.format(number=len(unsent), all=len(renewed)), "error")
    else:
        flash(f"De uitnodigingen zijn gemaild: {len(renewed)}.", "ok")
    return redirect(url_for("accounts.beheer"), 303)


@blueprint.post("/beheer/uitnodigen/stoppen")
@access.role(Role.BEHEERDER)
def stop_sending() -> ResponseReturnValue:
    """Withdraw the invitations that still wait for the courier."""
    with state().database.transaction() as session:
        number = by_courier.withdraw_waiting(session, current_user.gemeente_id)
        if number:
            note(session, Deed.WITHDRAWN, detail=people_in_words(number))
    flash(f"Niet verstuurd en ingetrokken: {number}.", "ok")
    return redirect(url_for("accounts.beheer"), 303)


def _refusals(unsent: Sequence[Unsent]) -> list[LineFault]:
    faults = []
    for one in unsent:
        if one.refused:
            line = one.invited.line
            faults.append(LineFault(line.number, REFUSED.format(address=line.address)))
    return faults


def _by_courier(lines: Sequence[FileLine]) -> bool:
    return len(lines) > MAILED_AT_ONCE


def _need_courier(lines: Sequence[FileLine]) -> None:
    """Raises: FaultyLines, for a list that the courier has to send while it stands still."""
    if _by_courier(lines) and not is_at_work(state().database, Process.COURIER, state().now()):
        raise FaultyLines([LineFault(0, COURIER_RESTS)])


def _send(invited: Sequence[InvitedPerson]) -> list[Unsent]:
    """Mail the links. Return those whose mail did not leave."""
    return sending.send_all(state().settings, state().database, invited, lambda _done, _of: None)


def _need_mail() -> None:
    """Raises: NotYours. Without mail no more than three links may be open anyway."""
    if not state().settings.sends_mail:
        raise NotYours


def _lines(text: str) -> list[FileLine]:
    content = text.encode(errors="replace")
    return read_pasted(content, current_user.gemeente, GIVEN_BY_BEHEERDER)


def _foresee(lines: Sequence[FileLine]) -> Foreseen:
    """Return what would become of a list."""
    with state().database.snapshot() as session:
        return inviting.foresee(session, lines, _terms(lines), now=state().now(), by=_beheerder())


def _invite(session: Session, lines: Sequence[FileLine]) -> ImportOutcome:
    return inviting.invite_all(
        session,
        lines,
        _terms(lines),
        now=state().now(),
        row_keys=state().row_keys,
        by=_beheerder(),
    )


def _terms(lines: Sequence[FileLine]) -> InvitingTerms:
    settings = state().settings
    keys = rules.address_keys(settings)
    return InvitingTerms(keys, settings.mail_domains, by_courier=_by_courier(lines))


def _beheerder() -> Beheerder:
    return Beheerder(current_user.id, current_user.gemeente_id)


def _list_page(text: str, faults: Sequence[LineFault] = ()) -> str:
    return render_template(
        "accounts/people/list.html",
        text=text,
        faults=faults[:SHOWN_FAULTS],
        more=max(0, len(faults) - SHOWN_FAULTS),
        most=MOST_PASTED,
    )
