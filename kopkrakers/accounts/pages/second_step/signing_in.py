"""The second step at signing in: type a code of the app, or one of paper."""

from typing import Any

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.browser.device import mark_device
from kopkrakers.accounts.pages.browser.session import begin_session
from kopkrakers.accounts.pages.forms import CodeForm
from kopkrakers.accounts.second_step import keeping, totp
from kopkrakers.accounts.second_step.used import use_step
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.errors import NotAllowed, NotYours, TooLate, TooMany, WayOn, WrongInput
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import forgive, slow_down
from kopkrakers.web.state import state

HALFWAY = "halverwege"
"""Key of the cookie for whoever typed a password."""
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
        raise TooLate("Dit duurde te lang. Er is niets gebeurd.", WayOn.SIGN_IN)
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
        check_code(user_id, secret, typed, on_paper=True)
    return visitor


def check_code(user_id: int, secret: bytes, typed: str, *, on_paper: bool = False) -> None:
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
