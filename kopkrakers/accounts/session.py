"""Who is asking: the visitor, read from the signed session; looked up again at most `STALE` seconds late."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, session
from flask_login import LoginManager, login_user

STALE = 30
"""Seconds that a withdrawn role or "overal uitloggen" may take to reach every process."""


@dataclass(frozen=True)
class Visitor:
    """The signed-in person, as templates and services get it. `roles` holds `Role` values."""

    id: int
    gemeente_id: int
    gemeente: str
    name: str
    roles: frozenset[str]
    generation: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What flask-login keeps."""
        return str(self.id)


def begin_session(visitor: Visitor) -> None:
    """Start a fresh signed session for a visitor."""
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


def install(app: Flask) -> None:
    """Put flask-login on the application."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_load)


def _load(user_id: str) -> Visitor | None:
    kept: dict[str, Any] | None = session.get("visitor")
    if kept is None or str(kept["id"]) != user_id:
        return None
    return Visitor(**{**kept, "roles": frozenset(kept["roles"])})
