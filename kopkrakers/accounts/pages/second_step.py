"""The second step: type a code at signing in, set it up, and take it away."""

import logging
from typing import Any

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import people, rules, service
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.forms import CodeForm
from kopkrakers.accounts.pages.people import PERSON
from kopkrakers.accounts.pages.proving import asks_password
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.second_step import keeping, totp
from kopkrakers.accounts.second_step.used import use_step
from kopkrakers.accounts.session import begin_session, mark_device
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, TooMany, Way, WrongInput
from kopkrakers.base.qr import qr_of
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import forgive, slow_down
from kopkrakers.web.state import state

log = logging.getLogger(__name__)

HALFWAY, SETTING_UP = "halverwege", "tweede stap"
"""Keys of the cookie: for whoever typed a password, and for the secret of an app being set up."""
HALFWAY_MINUTES = 10
TRIES, WINDOW = 5, 15
"""Wrong codes of one person, in so many minutes: of a million codes three count at a time."""
WRONG_CODE = (
    "Deze code klopt niet. Hij verandert elke halve minuut: typ de code die er nu staat. Blijft "
    "het mislukken? Kijk of de klok van je telefoon goed staat."
)
CHANGED = "Je account is net veranderd. Log opnieuw in."
USED = (
    "Deze code is al gebruikt. Wacht tot er een nieuwe staat: dat duurt hoogstens een halve minuut."
)


# D-102
def sign_in_or_ask(visitor: Visitor, address: str, path: str) -> ResponseReturnValue:
    """Sign in who proved a password, or ask for the second step. `address`: as compared."""
    with state().database.reading() as reading:
        asks = keeping.has_second_step(reading, visitor.id)
    if not asks:
        begin_session(visitor)
        mark_device(address)
        return redirect(rules.landing_path(path, visitor.roles), 303)
    session[HALFWAY] = {
        "person": visitor.id,
        "generation": visitor.generation,
        "moment": int(state().now().timestamp()),
        "address": address,
        "path": path,
    }
    return redirect(url_for("accounts.second_step"), 303)


@blueprint.get("/inloggen/tweede-stap")
@access.public
def second_step() -> ResponseReturnValue:
    """Return the form for the code of an app."""
    if _halfway() is None:
        return redirect(url_for("accounts.sign_in"))
    return _code_page(CodeForm())


@blueprint.post("/inloggen/tweede-stap")
@access.public
@asks_again
def sign_in_with_code() -> ResponseReturnValue:
    """Sign in whoever typed a password and now a code."""
    halfway, form = _halfway(), CodeForm()
    if halfway is None:
        raise TooLate("Dit duurde te lang. Er is niets gebeurd.", Way.SIGN_IN)
    if not form.validate():
        return _code_page(form), 422
    try:
        visitor = _checked(halfway, form.code.data)
    except (WrongInput, TooMany, NotAllowed) as error:
        form.refuse(error)
        return _code_page(form), error.status
    begin_session(visitor)
    mark_device(halfway["address"])
    return redirect(rules.landing_path(halfway["path"], visitor.roles), 303)


@blueprint.get("/account/tweede-stap")
@access.signed_in
def own_second_step() -> str:
    """Return whether the second step is on, and what can be done with it."""
    with state().database.reading() as reading:
        is_on = keeping.has_second_step(reading, current_user.id)
        left = keeping.codes_left(reading, current_user.id)
        has_password = service.own_account(reading, current_user.id).has_password
    return render_template(
        "accounts/second_step/own.html", is_on=is_on, left=left, has_password=has_password
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
        _check_code(current_user.id, secret, form.code.data)
    except (WrongInput, TooMany) as error:
        form.refuse(error)
        return _set_up_page(secret, form), error.status
    with state().database.transaction() as writing:
        keeping.keep_secret(writing, current_user.id, secret, state().row_keys)
        codes = keeping.new_recovery_codes(writing, current_user.id)
    del session[SETTING_UP]
    return render_template("accounts/second_step/codes.html", codes=codes)


@blueprint.post("/account/tweede-stap/codes")
@access.signed_in
@asks_password
def renew_recovery_codes() -> str:
    """Show new codes for paper; the old ones stop."""
    with state().database.transaction() as writing:
        if not keeping.has_second_step(writing, current_user.id):
            raise TooLate("De tweede stap staat niet aan.")
        codes = keeping.new_recovery_codes(writing, current_user.id)
    return render_template("accounts/second_step/codes.html", codes=codes)


@blueprint.post("/account/tweede-stap/weg")
@access.signed_in
@asks_password
def end_own_second_step() -> ResponseReturnValue:
    """Take the own second step away."""
    with state().database.transaction() as writing:
        keeping.forget_second_step(writing, current_user.id)
    flash("De tweede stap is uit. Je logt in met alleen je wachtwoord.", "ok")
    return redirect(url_for("accounts.own_second_step"), 303)


@blueprint.post(f"{PERSON}/tweede-stap-weg")
@access.role(Role.BEHEERDER)
@asks_password
def end_second_step(user_id: int) -> ResponseReturnValue:
    """Take the second step of somebody away who lost their phone and their codes."""
    if user_id == current_user.id:
        raise NotAllowed("Je eigen tweede stap haal je weg bij Account.")
    with state().database.transaction() as writing:
        line = people.person(writing, current_user.gemeente_id, user_id)
        if keeping.forget_second_step(writing, user_id):
            note(writing, Deed.SECOND_STEP, person_id=user_id)
    flash(f"{line.name} logt nu in met alleen een wachtwoord.", "ok")
    return redirect(url_for("accounts.person", user_id=user_id), 303)


def _halfway() -> dict[str, Any] | None:
    """Return who typed a password in this browser a short while ago."""
    halfway: dict[str, Any] | None = session.get(HALFWAY)
    if halfway is None:
        return None
    age = int(state().now().timestamp()) - halfway["moment"]
    if 0 <= age < 60 * HALFWAY_MINUTES:
        return halfway
    return None


def _checked(halfway: dict[str, Any], typed: str) -> Visitor:
    """Return the person halfway, once the code is theirs. Raises: WrongInput, TooMany."""
    user_id = halfway["person"]
    try:
        with state().database.reading() as reading:
            visitor = service.visitor_of(reading, user_id, state().row_keys)
            secret = keeping.secret_of(reading, user_id, state().row_keys)
    except NotYours:
        raise NotAllowed(CHANGED) from None
    # the password was changed meanwhile, or the account signed out everywhere
    if visitor.generation != halfway["generation"]:
        raise NotAllowed(CHANGED)
    if secret is not None:
        _check_code(user_id, secret, typed, on_paper=True)
    return visitor


def _check_code(user_id: int, secret: bytes, typed: str, *, on_paper: bool = False) -> None:
    """Make sure that a code is one of the app, or, where that is enough, of paper, and not used.

    Raises: WrongInput; TooMany.
    """
    slow_down("second step", str(user_id), at_most=TRIES, minutes=WINDOW)
    digits = "".join(typed.split())
    step = totp.matching_step(secret, digits, state().now())
    if step is not None:
        _use_step(user_id, step)
    elif not on_paper or not _uses_paper(user_id, typed):
        raise WrongInput(WRONG_CODE, "code")
    forgive("second step", str(user_id), minutes=WINDOW)


def _use_step(user_id: int, step: int) -> None:
    """Use the code of a step. Raises: WrongInput when it was used before, on whichever server."""
    with state().database.transaction() as writing:
        is_new = use_step(writing, user_id, step, keys=state().row_keys, today=state().today())
    if not is_new:
        raise WrongInput(USED, "code")


def _uses_paper(user_id: int, typed: str) -> bool:
    with state().database.transaction() as writing:
        return keeping.use_recovery_code(writing, user_id, typed)


def _code_page(form: CodeForm) -> str:
    return render_template("accounts/second_step/code.html", form=form)


def _set_up_page(secret: bytes, form: CodeForm) -> str:
    with state().database.reading() as reading:
        email = service.own_account(reading, current_user.id).email
    return render_template(
        "accounts/second_step/set_up.html",
        form=form,
        code=qr_of(totp.app_address(secret, email)),
        letters=totp.in_letters(secret),
    )
