"""Sign a row of the database, so that nobody without the key can change it unseen."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from hmac import compare_digest, digest
from typing import TypeVar

from kopkrakers.base.keys import Keys

Signed = TypeVar("Signed")

Fields = tuple[str | int | bool | bytes, ...]
"""The columns of a row that a MAC covers, in a fixed order."""


def sign(keys: Keys, *fields: str | int | bool | bytes) -> bytes:
    """Return the MAC of a row's fields: HMAC-SHA256 with the current key."""
    return _hmac(keys.current, fields)


def verify_mac(keys: Keys, mac: bytes, *fields: str | int | bool | bytes) -> bool:
    """Whether the fields of a row are as they were signed, by the current key or a former one."""
    # compared in constant time: the place of the first difference must not leak
    return any(compare_digest(_hmac(key, fields), mac) for key in keys.all)


def of_former_key(
    keys: Keys, rows: Iterable[Signed], holds: Callable[[Keys, Signed], bool]
) -> list[Signed]:
    """Return the rows that hold by a former key and not by the current one: to be signed anew."""
    current = Keys(keys.current)
    former = []
    for row in rows:
        if not holds(current, row) and holds(keys, row):
            former.append(row)
    return former


def _hmac(key: bytes, fields: Fields) -> bytes:
    """Every field is preceded by its length, so that ("ab", "c") and ("a", "bc") differ."""
    message = bytearray()
    for field in fields:
        if isinstance(field, bytes):
            part = field
        else:
            part = str(field).encode()
        message += len(part).to_bytes(4, "big") + part
    return digest(key, message, sha256)
