"""The own second step: set it up, make new codes for paper, and take it away."""

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.forms import CodeForm
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.second_step.signing_in import check_code
from kopkrakers.accounts.second_step import keeping, requiring, totp
from kopkrakers.base.errors import NotAllowed, TooLate, TooMany, WrongInput
from kopkrakers.web import access
from kopkrakers.web.assets.qr import qr_of
from kopkrakers.web.state import state

SETTING_UP = "tweede stap"
"""Key of the cookie for the secret of an app being set up."""
STAYS = (
    "Je gemeente vraagt deze stap van iedereen met jouw rol. Je kunt hem niet uitzetten. Een "
    "andere telefoon nemen kan wel."
)


@blueprint.get("/account/tweede-stap")
@access.signed_in
def own_second_step() -> str:
    """Return whether the second step is on, and what can be done with it."""
    with state().database.reading() as reading:
        is_on = keeping.has_second_step(reading, current_user.id)
        left = keeping.codes_left(reading, current_user.id)
        has_password = service.own_account(reading, current_user.id).has_password
        asking = requiring.roles_that_ask(reading, current_user.gemeente_id, current_user.roles)
    return render_template(
        "accounts/second_step/own.html",
        is_on=is_on,
        left=left,
        has_password=has_password,
        from_day=min(asking.values(), default=None),
        waits=current_user.owes_second_step and not is_on,
    )


@blueprint.post("/account/tweede-stap")
@access.signed_in
@asks_password
def set_up_second_step() -> str:
    """Return the code to scan with an app. Nothing is kept before a code of it was typed."""
    secret = totp.new_secret()
    session[SETTING_UP] = secret.hex()
    return _set_up_page(secret, CodeForm(formdata=None))


@blueprint.post("/account/tweede-stap/klopt")
@access.signed_in
def keep_second_step() -> ResponseReturnValue:
    """Keep the second step once a code shows that the app has it; show the codes for paper."""
    if SETTING_UP not in session:
        raise TooLate("Begin opnieuw: we weten niet meer welke code je scande.")
    secret, form = bytes.fromhex(session[SETTING_UP]), CodeForm()
    if not form.validate():
        return _set_up_page(secret, form), 422
    try:
        check_code(current_user.id, secret, form.code.data)
    except (WrongInput, TooMany) as error:
        form.refuse(error)
        return _set_up_page(secret, form), error.status
    with state().database.transaction() as writing:
        keeping.keep_secret(writing, current_user.id, secret, state().row_keys)
        codes = keeping.new_recovery_codes(writing, current_user.id)
    del session[SETTING_UP]
    onward = url_for("accounts.own_second_step")
    if current_user.owes_second_step:
        onward = rules.landing_path("/", current_user.roles)
    return _codes_page(codes, onward)


@blueprint.post("/account/tweede-stap/codes")
@access.signed_in
@asks_password
def renew_recovery_codes() -> str:
    """Show new codes for paper; the old ones stop."""
    with state().database.transaction() as writing:
        if not keeping.has_second_step(writing, current_user.id):
            raise TooLate("De tweede stap staat niet aan.")
        codes = keeping.new_recovery_codes(writing, current_user.id)
    return _codes_page(codes, url_for("accounts.own_second_step"))


@blueprint.post("/account/tweede-stap/weg")
@access.signed_in
@asks_password
def end_own_second_step() -> ResponseReturnValue:
    """Take the own second step away."""
    with state().database.transaction() as writing:
        if requiring.roles_that_ask(writing, current_user.gemeente_id, current_user.roles):
            raise NotAllowed(STAYS)
        keeping.forget_second_step(writing, current_user.id)
    flash("De tweede stap is uit. Je logt in met alleen je wachtwoord.", "ok")
    return redirect(url_for("accounts.own_second_step"), 303)


def _codes_page(codes: list[str], onward: str) -> str:
    return render_template("accounts/second_step/codes.html", codes=codes, onward=onward)


def _set_up_page(secret: bytes, form: CodeForm) -> str:
    with state().database.reading() as reading:
        email = service.own_account(reading, current_user.id).email
    return render_template(
        "accounts/second_step/set_up.html",
        form=form,
        code=qr_of(totp.app_address(secret, email)),
        letters=totp.in_letters(secret),
    )
