"""Signing in with a work account: find the provider, go there, and come back from there."""

from dataclasses import asdict
from typing import Any

import structlog
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts import rules, service
from kopkrakers.accounts.pages import blueprint
from kopkrakers.accounts.pages.browser.providers import sso
from kopkrakers.accounts.pages.browser.session import BySso, begin_session, forget, welcome
from kopkrakers.accounts.pages.forms import WorkAddressForm
from kopkrakers.accounts.pages.sign_in import goes_on_if_signed_in, sign_in_page
from kopkrakers.accounts.second_step.used import use_sign_out
from kopkrakers.accounts.sso.arriving import arrive, owner_of
from kopkrakers.accounts.sso.asking import arrival_keys
from kopkrakers.accounts.sso.claims import person_of
from kopkrakers.accounts.sso.flow import (
    Arrival,
    PendingSignIn,
    arrival,
    authorization_url,
    check_return,
    new_pending,
    signed_out,
)
from kopkrakers.accounts.sso.providers import Provider, provider_at, provider_for, seal_text
from kopkrakers.accounts.sso.tokens import NotBelieved
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.errors import (
    KopkrakersError,
    NotAllowed,
    NotNow,
    NotYours,
    TooLate,
    WrongInput,
)
from kopkrakers.base.wire.asking import Unreachable
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again, signed_instead
from kopkrakers.web.limits import limited, slow_down_here
from kopkrakers.web.state import state

log = structlog.get_logger()

AT = "/inloggen/bij/<slug>"
ON_THE_WAY = "onderweg"
"""Key of the cookie for those who were sent to a provider: by state, the newest last."""
MOST_ON_THE_WAY = 3
"""Tabs in which somebody can be on the way at a time; a cookie holds no more."""
UNKNOWN_ADDRESS = (
    "Van dit adres kennen we geen werkaccount. Klopt het adres? Log dan in met je wachtwoord."
)
LOST = (
    "We weten niet meer waarvoor je naar je werkaccount ging. Je was lang onderweg, of je browser "
    "bewaart geen cookies. Er is niets gebeurd. Begin opnieuw."
)
REFUSED_THERE = "Je werkaccount liet je niet door, of je ging terug. Je bent niet ingelogd."
NOT_FRESH = (
    "Je werkaccount zegt niet dat je net opnieuw hebt ingelogd. Dat is hier wel nodig. "
    "Vraag de beheerder van je gemeente om dit na te kijken."
)
NOT_RIGHT = (
    "Wat je werkaccount stuurde, klopt niet. Daarom ben je niet ingelogd. Probeer het opnieuw. "
    "Blijft het misgaan? Meld het bij de beheerder van je gemeente."
)
NOT_TAKEN = ({"error": "invalid_request"}, 400, {"Cache-Control": "no-store"})
"""The answer to a provider whose token is not what it should be (Back-Channel Logout 1.0, 2.8)."""
_WORDS: dict[str, KopkrakersError] = {
    "state": TooLate(LOST),
    "refused there": NotAllowed(REFUSED_THERE),
    "auth time": NotAllowed(NOT_FRESH),
}


@blueprint.post("/inloggen/werkaccount")
@access.public
@goes_on_if_signed_in
@asks_again
def find_work_account() -> ResponseReturnValue:
    """Lead to the page of the gemeente whose work addresses end like the one typed."""
    form = WorkAddressForm()
    if not form.validate():
        return sign_in_page(form), 422
    slow_down_here("find work account", at_most=300, minutes=15)
    with state().database.reading() as reading:
        provider = provider_for(reading, form.adres.data, state().row_keys)
    if provider is None:
        form.refuse(WrongInput(UNKNOWN_ADDRESS, "adres"))
        return sign_in_page(form), 422
    path = rules.path_after_sign_in(form.volgende.data)
    return redirect(_address("work_account", provider.slug, path), 303)


@blueprint.get(AT)
@access.public
def work_account(slug: str) -> ResponseReturnValue:
    """Return the page of a gemeente, with one button to its provider."""
    path = rules.path_after_sign_in(request.args.get("volgende"))
    if current_user.is_authenticated:
        return redirect(path)
    provider = _provider(slug)
    onward = _address("go_to_provider", slug, path)
    return render_template(
        "accounts/sso/work_account.html", provider=provider.to_show(), onward=onward
    )


@blueprint.get(f"{AT}/werkaccount")
@access.public
@limited(600, minutes=15)
def go_to_provider(slug: str) -> ResponseReturnValue:
    """Send the browser to the provider of a gemeente."""
    provider = _provider(slug)
    path = rules.path_after_sign_in(request.args.get("volgende"))
    pending = new_pending(fresh="opnieuw" in request.args)
    told, address = sso().told, _return_to(slug)
    try:
        url = sso().patience.wait_for(
            provider.issuer, lambda: authorization_url(told, provider, pending, address)
        )
    except Unreachable:
        return _refused(provider, _silent(provider))
    on_the_way: dict[str, Any] = dict(session.get(ON_THE_WAY, {}))
    # a browser refuses a cookie that grows past its limit, so the oldest goes
    while len(on_the_way) >= MOST_ON_THE_WAY:
        del on_the_way[next(iter(on_the_way))]
    on_the_way[pending.state] = asdict(pending) | {"slug": slug, "path": path}
    session[ON_THE_WAY] = on_the_way
    return redirect(url)


@blueprint.get(f"{AT}/terug")
@access.public
@limited(600, minutes=15)
def come_from_provider(slug: str) -> ResponseReturnValue:
    """Sign in whoever comes back from their provider."""
    provider = _provider(slug)
    try:
        pending, path = _taken_pending(slug)
        code = check_return(provider, pending, request.args)
        told, now, address = sso().told, state().now(), _return_to(provider.slug)
        arrived = sso().patience.wait_for(
            provider.issuer,
            lambda: arrival(told, provider, pending, code=code, address=address, now=now),
        )
        visitor, is_new = _visitor(provider, arrived)
    except NotBelieved as error:
        # the name of the check alone
        log.warning("a sign-in by a provider was refused", why=error.why)
        return _refused(provider, _WORDS.get(error.why, NotAllowed(NOT_RIGHT)))
    except Unreachable:
        return _refused(provider, _silent(provider))
    except (NotAllowed, NotYours, TooLate) as error:
        return _refused(provider, error)
    # sessions that the proof of the address ended are known here for seconds still
    forget(visitor.id)
    begin_session(visitor, BySso(slug, _sealed(provider, arrived.renewal), pending.fresh))
    if is_new:
        welcome()
    return redirect(rules.landing_path(path, visitor.roles), 303)


@blueprint.post(f"{AT}/uitgelogd")
@access.public
@signed_instead
@limited(1200, minutes=15)
def signed_out_there(slug: str) -> ResponseReturnValue:
    """End the sessions of somebody of whom their provider says that they signed out.

    OpenID Connect Back-Channel Logout 1.0: asked by the provider, in English, with a signed token.
    """
    provider, token = _provider(slug), request.form.get("logout_token", "")
    told, now = sso().told, state().now()
    try:
        sign_out = sso().patience.wait_for(
            provider.issuer, lambda: signed_out(told, provider, token, now)
        )
    except NotBelieved:
        return NOT_TAKEN
    except Unreachable:
        return {"error": "temporarily_unavailable"}, 503, {"Cache-Control": "no-store"}
    with state().database.transaction() as writing:
        if not use_sign_out(
            writing,
            provider.issuer,
            sign_out.token_id,
            keys=state().row_keys,
            today=state().today(),
        ):
            return NOT_TAKEN
        user_id = owner_of(writing, provider, sign_out.subject, arrival_keys(state().settings))
        if user_id is not None:
            service.sign_out_everywhere(writing, user_id, state().row_keys)
    if user_id is not None:
        forget(user_id)
    return "", 200, {"Cache-Control": "no-store"}


def _provider(slug: str) -> Provider:
    with state().database.reading() as reading:
        return provider_at(reading, slug, state().row_keys)


def _visitor(provider: Provider, found: Arrival) -> tuple[Visitor, bool]:
    person = person_of(provider, found.claims)
    with state().database.transaction() as writing:
        return arrive(
            writing, provider, person, now=state().now(), keys=arrival_keys(state().settings)
        )


def _sealed(provider: Provider, renewal: str) -> bytes | None:
    if not renewal:
        return None
    return seal_text(state().row_keys, f"{provider.gemeente_id} {renewal}")


def _taken_pending(slug: str) -> tuple[PendingSignIn, str]:
    """Return what this browser was sent for, once. Raises: NotBelieved."""
    on_the_way = dict(session.get(ON_THE_WAY, {}))
    kept = on_the_way.pop(request.args.get("state", ""), None)
    # of another gemeente: its provider would hear the code
    if kept is None or kept["slug"] != slug:
        raise NotBelieved("state")
    session[ON_THE_WAY] = on_the_way
    pending = PendingSignIn(kept["state"], kept["nonce"], kept["verifier"], kept["fresh"])
    return pending, rules.path_after_sign_in(kept["path"])


def _silent(provider: Provider) -> NotNow:
    return NotNow(
        f"Het inlogscherm van {provider.gemeente} antwoordt nu niet. Het ligt niet aan jou. "
        "Probeer het over een minuut opnieuw."
    )


def _refused(provider: Provider, error: KopkrakersError) -> ResponseReturnValue:
    """Return the page that says why somebody is not signed in, and which way is open."""
    page = render_template(
        "accounts/sso/refused.html",
        provider=provider.to_show(),
        sentence=error.sentence,
        again=_address("go_to_provider", provider.slug, "/"),
    )
    return page, error.status


def _return_to(slug: str) -> str:
    """Return the whole address to which a provider sends people back: by our own setting."""
    return state().settings.base_url + url_for("accounts.come_from_provider", slug=slug)


def _address(endpoint: str, slug: str, path: str) -> str:
    if path == "/":
        onward = None
    else:
        onward = path
    return url_for(f"accounts.{endpoint}", slug=slug, volgende=onward)
