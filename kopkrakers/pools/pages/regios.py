"""The beheerder's pages of a regio: propose one, agree, let it grow, rename it and leave it."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.trail import note_in
from kopkrakers.accounts.service import beheerders_of
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.errors import NotYours, TooMany, WrongInput
from kopkrakers.pools import heard, proposals, regios
from kopkrakers.pools.heard import Heard
from kopkrakers.pools.pages import blueprint, mails
from kopkrakers.pools.pages.forms import NameForm, ProposalForm
from kopkrakers.pools.proposals import Proposal
from kopkrakers.pools.regios import RegioLine
from kopkrakers.web import access
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

REGIO = "/beheer/regio"
PROPOSAL = f"{REGIO}/voorstel/<proposal_id>"
PROPOSALS_AN_HOUR = 20


@blueprint.get(REGIO)
@access.role(Role.BEHEERDER)
def regio() -> str:
    """Return with whom the own gemeente counts, and what can be proposed."""
    return _regio_page()


# D-130
@blueprint.post(REGIO)
@access.role(Role.BEHEERDER)
def propose() -> ResponseReturnValue:
    """Propose a regio, or other gemeenten for the one that the own gemeente is in."""
    form = ProposalForm()
    if not form.validate():
        return _regio_page(form), 422
    gemeente_id = current_user.gemeente_id
    try:
        slow_down("regio", str(current_user.id), at_most=PROPOSALS_AN_HOUR, minutes=60)
        with state().database.transaction() as session:
            made = proposals.propose(
                session,
                state().row_keys,
                gemeente_id,
                form.naam.data or "",
                form.gemeenten.data,
                state().today(),
            )
            note_in(session, gemeente_id, Deed.REGIO_PROPOSED, detail=made.name)
    except (WrongInput, TooMany) as error:
        form.refuse(error)
        return _regio_page(form), error.status
    told = mails.send_to_others(made, gemeente_id, mails.asked(made))
    _flash_sent("Het voorstel staat klaar bij de beheerders van de andere gemeenten.", told)
    return redirect(url_for("pools.proposal", proposal_id=made.id), 303)


@blueprint.post(f"{REGIO}/naam")
@access.role(Role.BEHEERDER)
def rename() -> ResponseReturnValue:
    """Give the regio of the own gemeente another name."""
    form = NameForm()
    if not form.validate():
        return _regio_page(name_form=form), 422
    try:
        with state().database.transaction() as session:
            line = _own_regio(session)
            if regios.is_taken(session, form.nieuwe_naam.data, but_for=line.id):
                raise WrongInput(
                    f"Er is al een regio {form.nieuwe_naam.data}. Kies een andere naam.",
                    "nieuwe_naam",
                )
            name = regios.rename_regio(session, line.id, form.nieuwe_naam.data)
            _note_all(session, heard.of_another_name(line, name))
    except WrongInput as error:
        form.refuse(error)
        return _regio_page(name_form=form), error.status
    flash(f"De regio heet nu {name}. Zo heet ze ook bij eerdere uitslagen.", "ok")
    return redirect(url_for("pools.regio"), 303)


@blueprint.get(f"{REGIO}/verlaten")
@access.role(Role.BEHEERDER)
def confirm_leaving() -> str:
    """Return the page that says what leaving the regio does, and asks once more."""
    with state().database.reading() as session:
        line = _own_regio(session)
    return render_template("pools/regio/leave.html", regio=line)


@blueprint.post(f"{REGIO}/verlaten")
@access.role(Role.BEHEERDER)
@asks_password
def leave() -> ResponseReturnValue:
    """Take the own gemeente out of its regio."""
    gemeente_id = current_user.gemeente_id
    with state().database.transaction() as session:
        _own_regio(session)
        line = regios.leave_regio(session, state().row_keys, gemeente_id)
        notices = heard.of_leaving(session, gemeente_id, current_user.gemeente, line)
        _note_all(session, notices)
    flash(f"Jullie zitten niet meer in regio {line.name}. {regios.FROM_THE_NEXT}", "ok")
    return redirect(url_for("pools.regio"), 303)


@blueprint.get(PROPOSAL)
@access.role(Role.BEHEERDER)
def proposal(proposal_id: str) -> str:
    """Return a proposal: who is in it, who agreed, and what it means."""
    with state().database.reading() as session:
        proposal = proposals.proposal_for(
            session,
            state().row_keys,
            current_user.gemeente_id,
            proposal_id,
            state().today(),
        )
        line = regios.regio_of_gemeente(session, state().row_keys, current_user.gemeente_id)
        with_beheerder = {id_ for id_, _ in beheerders_of(session, proposal.gemeente_ids)}
    return _proposal_page(proposal, line, with_beheerder)


@blueprint.post(PROPOSAL)
@access.role(Role.BEHEERDER)
@asks_password
def agree(proposal_id: str) -> ResponseReturnValue:
    """Agree with a proposal. The last who does makes the regio."""
    gemeente_id = current_user.gemeente_id
    with state().database.transaction() as session:
        agreed = proposals.agree(
            session, state().row_keys, gemeente_id, proposal_id, state().today()
        )
        note_in(session, gemeente_id, Deed.REGIO_AGREED, detail=agreed.proposal.name)
        made = agreed.regio
        if made is not None:
            _note_all(session, heard.of_coming(session, agreed.moved, made.id, made.name))
    if made is None:
        flash("Jullie doen mee. Zodra de anderen ook ja zeggen, is de regio er.", "ok")
        return redirect(url_for("pools.proposal", proposal_id=proposal_id), 303)
    told = mails.send_to_others(agreed.proposal, gemeente_id, mails.agreed(agreed.proposal))
    _flash_sent(f"Jullie zitten nu in regio {made.name}. {regios.FROM_THE_NEXT}", told)
    return redirect(url_for("pools.regio"), 303)


@blueprint.post(f"{PROPOSAL}/weg")
@access.role(Role.BEHEERDER)
def end_proposal(proposal_id: str) -> ResponseReturnValue:
    """End a proposal: the own gemeente does not want it, or not any more."""
    gemeente_id = current_user.gemeente_id
    with state().database.transaction() as session:
        ended = proposals.end_proposal(
            session, state().row_keys, gemeente_id, proposal_id, state().today()
        )
        # each of them had it before their eyes, and now it is gone
        for party in ended.parties:
            note_in(session, party.id, Deed.REGIO_DECLINED, detail=ended.name)
    told = mails.send_to_others(ended, gemeente_id, mails.ended(ended, gemeente_id))
    _flash_sent("Het voorstel is weg, ook bij de andere gemeenten.", told)
    return redirect(url_for("pools.regio"), 303)


def _own_regio(session: Session) -> RegioLine:
    """Return the regio of the own gemeente. Raises: NotYours when it is in none."""
    line = regios.regio_of_gemeente(session, state().row_keys, current_user.gemeente_id)
    if line is None:
        raise NotYours("Jullie zitten niet in een regio, of niet meer.")
    return line


def _flash_sent(said: str, told: bool) -> None:
    """Say what was done, and whether the others still have to hear it by another road."""
    if not told:
        said += " Niet elke mail erover kon weg: laat het de andere beheerders zelf weten."
    flash(said, "ok")


def _note_all(session: Session, all_heard: Iterable[Heard]) -> None:
    for one in all_heard:
        note_in(session, one.gemeente_id, one.what, detail=one.detail)


def _regio_page(form: ProposalForm | None = None, name_form: NameForm | None = None) -> str:
    keys, gemeente_id = state().row_keys, current_user.gemeente_id
    with state().database.reading() as session:
        line = regios.regio_of_gemeente(session, keys, gemeente_id)
        waiting = proposals.proposals_for(session, keys, gemeente_id, state().today())
    return render_template(
        "pools/regio/regio.html",
        form=form or ProposalForm(formdata=None),
        name_form=name_form or NameForm(formdata=None),
        regio=line,
        proposals=waiting,
        gemeente_id=gemeente_id,
    )


def _proposal_page(found: Proposal, line: RegioLine | None, with_beheerder: set[int]) -> str:
    leaves = None
    if line is not None and line.id != found.regio_id:
        leaves = line.name
    return render_template(
        "pools/regio/proposal.html",
        proposal=found,
        mine=found.party(current_user.gemeente_id),
        is_asker=found.asked_by == current_user.gemeente_id,
        leaves=leaves,
        with_beheerder=with_beheerder,
        sends_mail=state().settings.sends_mail,
        days=proposals.LASTS_DAYS,
    )
