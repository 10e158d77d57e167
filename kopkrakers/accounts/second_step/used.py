"""Codes that were used once: remembered where every process looks, under pseudonyms."""

from datetime import date, timedelta
from hashlib import sha256
from hmac import digest

from sqlalchemy import delete, select
from sqlmodel import Session

from kopkrakers.accounts.models import USED_STEP
from kopkrakers.base.db import ID_LENGTH, insert_once
from kopkrakers.base.keys import Keys, derive

KEPT_DAYS = 1
"""Days after that of its use on which a mark still stands. A code counts for 90 seconds."""


# D-125
def use_step(session: Session, user_id: int, step: int, *, keys: Keys, today: date) -> bool:
    """Use the code of a step, once. Return whether it was still unused.

    Whatever process asks: of two at the same time one gets False.
    """
    # cleared whenever a code is used, so that no job has to know of it
    session.execute(delete(USED_STEP).where(USED_STEP.c.day < today - timedelta(days=KEPT_DAYS)))
    # the secret may have been replaced within these ninety seconds
    former = [_mark(key, user_id, step) for key in keys.previous]
    by_former_key = select(USED_STEP.c.mark).where(USED_STEP.c.mark.in_(former))
    if session.execute(by_former_key).first() is not None:
        return False
    return insert_once(
        session, USED_STEP, {"mark": _mark(keys.current, user_id, step), "day": today}
    )


def _mark(key: bytes, user_id: int, step: int) -> str:
    """Return the pseudonym of a code: HMAC-SHA256 of whose it is and of its step, 128 bits."""
    said = f"{user_id} {step}".encode()
    return digest(derive(key, "used codes"), said, sha256).hex()[:ID_LENGTH]
