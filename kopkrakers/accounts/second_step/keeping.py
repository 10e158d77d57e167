"""Keeping the second step of an account: its secret sealed, and codes for when a phone is lost."""

from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.chain.signing import ALTERED
from kopkrakers.accounts.models import RECOVERY_CODE, SECOND_STEP
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotAllowed
from kopkrakers.base.keys import Keys, derive
from kopkrakers.base.macs import Fields, of_former_key, sign, verify_mac
from kopkrakers.base.typed import in_fours

CODES = 10
"""Codes on paper; each works once."""
CODE_BYTES = 10
"""80 random bits: nobody guesses one, so a plain hash is enough."""


def has_second_step(session: Session, user_id: int) -> bool:
    """Whether somebody needs a second step to sign in with a password."""
    statement = select(SECOND_STEP.c.user_id).where(SECOND_STEP.c.user_id == user_id)
    return session.execute(statement).first() is not None


def secret_of(session: Session, user_id: int, keys: Keys) -> bytes | None:
    """Return what the app of somebody shares with us; None when they have none.

    Raises: NotAllowed when somebody changed the row.
    """
    statement = select(SECOND_STEP).where(SECOND_STEP.c.user_id == user_id)
    row = session.execute(statement).first()
    if row is None:
        return None
    secret = None
    if _holds(keys, row):
        secret = _opened(row, keys)
    # nobody gets in by a row that somebody made, and nobody without a second step
    if secret is None:
        raise NotAllowed(ALTERED)
    return secret


def keep_secret(session: Session, user_id: int, secret: bytes, keys: Keys) -> None:
    """Keep the secret of an app, in the place of an earlier one."""
    session.execute(delete(SECOND_STEP).where(SECOND_STEP.c.user_id == user_id))
    sealed = bytes(SecretBox(_sealing(keys.current)).encrypt(secret))
    row = {"user_id": user_id, "secret": sealed, "mac": sign(keys, *_fields(user_id, sealed))}
    session.execute(insert(SECOND_STEP).values(row))


def new_recovery_codes(session: Session, user_id: int) -> list[str]:
    """Make new codes for somebody and return them, this once; earlier ones stop."""
    session.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.user_id == user_id))
    codes, rows = [], []
    for _ in range(CODES):
        letters = b32encode(token_bytes(CODE_BYTES)).decode().lower()
        codes.append(in_fours(letters))
    # in the order of the hashes, so that no row says which code stood first
    for code_hash in sorted(map(_code_hash, codes)):
        rows.append({"user_id": user_id, "code_hash": code_hash})
    session.execute(insert(RECOVERY_CODE), rows)
    return codes


def codes_left(session: Session, user_id: int) -> int:
    """Return how many codes somebody did not use yet."""
    count = select(func.count()).where(RECOVERY_CODE.c.user_id == user_id)
    return int(session.execute(count).scalar_one())


def use_recovery_code(session: Session, user_id: int, typed: str) -> bool:
    """Use a code, once. Return whether it was one."""
    # deleted and counted in one statement: of two who type it at once, one gets in
    used = delete(RECOVERY_CODE).where(
        RECOVERY_CODE.c.user_id == user_id, RECOVERY_CODE.c.code_hash == _code_hash(typed)
    )
    return changed(session.execute(used)) == 1


def forget_second_step(session: Session, user_id: int) -> bool:
    """Take the second step of somebody away. Return whether there was one."""
    session.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.user_id == user_id))
    deletion = delete(SECOND_STEP).where(SECOND_STEP.c.user_id == user_id)
    return changed(session.execute(deletion)) == 1


def second_steps_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the second steps that hold by a former key alone."""
    return of_former_key(keys, session.execute(select(SECOND_STEP)), _holds)


def sign_second_steps_anew(session: Session, keys: Keys, found: Iterable[Row[Any]]) -> None:
    """Sign and seal these second steps by the current key."""
    for row in found:
        secret = _opened(row, keys)
        if secret is not None:
            keep_secret(session, row.user_id, secret, keys)


def _opened(row: Row[Any], keys: Keys) -> bytes | None:
    # after the secret of the installation was replaced, rows wait to be sealed anew
    for key in keys.all:
        try:
            return bytes(SecretBox(_sealing(key)).decrypt(row.secret))
        except (CryptoError, ValueError):
            continue
    return None


def _sealing(key: bytes) -> bytes:
    return derive(key, "secrets of second steps")


def _holds(keys: Keys, row: Any) -> bool:
    return row.mac is not None and verify_mac(keys, row.mac, *_fields(row.user_id, row.secret))


def _fields(user_id: int, sealed: bytes) -> Fields:
    return ("second step", user_id, sealed)


def _code_hash(typed: str) -> str:
    # people leave out the dashes, or write spaces for them
    letters = "".join(filter(str.isalnum, typed.lower()))
    return sha256(letters.encode(errors="replace")).hexdigest()
