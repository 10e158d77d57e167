"""What may be used once: remembered where every process looks, under pseudonyms.

Codes of an app, and the tokens by which a provider says that somebody signed out there.
"""

from datetime import date, timedelta
from hashlib import sha256
from hmac import digest

from sqlalchemy import delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import USED_STEP
from kopkrakers.base.db import ID_LENGTH, insert_once
from kopkrakers.base.keys import Keys, derive

KEPT_DAYS = 1
"""Days after that of its use on which a mark still stands.

A code counts for 90 seconds, a token for 12 minutes.
"""


# D-125
def use_step(session: Session, user_id: int, step: int, *, keys: Keys, today: date) -> bool:
    """Use the code of a step, once. Return whether it was still unused.

    Whatever process asks: of two at the same time one gets False.
    """
    return _use(session, "used codes", f"{user_id} {step}", keys, today)


# D-165
def use_sign_out(session: Session, issuer: str, token_id: str, *, keys: Keys, today: date) -> bool:
    """Use the token of a provider that ends somebody's sessions, once.

    Return whether it was still unused, as `use_step` does.
    """
    # the length first: an issuer may end in what a number begins with
    return _use(session, "used sign-outs", f"{len(issuer)} {issuer} {token_id}", keys, today)


def _use(session: Session, what: str, said: str, keys: Keys, today: date) -> bool:
    # cleared whenever something is used, so that no job has to know of it
    session.execute(delete(USED_STEP).where(USED_STEP.c.day < today - timedelta(days=KEPT_DAYS)))
    # the secret may have been replaced meanwhile
    former = [_mark(key, what, said) for key in keys.previous]
    by_former_key = select(USED_STEP.c.mark).where(USED_STEP.c.mark.in_(former))
    if session.execute(by_former_key).first() is not None:
        return False
    mark = _mark(keys.current, what, said)
    return insert_once(session, USED_STEP, {"mark": mark, "day": today})


def _mark(key: bytes, what: str, said: str) -> str:
    """Return the pseudonym of what was used: HMAC-SHA256, 128 bits, by a key for its kind."""
    return digest(derive(key, what), said.encode(), sha256).hex()[:ID_LENGTH]
