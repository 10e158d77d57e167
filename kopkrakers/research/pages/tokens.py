"""Keys to the API: shown once, stored as a hash, with a scope and a last day; revocable."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from kopkrakers.accounts.chain.signing import holding
from kopkrakers.accounts.models import USER, USER_ROLE, Role, Status
from kopkrakers.base.db import changed, table
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import clean_line
from kopkrakers.research.models import ApiToken
from kopkrakers.research.pages.terms import TERMS, TERMS_VERSION

TOKEN = table(ApiToken)
PREFIX = "kkr_"
"""Makes a key that was left somewhere recognisable."""
LASTS = {"30": "30 dagen", "90": "90 dagen", "365": "een jaar"}
"""Days that a key can live."""
AT_MOST = 10
"""Working keys of one person."""
LONGEST_NAME = 60
"""Characters in the name of a key."""


class KeyScope(StrEnum):
    """The reach of a key: the tables, or the whole dataset too."""

    TABLES = "tables"
    DATASET = "dataset"


@dataclass(frozen=True)
class TokenLine:
    """A key in its owner's list. `last_used`: the first day of the month of its last use."""

    id: int
    scope: str
    expires_on: date
    name: str
    last_used: date | None


@dataclass(frozen=True)
class Bearer:
    """The key of a request: its id, its scope, and the month of its last use."""

    token_id: int
    scope: KeyScope
    last_month: str | None


_WORKING = (
    select(
        TOKEN.c.id,
        TOKEN.c.user_id,
        TOKEN.c.scope,
        TOKEN.c.expires_on,
        TOKEN.c.name,
        TOKEN.c.last_month,
    )
    .where(TOKEN.c.revoked.is_(False), TOKEN.c.expires_on >= bindparam("today"))
    .order_by(TOKEN.c.id)
)
_OWN = _WORKING.where(TOKEN.c.user_id == bindparam("user_id"))
# Asked anew with every request, so that a key dies with the account, the role or the promise of its
# owner, and not on its last day.
_BEARER = (
    _WORKING.where(TOKEN.c.hash == bindparam("hash"))
    .join(USER, USER.c.id == TOKEN.c.user_id)
    .join(USER_ROLE, (USER_ROLE.c.user_id == USER.c.id) & (USER_ROLE.c.role == Role.ONDERZOEKER))
    .join(TERMS, (TERMS.c.user_id == USER.c.id) & (TERMS.c.version == TERMS_VERSION))
    .where(USER.c.status == Status.ACTIVE)
)


def make_token(
    session: Session, user_id: int, scope: str, days: str, today: date, *, name: str = ""
) -> str:
    """Return a new key; this is the only time that it can be seen.

    `name`: as typed, to know it by. Raises: WrongInput for an unknown scope or length, a name that
    is too long, and beyond `AT_MOST`.
    """
    name = clean_line(name)
    if len(name) > LONGEST_NAME:
        raise WrongInput(f"Noem hem in hoogstens {LONGEST_NAME} tekens.", "naam")
    if scope not in set(KeyScope):
        raise WrongInput("Kies wat de sleutel mag ophalen.", "bereik")
    if days not in LASTS:
        raise WrongInput("Kies hoe lang de sleutel werkt.", "dagen")
    if len(own_tokens(session, user_id, today)) >= AT_MOST:
        raise WrongInput(f"Je hebt al {AT_MOST} sleutels. Trek er eerst een in.", "bereik")
    token = PREFIX + token_urlsafe(32)
    row = {
        "user_id": user_id,
        "hash": _hash(token),
        "scope": scope,
        "revoked": False,
        "name": name,
        "expires_on": today + timedelta(days=int(days)),
    }
    session.execute(insert(TOKEN), row)
    return token


def own_tokens(session: Session, user_id: int, today: date) -> list[TokenLine]:
    """Return a person's working keys."""
    rows = session.execute(_OWN, {"user_id": user_id, "today": today})
    lines = []
    for row in rows:
        last_used = None
        if row.last_month is not None:
            last_used = date.fromisoformat(f"{row.last_month}-01")
        lines.append(TokenLine(row.id, row.scope, row.expires_on, row.name, last_used))
    return lines


def note_use(session: Session, bearer: Bearer, today: date) -> None:
    """Store in which month a key was used: by a key that nobody uses its owner may know a lost one.

    Nothing finer: when a researcher works is nobody's business, and a key is asked often.
    """
    month = f"{today:%Y-%m}"
    session.execute(update(TOKEN).where(TOKEN.c.id == bearer.token_id).values(last_month=month))


def is_first_use(bearer: Bearer, today: date) -> bool:
    """Whether a key was not used yet in this month."""
    return bearer.last_month != f"{today:%Y-%m}"


def revoke(session: Session, user_id: int, token_id: int) -> None:
    """Revoke a key of this person.

    Raises: NotYours for a key of someone else.
    """
    own_key = update(TOKEN).where(TOKEN.c.id == token_id, TOKEN.c.user_id == user_id)
    if changed(session.execute(own_key.values(revoked=True))) != 1:
        raise NotYours


def bearer_of(session: Session, token: str, today: date, row_keys: Keys) -> Bearer | None:
    """Return the key that a token is.

    None when it is unknown, revoked or expired, or when its owner may not see the figures any more,
    or never might: somebody altered the account.
    """
    row = session.execute(_BEARER, {"hash": _hash(token), "today": today}).first()
    if row is None or not holding(session, row_keys, [row.user_id]):
        return None
    return Bearer(row.id, KeyScope(row.scope), row.last_month)


def _hash(token: str) -> str:
    # without salt or slowness: 256 random bits cannot be guessed, as a password can
    return sha256(token.encode(errors="replace")).hexdigest()
