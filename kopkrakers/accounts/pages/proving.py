"""Asks for the password once more before what an open browser should not let pass."""

from functools import wraps
from typing import Any, cast

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import service
from kopkrakers.accounts.pages.browser.session import gemeente_of_session, is_proved, prove_again
from kopkrakers.accounts.pages.forms import ProveForm
from kopkrakers.base.errors import TooMany, WrongInput
from kopkrakers.web.access import View
from kopkrakers.web.csrf import TOKEN
from kopkrakers.web.limits import slow_down
from kopkrakers.web.paths import way_back
from kopkrakers.web.state import state

PASSWORD = "huidig"  # noqa: S105  (the name of a field)


# D-64
def asks_password(view: View) -> View:
    """Let a POST through only shortly after the visitor typed their password.

    Else a page asks for it. All that was sent stands in that page, so that it is sent once more
    with the password and nothing is lost. In the demo nobody has a password, and none is asked.
    """

    @wraps(view)
    def around(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        page = page_for_password()
        return cast(ResponseReturnValue, view(*args, **kwargs) if page is None else page)

    return cast(View, around)


def page_for_password() -> ResponseReturnValue | None:
    """Return the page that asks for the password; None when this request may go on."""
    if is_proved() or state().settings.demo:
        return None
    return _prove()


def _prove() -> ResponseReturnValue | None:
    """Hold the typed password against the kept one. Return the page that asks, unless it fits."""
    slug = gemeente_of_session()
    if slug is not None:
        onward = url_for(
            "accounts.go_to_provider", slug=slug, opnieuw="ja", volgende=_page_of_form()
        )
        return render_template("accounts/account/prove_sso.html", onward=onward), 403
    form = ProveForm()
    if PASSWORD not in request.form:
        return _page(ProveForm(formdata=None)), 403
    if not form.validate():
        return _page(form), 422
    try:
        slow_down("change password", str(current_user.id), at_most=10, minutes=15)
        with state().database.reading() as session:
            service.prove_password(session, current_user.id, form.huidig.data)
    except (WrongInput, TooMany) as error:
        form.refuse(error)
        return _page(form), error.status
    prove_again()
    return None


def _page_of_form() -> str:
    """Return where the form stands that was sent."""
    is_own_page = request.path.endswith("/verwijderen")
    return way_back() or (request.path if is_own_page else "/account")


def _page(form: ProveForm) -> str:
    sent = []
    for name, value in request.form.items(multi=True):
        if name not in (PASSWORD, TOKEN):
            sent.append((name, value))
    with state().database.reading() as session:
        email = service.own_account(session, current_user.id).email
    return render_template("accounts/account/prove.html", form=form, sent=sent, email=email)
