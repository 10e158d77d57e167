"""Access marks: every route has exactly one, and a request that does not meet it stops here."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.errors import NotAllowed
from kopkrakers.web.paths import way_back

View = TypeVar("View", bound=Callable[..., Any])
MARK = "kopkrakers_access"
PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Anyone may ask this."""
    setattr(view, MARK, PUBLIC)
    return view


def signed_in(view: View) -> View:
    """Anyone with an account may ask this; the view itself loads only what is theirs."""
    setattr(view, MARK, SIGNED_IN)
    return view


def role(*roles: str) -> Callable[[View], View]:
    """Only someone with one of these roles may ask this."""

    def mark(view: View) -> View:
        setattr(view, MARK, frozenset(roles))
        return view

    return mark


def is_open_to_all() -> bool:
    """Whether anyone may ask the page of this request."""
    if request.endpoint is None:
        return False
    return bool(getattr(current_app.view_functions[request.endpoint], MARK) == PUBLIC)


def install(app: Flask) -> None:
    """Hold every request against the mark of its route."""
    app.before_request(_check)


def require_marks(app: Flask) -> None:
    """Refuse to start while a route carries no mark.

    Raises: RuntimeError naming the routes and what to write.
    """
    bare = []
    for name, view in app.view_functions.items():
        if not hasattr(view, MARK):
            bare.append(name)
    if bare:
        raise RuntimeError(
            f"no access mark on {', '.join(sorted(bare))}: put @access.public, @access.signed_in "
            "or @access.role(…) under the route decorator"
        )


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    mark = getattr(current_app.view_functions[request.endpoint], MARK)
    if mark == PUBLIC:
        return None
    if not current_user.is_authenticated:
        return redirect(_sign_in_url())
    if mark != SIGNED_IN and not mark & current_user.roles:
        raise NotAllowed("Deze pagina hoort bij een andere rol dan de jouwe.")
    return None


def _sign_in_url() -> str:
    """Return the address of the sign-in page, which leads on to the page asked for or sent from.

    What was sent is not in it: an address may not hold that, and the next person to sign in here
    may be someone else.
    """
    reads = request.method in ("GET", "HEAD")
    is_page = reads and "HX-Request" not in request.headers
    return url_for(
        "accounts.sign_in",
        volgende=request.path if is_page else way_back(),
        onverstuurd=None if reads else "ja",
    )
