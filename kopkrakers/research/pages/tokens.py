"""Keys to the API: shown once, kept as a hash, with a scope and an end, and to be withdrawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import Role, Status, User, UserRole
from kopkrakers.base.db import changed, table
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.research.pages.terms import TERMS, TERMS_VERSION
from kopkrakers.research.release.models import ApiToken

TOKEN = table(ApiToken)
USER = table(User)
USER_ROLE = table(UserRole)
PREFIX = "kkr_"
"""So that a key is known for what it is when it lies about."""
LASTS = {"30": "30 dagen", "90": "90 dagen", "365": "een jaar"}
"""Days that a key can live."""
AT_MOST = 10
"""Working keys of one person."""


class Scope(StrEnum):
    """What a key opens: the tables, or the whole dataset too."""

    TABLES = "tables"
    DATASET = "dataset"


@dataclass(frozen=True)
class TokenLine:
    """A key in its owner's list."""

    id: int
    scope: str
    expires_on: date


@dataclass(frozen=True)
class Bearer:
    """Who uses the API: the key's id and what it opens."""

    token_id: int
    scope: Scope


_WORKING = (
    select(TOKEN.c.id, TOKEN.c.scope, TOKEN.c.expires_on)
    .where(TOKEN.c.revoked.is_(False), TOKEN.c.expires_on >= bindparam("today"))
    .order_by(TOKEN.c.id)
)
_OWN = _WORKING.where(TOKEN.c.user_id == bindparam("user_id"))
_BEARER = (
    _WORKING.where(TOKEN.c.hash == bindparam("hash"))
    .join(USER, USER.c.id == TOKEN.c.user_id)
    .join(USER_ROLE, (USER_ROLE.c.user_id == USER.c.id) & (USER_ROLE.c.role == Role.ONDERZOEKER))
    .join(TERMS, (TERMS.c.user_id == USER.c.id) & (TERMS.c.version == TERMS_VERSION))
    .where(USER.c.status == Status.ACTIVE)
)


def make_token(session: Session, user_id: int, scope: str, days: str, today: date) -> str:
    """A new key; this is the only time that it can be seen.

    Raises: WrongInput for an unknown scope or length, and beyond `AT_MOST`.
    """
    if scope not in set(Scope):
        raise WrongInput("Kies wat de sleutel mag ophalen.", "bereik")
    if days not in LASTS:
        raise WrongInput("Kies hoe lang de sleutel werkt.", "dagen")
    if len(own_tokens(session, user_id, today)) >= AT_MOST:
        raise WrongInput(f"Je hebt al {AT_MOST} sleutels. Trek er eerst een in.", "bereik")
    token = PREFIX + token_urlsafe(32)
    row = {"user_id": user_id, "hash": _hash(token), "scope": scope, "revoked": False}
    session.connection().execute(
        insert(TOKEN), row | {"expires_on": today + timedelta(days=int(days))}
    )
    return token


def own_tokens(session: Session, user_id: int, today: date) -> list[TokenLine]:
    """Someone's working keys."""
    rows = session.connection().execute(_OWN, {"user_id": user_id, "today": today})
    return [TokenLine(row.id, row.scope, row.expires_on) for row in rows]


def revoke(session: Session, user_id: int, token_id: int) -> None:
    """Let a key stop.

    Raises: NotYours for a key of someone else.
    """
    own = (
        update(TOKEN).where(TOKEN.c.id == token_id, TOKEN.c.user_id == user_id).values(revoked=True)
    )
    if changed(session.connection().execute(own)) != 1:
        raise NotYours


def bearer_of(session: Session, token: str, today: date) -> Bearer | None:
    """Who a key belongs to; None when it is unknown, withdrawn, expired, or its owner may not look any more."""
    row = session.connection().execute(_BEARER, {"hash": _hash(token), "today": today}).first()
    return Bearer(row.id, Scope(row.scope)) if row else None


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
