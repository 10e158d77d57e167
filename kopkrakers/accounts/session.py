"""Who is asking: the visitor, read from the signed session; looked up again at most `STALE` seconds late."""

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, cast

from flask import Flask, current_app, g, session
from flask_login import LoginManager, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import bindparam, select

from kopkrakers.accounts.models import User
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import table
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

_USER = table(User)
_GENERATION = select(_USER.c.generation).where(
    _USER.c.id == bindparam("id"), _USER.c.status == "active"
)
_KEPT = {"id", "gemeente_id", "gemeente", "name", "roles", "generation"}

Seen = dict[int, tuple[datetime, int | None]]
"""Per user: when it was looked up, and the generation found (None: no active account)."""


def begin_session(visitor: Visitor) -> None:
    """Start a fresh signed session: nothing of an earlier one stays, neither its id nor its form token."""
    session.clear()
    g.pop("csrf_token", None)
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
    generate_csrf()  # made now, so that an ordinary page never needs to set a cookie


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
    return "visitor" in session


def install(app: Flask) -> None:
    """Put flask-login on the application. A page that changes nothing sets no cookie."""
    app.config.update(PERMANENT_SESSION_LIFETIME=LIFETIME, SESSION_REFRESH_EACH_REQUEST=False)
    app.extensions["kopkrakers_seen"] = Seen()
    manager = LoginManager()
    manager.session_protection = (
        None  # it hashes address and browser into the cookie, and rewrites it on the train
    )
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
    """The generation that counts now. A signed session that is newer than what we saw means: look again."""
    now, seen = state().now(), _seen()
    looked_up, generation = seen.get(user_id, (None, None))
    if looked_up is None or now - looked_up >= STALE or generation is None or generation < at_least:
        with state().database.reader.connect() as connection:
            generation = connection.execute(_GENERATION, {"id": user_id}).scalar()
        seen[user_id] = (now, generation)
    return generation


def _seen() -> Seen:
    return cast(Seen, current_app.extensions["kopkrakers_seen"])
