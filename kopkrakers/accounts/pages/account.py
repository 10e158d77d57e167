"""The own account: what is kept, a new password, signing out everywhere, leaving."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import browsers, pauses, service
from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.accounts.pages import blueprint, removal_steps
from kopkrakers.accounts.pages.browser.session import (
    begin_session,
    browser_keys,
    end_session,
    forget,
    forget_browser,
    own_hash,
)
from kopkrakers.accounts.pages.forms import BrowserForm, ChangePasswordForm
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.words import RHYTHMS, ROLE_HINTS, ROLE_NAMES
from kopkrakers.accounts.passwords import hash_password
from kopkrakers.base.errors import TooLate, TooMany, WrongInput
from kopkrakers.web import access
from kopkrakers.web.limits import slow_down
from kopkrakers.web.news.unread import has_unread
from kopkrakers.web.state import state


@blueprint.get("/account")
@access.signed_in
def account() -> str:
    """Return what is kept of the visitor, and what they can do with it."""
    return account_page({}, "")


def account_page(pause_faults: Mapping[str, str], pause_day: str) -> str:
    """Return the page, with what is wrong with the day that was typed for a pause."""
    today = state().today()
    with state().database.reading() as session:
        own = service.own_account(session, current_user.id)
        places = browsers.own_browsers(session, current_user, state().now(), browser_keys())
        paused_until = pauses.paused_until(session, current_user.id, today)
    return render_template(
        "accounts/account/account.html",
        own=own,
        names=ROLE_NAMES,
        hints=ROLE_HINTS,
        votes=not VOTING_ROLES.isdisjoint(current_user.roles),
        rhythms=RHYTHMS,
        here=own_hash(),
        places=places,
        has_news=has_unread(),
        paused_until=paused_until,
        pause_faults=pause_faults,
        pause_day=pause_day,
    )


@blueprint.get("/account/wachtwoord")
@access.signed_in
def password() -> str:
    """Return the form for a new password."""
    with state().database.reading() as session:
        email = service.own_account(session, current_user.id).email
    return _password_page(ChangePasswordForm(), email)


@blueprint.post("/account/wachtwoord")
@access.signed_in
def change_password() -> ResponseReturnValue:
    """Replace the old password by a new one; other devices are signed out."""
    form, user_id = ChangePasswordForm(), current_user.id
    with state().database.reading() as session:
        email = service.own_account(session, user_id).email
    if not form.validate() or not form.suits(current_user.name, email, current_user.gemeente):
        return _password_page(form, email), 422
    try:
        slow_down("change password", str(user_id), at_most=10, minutes=15)
        with state().database.reading() as session:
            kept = service.prove_password(session, user_id, form.huidig.data)
    except (WrongInput, TooMany) as error:
        form.refuse(error)
        return _password_page(form, email), error.status
    hashed = hash_password(form.wachtwoord.data)
    with state().database.transaction() as session:
        visitor = service.change_password(
            session, user_id, kept=kept, new_hash=hashed, row_keys=state().row_keys
        )
    begin_session(visitor)
    flash("Je nieuwe wachtwoord werkt. Op je andere toestellen ben je uitgelogd.", "ok")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/overal-uitloggen")
@access.signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session, on every device."""
    user_id = current_user.id
    with state().database.transaction() as session:
        service.sign_out_everywhere(session, user_id, state().row_keys)
    forget(user_id)
    end_session()
    flash("Je bent overal uitgelogd. Op andere toestellen kan het een halve minuut duren.", "ok")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/account/toestel-uitloggen")
@access.signed_in
def end_browser() -> ResponseReturnValue:
    """End one of the visitor's browser sessions; this one too, if that is the one."""
    id_hash = BrowserForm().toestel.data or ""
    if id_hash == own_hash():
        end_session()
        flash("Je bent uitgelogd.", "ok")
        return redirect(url_for("accounts.sign_in"), 303)
    with state().database.transaction() as session:
        ended = browsers.end_own_browser(session, current_user, id_hash, browser_keys())
    if not ended:
        raise TooLate("Dat toestel was al uitgelogd.")
    forget_browser(id_hash)
    flash("Dat toestel is uitgelogd. Het kan een halve minuut duren.", "ok")
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/account/verwijderen")
@access.signed_in
def leave() -> str:
    """Return the page that says what removing does, and asks once more."""
    with state().database.reading() as session:
        alone = service.is_only_beheerder(session, current_user.id, current_user.gemeente_id)
    return render_template("accounts/account/leave.html", alone=alone)


@blueprint.post("/account/verwijderen")
@access.signed_in
@asks_password
def remove_own_account() -> ResponseReturnValue:
    """Remove the visitor's account."""
    user_id = current_user.id
    with state().database.transaction() as session:
        service.remove_person(session, user_id, removal_steps(), state().row_keys)
    forget(user_id)
    end_session()
    flash("Je account is verwijderd. Je gegevens en je dichte enveloppen zijn weg.", "ok")
    return redirect(url_for("accounts.sign_in"), 303)


def _password_page(form: ChangePasswordForm, email: str) -> str:
    return render_template("accounts/account/password.html", form=form, email=email)
