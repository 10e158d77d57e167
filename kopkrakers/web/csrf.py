"""Forgery protection: every POST carries a token, and a form that holds a choice may ask again."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask_wtf.csrf import CSRFProtect

View = TypeVar("View", bound=Callable[..., Any])

_protection = CSRFProtect()


def asks_again(view: View) -> View:
    """Let the view's own FlaskForm check the token, so that a stale one gives the form back with nothing lost.

    The view must end in a 422 when `form.validate()` is false; `form.csrf_token.errors` then says why.
    Everywhere else a stale token ends in a page that says how to go on.
    """
    marked: View = _protection.exempt(view)
    return marked


def install(app: Flask) -> None:
    """Check the token of every POST.

    A token lives as long as the session, so a card that lay open since breakfast still works. The referrer
    is not asked for: the cookie is `SameSite=Lax`, and browsers that send none would be kept out.
    """
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    _protection.init_app(app)
