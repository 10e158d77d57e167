"""Joining: by a personal link, or by a team link that mails one."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import invitations, joining, mails, rules, service, teams
from kopkrakers.accounts.joining import LinkContext, Offer
from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.browser.device import mark_device
from kopkrakers.accounts.pages.browser.session import begin_session, welcome
from kopkrakers.accounts.pages.forms import AddressForm, BeginForm, NewPasswordForm
from kopkrakers.accounts.pages.second_step.signing_in import sign_in_or_ask
from kopkrakers.accounts.passwords import hash_password
from kopkrakers.accounts.rules import LinkStep
from kopkrakers.accounts.sso.asking import check_password_may
from kopkrakers.accounts.teams import LinkedTeam
from kopkrakers.base.errors import NotNow, NotYours, TooLate, TooMany, WrongInput
from kopkrakers.base.mail import send_mail
from kopkrakers.base.typed import canonical_address
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.forms import Form
from kopkrakers.web.limits import limited, slow_down, slow_down_here
from kopkrakers.web.state import state


@blueprint.get("/uitnodiging/<token>")
@access.public
@limited(1200, minutes=15)
def invitation(token: str) -> ResponseReturnValue:
    """Return the page of a link; opening it does not use it."""
    offer = _inspect(token)
    if _is_someone_else(offer):
        return render_template("accounts/joining/someone_else.html", token=token)
    return _page(token, offer, _form_of(offer))


@blueprint.post("/uitnodiging/<token>")
@access.public
@asks_again
def accept(token: str) -> ResponseReturnValue:
    """Use a link, once."""
    offer = _inspect(token)
    if _is_someone_else(offer):
        raise TooLate(
            "Je bent ingelogd met een ander account. Log eerst uit en open de link dan opnieuw."
        )
    try:
        slow_down_here("accept", at_most=600, minutes=15)
    except TooMany as error:
        form = _form_of(offer)
        form.refuse(error)
        return _page(token, offer, form), error.status
    return _ACCEPT[offer.step](token, offer)


def _begin(token: str, offer: Offer) -> ResponseReturnValue:
    form = BeginForm()
    if not form.validate() or not form.suits(form.naam.data, offer.email, offer.gemeente):
        return _page(token, offer, form), 422
    # beforehand: hashing is slow on purpose, and meanwhile others may write
    hashed = hash_password(form.wachtwoord.data)
    with state().database.transaction() as session:
        visitor = joining.begin_account(
            session,
            token,
            name=form.naam.data,
            password_hash=hashed,
            now=state().now(),
            context=_context(),
        )
    begin_session(visitor)
    mark_device(canonical_address(offer.email))
    welcome()
    flash("Welkom. Je account is klaar.", "ok")
    return redirect(rules.landing_path("/", visitor.roles), 303)


def _prove(token: str, offer: Offer) -> ResponseReturnValue:
    """Mail the link that makes the account; the answer is the same whatever the address has."""
    form = Form()
    if not form.validate():
        return _page(token, offer, form), 422
    try:
        _mail_for_printed(token, offer)
    except NotNow as error:
        form.refuse(error)
        return _page(token, offer, form), error.status
    return render_template("accounts/joining/printed_sent.html", address=offer.email)


def _mail_for_printed(printed: str, offer: Offer) -> None:
    """Raises: AddressRefused, NotNow; then the printed link works as before."""
    settings, database = state().settings, state().database
    with database.transaction() as session:
        mailed = joining.mail_for_printed(
            session, printed, now=state().now(), row_keys=state().row_keys
        )
    link = mails.link_to(settings, mailed)
    try:
        send_mail(
            settings, offer.email, *mails.personal(offer.name, offer.gemeente, offer.roles, link)
        )
    except NotNow:
        with database.transaction() as session:
            joining.take_back_mailed(session, mailed)
        raise
    with database.transaction() as session:
        joining.printed_was_mailed(session, printed, mailed)


def _join_team(token: str, offer: Offer) -> ResponseReturnValue:
    form = Form()
    if not form.validate():
        return _page(token, offer, form), 422
    with state().database.transaction() as session:
        team = joining.join_team(session, token, now=state().now(), context=_context())
    flash(f"Je hoort nu bij {team}.", "ok")
    if current_user.is_authenticated:
        return redirect("/", 303)
    return redirect(url_for("accounts.sign_in"), 303)


def _choose_password(token: str, offer: Offer) -> ResponseReturnValue:
    form = NewPasswordForm()
    if not form.validate() or not form.suits(offer.name, offer.email, offer.gemeente):
        return _page(token, offer, form), 422
    hashed = hash_password(form.wachtwoord.data)
    with state().database.transaction() as session:
        visitor = joining.choose_password(
            session, token, hashed, now=state().now(), context=_context()
        )
    flash("Je nieuwe wachtwoord werkt. Op je andere toestellen ben je uitgelogd.", "ok")
    return sign_in_or_ask(visitor, canonical_address(offer.email), "/")


_ACCEPT: dict[LinkStep, Callable[[str, Offer], ResponseReturnValue]] = {
    LinkStep.BEGIN: _begin,
    LinkStep.PROVE: _prove,
    LinkStep.JOIN_TEAM: _join_team,
    LinkStep.CHOOSE_PASSWORD: _choose_password,
}


@blueprint.get("/t/<token>")
@access.public
@limited(1200, minutes=15)
def team_link(token: str) -> ResponseReturnValue:
    """Return the form in which a future colleague gives a work address."""
    return _team_link_page(token, _team_of_link(token), AddressForm())


@blueprint.post("/t/<token>")
@access.public
@asks_again
def ask_link(token: str) -> ResponseReturnValue:
    """Mail the address a link; the answer is the same whether it is known or not."""
    team, form = _team_of_link(token), AddressForm()
    if not form.validate():
        return _team_link_page(token, team, form), 422
    try:
        rules.check_domain(form.adres.data, state().settings.mail_domains)
        _mail_link(team, form.adres.data)
    except (WrongInput, TooMany, NotNow) as error:
        form.refuse(error)
        return _team_link_page(token, team, form), error.status
    return render_template(
        "accounts/joining/team_link_sent.html", address=form.adres.data, team=team, token=token
    )


def _team_of_link(token: str) -> LinkedTeam:
    # a team link does nothing but mail a personal one
    if not state().settings.sends_mail:
        raise NotYours
    with state().database.reading() as session:
        return teams.team_of_link(session, token)


def _team_link_page(token: str, team: LinkedTeam, form: AddressForm) -> str:
    return render_template("accounts/joining/team_link.html", form=form, team=team, token=token)


def _mail_link(team: LinkedTeam, address: str) -> None:
    slow_down_here("team link", at_most=240, minutes=60)
    slow_down("team link", canonical_address(address), at_most=3, minutes=60)
    with state().database.transaction() as session:
        mailbox = service.mailbox_of(session, address, rules.address_keys(state().settings))
        secret = invitations.invite_by_team_link(
            session, team, mailbox, now=state().now(), row_keys=state().row_keys
        )
    text = mails.address(team.name, team.gemeente, mails.link_to(state().settings, secret))
    send_mail(state().settings, mailbox, *text)


def _form_of(offer: Offer) -> Form:
    if offer.step is LinkStep.BEGIN:
        return BeginForm(naam=offer.name)
    if offer.step is LinkStep.PROVE:
        return Form()
    return NewPasswordForm()


def _page(token: str, offer: Offer, form: Form) -> str:
    return render_template(
        f"accounts/joining/invitation_{offer.step}.html",
        form=form,
        offer=offer,
        token=token,
        votes=not VOTING_ROLES.isdisjoint(offer.roles),
        what_awaits=mails.what_awaits(offer.roles),
    )


def _inspect(token: str) -> Offer:
    with state().database.reading() as session:
        offer = joining.inspect(session, token, now=state().now(), context=_context())
        # who joins a team has an account already, and chooses no password
        if offer.step is not LinkStep.JOIN_TEAM:
            check_password_may(session, offer.gemeente_id, offer.user_id, state().row_keys)
        return offer


def _context() -> LinkContext:
    settings = state().settings
    return LinkContext(
        keys=rules.address_keys(settings),
        row_keys=state().row_keys,
        sends_mail=settings.sends_mail,
    )


def _is_someone_else(offer: Offer) -> bool:
    return bool(current_user.is_authenticated and current_user.id != offer.user_id)
