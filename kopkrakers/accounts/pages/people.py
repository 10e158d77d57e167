"""The beheerder's pages for people: invite, move, give roles, block, remove."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import invitations, mails, people, rules, teams
from kopkrakers.accounts.browsers import STRONG_ROLES
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint, removal_steps
from kopkrakers.accounts.pages.browser.session import forget
from kopkrakers.accounts.pages.forms import InviteForm, MembershipForm, RolesForm
from kopkrakers.accounts.pages.proving import asks_password, page_for_password
from kopkrakers.accounts.pages.trail import note, role_words
from kopkrakers.accounts.pages.words import ROLE_HINTS, ROLE_NAMES
from kopkrakers.accounts.people import GIVEN_BY_BEHEERDER
from kopkrakers.accounts.second_step.keeping import has_second_step
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import AddressRefused, NotNow, TooMany, WrongInput
from kopkrakers.base.mail import send_mail
from kopkrakers.web import access
from kopkrakers.web.assets.qr import qr_code
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

PERSON = f"/beheer/mensen/<int(max={LARGEST_ID}):user_id>"


@blueprint.get("/beheer/uitnodigen")
@access.role(Role.BEHEERDER)
def invite() -> str:
    """Return the form to invite someone."""
    return _invite_page(InviteForm(rollen=[Role.KLANTMANAGER], wijze="mail"))


@blueprint.post("/beheer/uitnodigen")
@access.role(Role.BEHEERDER)
def send_invitation() -> ResponseReturnValue:
    """Invite someone, by mail or on paper."""
    form = InviteForm()
    if not form.validate():
        return _invite_page(form), 422
    # an invitation to a strong role is that role, for whoever found this browser open
    if not STRONG_ROLES.isdisjoint(form.rollen.data or []) and (page := page_for_password()):
        return page
    settings = state().settings
    try:
        slow_down("invite", str(current_user.id), at_most=200, minutes=60)
        invitee = _invitee(form, mailed=settings.sends_mail and form.wijze.data != "papier")
        token, replaced = _make_invitation(invitee)
        link = mails.link_to(settings, token)
        if invitee.mailed:
            invited = _mail_invitation(invitee, token, link)
    except (WrongInput, TooMany, NotNow) as error:
        form.refuse(error)
        return _invite_page(form), error.status
    if not invitee.mailed:
        return _paper_page(invitee.name, invitee.address, link, replaced)
    if replaced:
        flash(replaced, "info")
    # that page names the address, and offers to take the invitation back
    return redirect(url_for("accounts.beheer", nieuw=invited), 303)


@blueprint.post(f"/beheer/uitnodigingen/<int(max={LARGEST_ID}):invitation_id>/intrekken")
@access.role(Role.BEHEERDER)
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Withdraw an open invitation."""
    with state().database.transaction() as session:
        was = invitations.withdraw_invitation(
            session, current_user.gemeente_id, invitation_id, state().now()
        )
        note(session, Deed.WITHDRAWN)
    flash(f"De uitnodiging voor {was.name} ({was.email}) werkt niet meer.", "ok")
    return redirect(url_for("accounts.beheer"), 303)


@blueprint.get(PERSON)
@access.role(Role.BEHEERDER)
def person(user_id: int) -> str:
    """Return the page of one person: teams, roles, and what to do when something is wrong."""
    return _person_page(user_id, {})


@blueprint.post(f"{PERSON}/teams")
@access.role(Role.BEHEERDER)
def move(user_id: int) -> ResponseReturnValue:
    """Make a person a member of the chosen teams and no others."""
    team_ids = []
    for team_id in MembershipForm().teams.data or []:
        if team_id is not None:
            team_ids.append(team_id)
    with state().database.transaction() as session:
        people.set_teams(session, current_user.gemeente_id, user_id, team_ids, state().row_keys)
        chosen = people.person(session, current_user.gemeente_id, user_id).teams
        note(session, Deed.TEAMS, person_id=user_id, detail=", ".join(chosen))
    flash("De teams zijn veranderd.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post(f"{PERSON}/rollen")
@access.role(Role.BEHEERDER)
@asks_password
def give_roles(user_id: int) -> ResponseReturnValue:
    """Give a person the chosen roles and no others."""
    roles = RolesForm().rollen.data or []
    try:
        with state().database.transaction() as session:
            people.set_roles(
                session,
                current_user.gemeente_id,
                user_id,
                roles,
                by=current_user.id,
                keys=state().row_keys,
            )
            note(session, Deed.ROLES, person_id=user_id, detail=role_words(roles))
    except WrongInput as error:
        return _person_page(user_id, {"rollen": error.sentence}), 422
    forget(user_id)
    flash("De rollen zijn veranderd. De persoon logt opnieuw in.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post(f"{PERSON}/nieuw-wachtwoord")
@access.role(Role.BEHEERDER)
@asks_password
def replace_password(user_id: int) -> ResponseReturnValue:
    """Send an invitation to choose a new password: by mail where there is mail, else on paper."""
    settings, gemeente_id = state().settings, current_user.gemeente_id
    with state().database.transaction() as session:
        line = people.person(session, gemeente_id, user_id)
        token = invitations.replace_password(
            session,
            gemeente_id,
            user_id,
            now=state().now(),
            mailed=settings.sends_mail,
            row_keys=state().row_keys,
        )
        note(session, Deed.PASSWORD, person_id=user_id)
    link = mails.link_to(settings, token)
    if not settings.sends_mail:
        return _paper_page(line.name, line.email, link)
    send_mail(settings, line.email, *mails.reset(link))
    flash(f"{line.name} krijgt een mail om een nieuw wachtwoord te kiezen.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post(f"{PERSON}/stilzetten")
@access.role(Role.BEHEERDER)
def block(user_id: int) -> ResponseReturnValue:
    """Stop an account from signing in."""
    _change_account(people.block, Deed.BLOCKED, user_id)
    flash("Dit account staat stil.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.post(f"{PERSON}/aanzetten")
@access.role(Role.BEHEERDER)
def unblock(user_id: int) -> ResponseReturnValue:
    """Let a blocked account sign in again."""
    _change_account(people.unblock, Deed.UNBLOCKED, user_id)
    flash("Dit account werkt weer.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@blueprint.get(f"{PERSON}/verwijderen")
@access.role(Role.BEHEERDER)
def confirm_removal(user_id: int) -> str:
    """Return the page that says what removing does, and asks once more."""
    with state().database.reading() as session:
        line = people.person(session, current_user.gemeente_id, user_id)
    return render_template("accounts/people/person_remove.html", person=line)


@blueprint.post(f"{PERSON}/verwijderen")
@access.role(Role.BEHEERDER)
@asks_password
def remove_person(user_id: int) -> ResponseReturnValue:
    """Remove someone's account."""
    _change_account(people.remove, Deed.REMOVED, user_id, steps=removal_steps())
    flash("Het account is verwijderd.", "ok")
    return redirect(url_for("accounts.beheer"), 303)


def _change_account(change: Callable[..., None], deed: Deed, user_id: int, **more: Any) -> None:
    """Do something to a person's account, and leave it in the trail in the same transaction."""
    with state().database.transaction() as session:
        change(
            session,
            current_user.gemeente_id,
            user_id,
            by=current_user.id,
            keys=state().row_keys,
            **more,
        )
        note(session, deed, person_id=user_id)
    # once it is written: this process remembers who is signed in, and must ask anew
    forget(user_id)


def _make_invitation(invitee: Invitee) -> tuple[str, str]:
    """Invite a person; return the token, and what to say of an invitation that it replaces."""
    settings, gemeente_id, now = state().settings, current_user.gemeente_id, state().now()
    keys = rules.address_keys(settings)
    with state().database.transaction() as session:
        waiting = invitations.waiting_for(session, gemeente_id, invitee.address, now)
        token = invitations.invite(
            session, gemeente_id, invitee, now=now, keys=keys, row_keys=state().row_keys
        )
        note(session, Deed.INVITED, detail=role_words(invitee.roles))
    return token, invitations.replaced_sentence(waiting, invitee.address)


def _mail_invitation(invitee: Invitee, token: str, link: str) -> int:
    """Mail an invitation; return its id. One to an address that is refused is withdrawn.

    Raises: AddressRefused, NotNow.
    """
    subject, text = mails.personal(invitee.name, current_user.gemeente, invitee.roles, link)
    try:
        send_mail(state().settings, invitee.address, subject, text)
    except AddressRefused:
        with state().database.transaction() as session:
            nobodys = invitations.id_of_link(session, token)
            invitations.withdraw_invitation(
                session, current_user.gemeente_id, nobodys, state().now()
            )
            note(session, Deed.WITHDRAWN)
        raise
    with state().database.transaction() as session:
        invitations.mail_left(session, token)
        return invitations.id_of_link(session, token)


def _invitee(form: InviteForm, *, mailed: bool) -> Invitee:
    domains = state().settings.mail_domains
    rules.check_domain_is_meant(form.adres.data, domains, meant=form.buiten.data)
    roles = rules.check_roles(form.rollen.data or [])
    if not roles <= set(GIVEN_BY_BEHEERDER):
        raise WrongInput("Deze rol geeft wie de server beheert. Kies een andere.", "rollen")
    return Invitee(
        name=form.naam.data,
        address=form.adres.data,
        roles=roles,
        team_id=form.team.data,
        mailed=mailed,
    )


def _paper_page(name: str, address: str, link: str, replaced: str = "") -> str:
    """Return the page to print or copy: the link is shown this once."""
    return render_template(
        "accounts/people/paper.html",
        name=name,
        address=address,
        link=link,
        code=qr_code(link),
        replaced=replaced,
        by_mail=state().settings.sends_mail,
    )


def _invite_page(form: InviteForm) -> str:
    with state().database.reading() as session:
        own_teams = teams.teams(session, current_user.gemeente_id)
    return render_template(
        "accounts/people/invite.html",
        form=form,
        team_choices=[("", "Nog geen team"), *((line.id, line.name) for line in own_teams)],
        roles=GIVEN_BY_BEHEERDER,
        names=ROLE_NAMES,
        hints=ROLE_HINTS,
        by_mail=state().settings.sends_mail,
        domains=state().settings.mail_domains,
    )


def _person_page(user_id: int, faults: dict[str, str]) -> str:
    with state().database.reading() as session:
        line = people.person(session, current_user.gemeente_id, user_id)
        own_teams = teams.teams(session, current_user.gemeente_id)
        asks_code = has_second_step(session, user_id)
    return render_template(
        "accounts/people/person.html",
        asks_code=asks_code,
        person=line,
        teams=own_teams,
        faults=faults,
        roles=GIVEN_BY_BEHEERDER,
        names=ROLE_NAMES,
        hints=ROLE_HINTS,
        by_mail=state().settings.sends_mail,
    )
