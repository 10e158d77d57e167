"""Signing in and out, and asking for a new password."""

from functools import wraps
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.pages import blueprint, recovery
from kopkrakers.accounts.pages.browser.device import known_mark
from kopkrakers.accounts.pages.browser.session import (
    begin_session,
    end_session,
    gemeente_of_session,
    was_signed_out,
    welcome,
)
from kopkrakers.accounts.pages.forms import (
    AddressForm,
    ForwardForm,
    PersonaForm,
    SignInForm,
    WorkAddressForm,
)
from kopkrakers.accounts.pages.second_step.signing_in import sign_in_or_ask
from kopkrakers.accounts.personas import BY_KEY, PERSONAS
from kopkrakers.accounts.sso.asking import check_password_may, why_no_password
from kopkrakers.accounts.sso.providers import has_providers
from kopkrakers.base.errors import KopkrakersError, NotAllowed, NotYours, TooMany, WrongInput
from kopkrakers.base.typed import canonical_address
from kopkrakers.web import access
from kopkrakers.web.access import View
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import forgive, slow_down, slow_down_here
from kopkrakers.web.state import state

TRIES = 10
"""Wrong passwords of one address from one network address in a window.

From everywhere together five times as many.
"""
WRONG_HERE = 300
"""Wrong passwords from one network address, of everybody there together."""
TOO_OFTEN = (
    "Je probeerde te vaak in te loggen. Wachtwoord kwijt? Vraag een nieuw aan bij ‘Wachtwoord "
    "vergeten’."
)
WINDOW = 15
"""Minutes."""


def goes_on_if_signed_in(view: View) -> View:
    """Send whoever signed in meanwhile, in another tab, on to the page asked for.

    The page to sign in on would erase what the device keeps for this person, and say untrue things.
    """

    @wraps(view)
    def go_on(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return view(*args, **kwargs)
        if current_user.name:
            flash(f"Je was al ingelogd als {current_user.name}.", "info")
        return redirect(rules.path_after_sign_in(ForwardForm().volgende.data), 303)

    return cast(View, go_on)


@blueprint.get("/inloggen")
@access.public
def sign_in() -> ResponseReturnValue:
    """Return the page to sign in on."""
    path = rules.path_after_sign_in(request.args.get("volgende"))
    if current_user.is_authenticated:
        return redirect(path)
    return sign_in_page(SignInForm(volgende=path))


@blueprint.post("/inloggen")
@access.public
@goes_on_if_signed_in
@asks_again
def sign_in_with_password() -> ResponseReturnValue:
    """Sign in with address and password."""
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form), 422
    keys = rules.address_keys(state().settings)
    address = canonical_address(form.adres.data)
    try:
        # before the password is looked at: who guesses at many accounts at once is slowed as well
        for name, (key, at_most) in _limits(address, known_mark(address)).items():
            slow_down(name, key, at_most=at_most, minutes=WINDOW, why=TOO_OFTEN)
        with state().database.reading() as session:
            visitor = service.check_credentials(
                session,
                address=form.adres.data,
                password=form.wachtwoord.data,
                keys=keys,
                row_keys=state().row_keys,
            )
            check_password_may(session, visitor.gemeente_id, visitor.id, state().row_keys)
    except NotAllowed as error:
        form.refuse(error)
        return sign_in_page(form), error.status
    except (WrongInput, TooMany) as error:
        refusal = _refusal(error, form.adres.data)
        form.refuse(refusal)
        return sign_in_page(form), refusal.status
    # only wrong passwords count: a whole gemeente may sign in from one network address
    for name, (key, _) in _limits(address, known_mark(address)).items():
        forgive(name, key, minutes=WINDOW)
    return sign_in_or_ask(visitor, address, rules.path_after_sign_in(form.volgende.data))


@blueprint.post("/inloggen/demo")
@access.public
def sign_in_as_persona() -> ResponseReturnValue:
    """Sign in as one of the demo's people."""
    form = PersonaForm()
    persona = BY_KEY.get(form.persona.data or "")
    if not state().settings.demo or persona is None:
        raise NotYours
    with state().database.reading() as session:
        visitor = service.visitor_by_email(session, persona.email, state().row_keys)
    begin_session(visitor)
    welcome()
    path = rules.path_after_sign_in(form.volgende.data)
    return redirect(rules.landing_path(path, visitor.roles), 303)


@blueprint.post("/uitloggen")
@access.public
def sign_out() -> ResponseReturnValue:
    """Sign out on this device."""
    path = rules.path_after_sign_in(ForwardForm().volgende.data)
    end_session()
    flash("Je bent uitgelogd.", "ok")
    if path == "/":
        path = url_for("accounts.sign_in")
    return redirect(path, 303)


@blueprint.get("/wachtwoord-vergeten")
@access.public
def forgot_password() -> ResponseReturnValue:
    """Return the form to ask for a new password."""
    return _forgot_page(AddressForm())


@blueprint.post("/wachtwoord-vergeten")
@access.public
@asks_again
def mail_new_password() -> ResponseReturnValue:
    """Mail a link to the address, if it is someone's. The answer is the same either way."""
    if not state().settings.sends_mail:
        raise NotYours
    form = AddressForm()
    if not form.validate():
        return _forgot_page(form), 422
    try:
        slow_down_here("new password", at_most=200, minutes=60)
        slow_down("new password", canonical_address(form.adres.data), at_most=3, minutes=60)
    except TooMany as error:
        form.refuse(error)
        return _forgot_page(form), error.status
    recovery.mail_link_later(state(), form.adres.data)
    return render_template("accounts/sign_in/forgot_sent.html", address=form.adres.data)


def _forgot_page(form: AddressForm) -> str:
    by_mail = state().settings.sends_mail
    return render_template("accounts/sign_in/forgot.html", form=form, by_mail=by_mail)


def _refusal(error: WrongInput | TooMany, address: str) -> KopkrakersError:
    """Return what to say: of a wrong password where none is taken, that and nothing else."""
    with state().database.reading() as session:
        sentence = why_no_password(session, address, state().row_keys)
    if sentence is None or isinstance(error, TooMany):
        return error
    return NotAllowed(sentence)


def sign_in_page(form: SignInForm | WorkAddressForm) -> str:
    """Return the page to sign in on, with what was typed and what is wrong with it."""
    with state().database.reading() as session:
        by_sso = has_providers(session)
    slug = None
    if by_sso:
        slug = gemeente_of_session()
    return render_template(
        "accounts/sign_in/sign_in.html",
        form=form,
        personas=PERSONAS if state().settings.demo else (),
        ended=was_signed_out(),
        unsent="onverstuurd" in request.args,
        by_sso=by_sso,
        slug=slug,
    )


def _limits(address: str, mark: str | None) -> dict[str, tuple[str, int]]:
    """Return who is counted at a sign-in: under which name, and how often they may be wrong.

    A device on which this person signed in before is counted alone, so that nobody else's wrong
    passwords hold it up.
    """
    if mark is not None:
        return {"sign in known": (mark, TRIES)}
    here = request.remote_addr or ""
    return {
        "sign in here": (here, WRONG_HERE),
        "sign in from here": (f"{here} {address}", TRIES),
        "sign in": (address, 5 * TRIES),
    }
