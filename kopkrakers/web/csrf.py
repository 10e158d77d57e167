"""Forgery protection: every POST carries a token, and a form that holds a choice may ask again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask_wtf.csrf import CSRFProtect

View = TypeVar("View", bound=Callable[..., Any])

_protection = CSRFProtect()


def asks_again(view: View) -> View:
    """Let the view's own FlaskForm check the token: with a stale token the filled-in form returns.

    The view must answer 422 when `form.validate()` is false; `form.csrf_token.errors` says why.
    Everywhere else a stale token ends in a page that says how to go on.
    """
    marked: View = _protection.exempt(view)
    return marked


def install(app: Flask) -> None:
    """Check the token of every POST.

    A token lives as long as the browser session, so a card that is open since breakfast works. The
    referrer is not checked: the cookie is `SameSite=Lax`, and some browsers send no referrer.
    """
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    _protection.init_app(app)
