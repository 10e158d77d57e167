"""The visitor, read from the signed browser session, and checked again every `STALE`.

Of flask-login only the shell is used: the session keeps all that a page needs of a visitor, so
that an ordinary page asks the database nothing about them.
"""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, cast

from flask import Flask, current_app, g, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import bindparam, select

from kopkrakers.accounts.models import USER
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.web.csrf import begin_token
from kopkrakers.web.state import state

__all__ = [
    "LIFETIME",
    "STALE",
    "Visitor",
    "begin_session",
    "end_session",
    "forget",
    "install",
    "was_signed_out",
]

STALE = timedelta(seconds=30)
"""How late a withdrawn role or "overal uitloggen" may reach another process."""
LIFETIME = timedelta(days=90)
"""How long someone stays signed in on a device."""

_GENERATION = select(USER.c.generation).where(
    USER.c.id == bindparam("id"), USER.c.status == "active"
)
_KEPT = {"id", "gemeente_id", "gemeente", "name", "roles", "generation"}

Seen = dict[int, tuple[datetime, int | None]]
"""Per user: the moment of the last look, and the generation then (None: no active account)."""


def begin_session(visitor: Visitor) -> None:
    """Start a new signed session. Nothing of an earlier one stays, also its form token goes."""
    session.clear()
    session.permanent = True
    session["visitor"] = {
        "id": visitor.id,
        "gemeente_id": visitor.gemeente_id,
        "gemeente": visitor.gemeente,
        "name": visitor.name,
        "roles": sorted(visitor.roles),
        "generation": visitor.generation,
    }
    login_user(visitor)
    session["_id"] = token_hex(16)
    begin_token(visitor.id)


def end_session() -> None:
    """Sign out on this device."""
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def forget(user_id: int) -> None:
    """Look this person up again at the next request to this process."""
    _seen().pop(user_id, None)


def was_signed_out() -> bool:
    """Whether this browser carries a session that no longer counts."""
    return "visitor" in session and not current_user.is_authenticated


def install(app: Flask) -> None:
    """Put flask-login on the application. A page that changes nothing sets no cookie."""
    app.config.update(PERMANENT_SESSION_LIFETIME=LIFETIME, SESSION_REFRESH_EACH_REQUEST=False)
    app.extensions["kopkrakers_seen"] = Seen()
    manager = LoginManager()
    # its protection hashes network address and browser into the cookie, and so would sign people
    # out on the train
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)


def _load(user_id: str) -> Visitor | None:
    kept: dict[str, Any] | None = session.get("visitor")
    if kept is None or kept.keys() != _KEPT or str(kept["id"]) != user_id:
        return None
    if _generation_of(kept["id"], at_least=kept["generation"]) != kept["generation"]:
        return None
    return Visitor(**{**kept, "roles": frozenset(kept["roles"])})


def _generation_of(user_id: int, *, at_least: int) -> int | None:
    """Return the generation that counts now.

    A signed session that is newer than the remembered generation makes us look again.
    """
    now, seen = state().now(), _seen()
    looked_up, generation = seen.get(user_id, (None, None))
    if looked_up is None or now - looked_up >= STALE or generation is None or generation < at_least:
        with state().database.reader.connect() as connection:
            generation = connection.execute(_GENERATION, {"id": user_id}).scalar()
        seen[user_id] = (now, generation)
    return generation


def _seen() -> Seen:
    return cast(Seen, current_app.extensions["kopkrakers_seen"])
