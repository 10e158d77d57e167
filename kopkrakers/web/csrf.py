"""Forgery protection: every POST carries a token, which also tells for whom its form was made.

A POST whose token does not count is refused here alone, with the cause that holds: someone else is
signed in, the browser sent no cookie, or the page stood open too long.
"""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache, wraps
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from flask import Flask, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import ValidationError
from wtforms.csrf.core import CSRF

from kopkrakers.base.errors import NotAllowed
from kopkrakers.base.keys import Use
from kopkrakers.web.access import View
from kopkrakers.web.state import state

TOKEN = "csrf_token"  # noqa: S105  (the name of a field, and of its half in the browser session)
NO_COOKIE = (
    "Je browser stuurde geen cookie mee, en zonder cookie werkt deze knop niet. Er is niets "
    "verstuurd. Probeer het nog een keer. Lukt het weer niet? Zet cookies aan voor deze site, of "
    "open de link in je gewone browser."
)
_SALT = "wtf-csrf-token"
_SENT = "kopkrakers_token_sent"
_MARK_BYTES = 12
_RANDOM_BYTES = 30

_protection = CSRFProtect()


def asks_again(view: View) -> View:
    """Let the view's own form check the token, so that a stale one gives the form back whole.

    The view must end in a 422 when `form.validate()` is false; `form.faults` then says why. A form
    that was made for somebody else never reaches the view: what is in it is not shown to the next.
    Everywhere else a token that does not count ends in a page that says how to go on.
    """

    @wraps(view)
    def refuse_of_another(*args: Any, **kwargs: Any) -> Any:
        if is_of_someone_else():
            raise NotAllowed(now_signed_in())
        return view(*args, **kwargs)

    marked: View = _protection.exempt(refuse_of_another)
    return marked


def by_secret_address(view: View) -> View:
    """Let the secret in the address be the permission: a mail program posts without a cookie.

    The view must refuse any address that it did not make itself.
    """
    marked: View = _protection.exempt(view)
    return marked


def sealed_instead(view: View) -> View:
    """Let a POST without a token reach a view that takes only what its sender's own page sealed.

    A key that stands on the pages of one person alone proves more than a token: which person it is.
    """
    marked: View = _protection.exempt(view)
    return marked


def signed_instead(view: View) -> View:
    """Let a POST without a token reach a view that takes only what another server signed for us."""
    marked: View = _protection.exempt(view)
    return marked


def install(app: Flask) -> None:
    """Check the token of every POST.

    A token lives as long as the session, so a card that lay open since breakfast still works. The
    referrer is not asked for: the cookie is `SameSite=Lax`, and browsers that send none would be
    kept out.
    """
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    _protection.init_app(app)


def begin_token(user_id: int) -> None:
    """Start a new token for the forms of this person, in the new browser session.

    In base 64 and not in hexadecimal, which the signer would at times compress: then pages differ
    in length for a reason that has nothing to do with them.
    """
    g.pop(TOKEN, None)
    # a keyed hash of the person, so that no page carries an id
    key = state().keys(Use.FORMS).current
    whole = hmac.digest(key, f"kopkrakers form {user_id}".encode(), sha256)
    person = urlsafe_b64encode(whole[:_MARK_BYTES]).decode()
    session[TOKEN] = f"{person}.{token_urlsafe(_RANDOM_BYTES)}"
    generate_csrf()  # made now, so that an ordinary page never needs to set a cookie


def why_refused(open_too_long: str) -> str:
    """Return the sentence for a token that does not count; the given one if it is only old."""
    if is_of_someone_else():
        return now_signed_in()
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return NO_COOKIE
    return open_too_long


def is_of_someone_else() -> bool:
    """Whether the form was made for another person than who is signed in, or for nobody."""
    mark = _mark_sent()
    return current_user.is_authenticated and mark is not None and mark != _mark_in(session[TOKEN])


def now_signed_in() -> str:
    """Return the sentence for a form of someone else."""
    if current_user.name:
        who = f"Je bent nu ingelogd als {current_user.name}."
    else:
        who = ""
    return (
        f"{who or 'Er is nu iemand anders ingelogd.'} Deze pagina stond nog open van daarvoor. "
        "Er is niets verstuurd. Open de pagina opnieuw."
    )


# D-171
class FormToken(CSRF):  # type: ignore[misc]
    """Holds the token of a form against the browser session, as flask-wtf does.

    The token that was sent is opened once, for the owner of the form and for the form itself. None
    is made here: forms are drawn with the token of the page, most of them by others than this one.
    """

    def generate_csrf_token(self, _field: Any) -> str:
        """Return nothing: see `form_token`."""
        return ""

    def validate_csrf_token(self, _form: Any, _field: Any) -> None:
        """Make sure that the token that was sent is that of this session. Raises: ValidationError.

        Where the request was held against it already, `_protection` has refused any other.
        """
        if g.get("csrf_valid", False):
            return
        sent = _token_sent()
        if sent is None or not hmac.compare_digest(str(session.get(TOKEN, "")), sent):
            raise ValidationError("The CSRF token is invalid.")


def form_token() -> str:
    """Return the token for the forms of this page: the one in the session, signed."""
    if TOKEN in session and TOKEN not in g:
        setattr(g, TOKEN, _signer(current_app.secret_key).dumps(session[TOKEN]))
    # where there is none yet it is made, and kept in the session
    token: str = generate_csrf()
    return token


def _mark_sent() -> str | None:
    """Return the mark in the token that was sent, empty if made for nobody; None: no token of ours.

    The token is signed, so a mark in it is one that we gave.
    """
    sent = _token_sent()
    if sent is None:
        return None
    return _mark_in(sent)


def _token_sent() -> str | None:
    """Return the token that was sent, opened; None where it was not signed by us."""
    if _SENT not in g:
        setattr(g, _SENT, _opened(request.form.get(TOKEN, "")))
    token: str | None = g.get(_SENT)
    return token


def _opened(signed: str) -> str | None:
    try:
        token: str = _signer(current_app.secret_key).loads(signed)
    except BadData:
        return None
    return token


# of one application there is one; making it anew took as long as signing
@lru_cache(maxsize=4)
def _signer(secret: str | bytes | None) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret or "", salt=_SALT)


def _mark_in(token: str) -> str:
    mark, dot, _random = token.partition(".")
    if dot:
        return mark
    return ""
