"""Whether this process lives and can serve, and whom to tell about a hole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from flask import Flask, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.base.errors import NotYours
from kopkrakers.web import access
from kopkrakers.web.state import AppState, state

Check = Callable[[AppState], bool]
Tell = Callable[[AppState], int | None]


@dataclass(frozen=True)
class Readiness:
    """Conditions for a process to serve, and what `/klaar` tells besides."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    tells: Mapping[str, Tell] = field(default_factory=dict)


LOOK_AGAIN = 5.0
"""Seconds that an answer of `/klaar` stands, so that asking it often costs nothing."""
SECURITY_TXT_DAYS = 180


def install(app: Flask, readiness: Readiness) -> None:
    """Add `/gezond`, `/klaar` and `/.well-known/security.txt`."""

    looked: dict[str, bool] = {}
    told: dict[str, int | None] = {}
    look_again = 0.0

    @access.public
    def ready() -> tuple[Response, int]:
        nonlocal looked, told, look_again
        if monotonic() >= look_again:  # anyone may ask, as often as they like
            looked = {name: _holds(check) for name, check in readiness.checks.items()}
            told = {name: _told(tell) for name, tell in readiness.tells.items()}
            look_again = monotonic() + LOOK_AGAIN
        if all(looked.values()):
            status = 200
        else:
            status = 503
        return jsonify({**looked, **told}), status

    app.add_url_rule("/gezond", "alive", alive)
    app.add_url_rule("/klaar", "ready", ready)
    app.add_url_rule("/.well-known/security.txt", "security_txt", security_txt)


@access.public
def alive() -> Response:
    """This process answers; nothing else is asked."""
    return Response("gezond\n", mimetype="text/plain")


@access.public
def security_txt() -> Response:
    """RFC 9116: whom to tell about a hole."""
    settings = state().settings
    if settings.security_contact is None:
        raise NotYours
    expires = (state().now() + timedelta(days=SECURITY_TXT_DAYS)).replace(microsecond=0)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _holds(check: Check) -> bool:
    try:
        return check(state())
    except (SQLAlchemyError, OSError):
        return False


def _told(tell: Tell) -> int | None:
    try:
        return tell(state())
    except (SQLAlchemyError, OSError, ValueError):
        return None
