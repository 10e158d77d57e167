"""Seal a vote so that only the counter can open it, and sign a row so that nobody can change it."""

from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest, digest

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Keys, Use, keys_for

PADDED = 16
"""Bytes to which every vote is padded before sealing, so that all sealed votes are equally long."""
FILLER = b"\0"
Fields = tuple[str | int | bool | bytes, ...]
"""The columns of a row that a MAC covers, in a fixed order."""


MacKeys = Keys
"""The keys by which rows are signed and verified."""


def mac_keys(settings: Settings) -> MacKeys:
    """Return the keys in the settings by which rows are signed and verified."""
    return keys_for(Use.ROWS, settings)


def seal(public_key: bytes, codes: str, *, padded: int = PADDED) -> bytes:
    """Encrypt the codes of a vote in a libsodium sealed box.

    The codes are padded to `padded` bytes of UTF-8: the length of a sealed vote says nothing.
    Raises: ValueError when the codes do not fit.
    """
    plain = codes.encode()
    if len(plain) > padded:
        raise ValueError("the codes of a vote are too long")
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(padded, FILLER))


def unseal(box: "SealedBox[PrivateKey]", sealed: bytes) -> str:
    """Return the codes of a sealed vote: the inverse of `seal`.

    Raises: nacl.exceptions.CryptoError or ValueError when it was not sealed to this key.
    """
    return box.decrypt(sealed).rstrip(FILLER).decode()


def opener(private_key: bytes) -> Callable[[bytes], str | None]:
    """Return a function that unseals votes of one key (32 bytes), giving None where it cannot.

    The key is unpacked once, for a box may hold thousands of votes.
    """
    box = SealedBox(PrivateKey(private_key))

    def codes(sealed: bytes) -> str | None:
        try:
            return unseal(box, sealed)
        except (CryptoError, ValueError):
            return None

    return codes


def sign(keys: MacKeys, *fields: str | int | bool | bytes) -> bytes:
    """Return the MAC of a row's fields: HMAC-SHA256 with the current key."""
    return _hmac(keys.current, fields)


def verify_mac(keys: MacKeys, mac: bytes, *fields: str | int | bool | bytes) -> bool:
    """Whether the fields of a row are as they were signed, by the current key or a former one."""
    # compared in constant time: the place of the first difference must not leak
    return any(compare_digest(_hmac(key, fields), mac) for key in keys.all)


def _hmac(key: bytes, fields: Fields) -> bytes:
    """Every field is preceded by its length, so that ("ab", "c") and ("a", "bc") differ."""
    message = bytearray()
    for field in fields:
        part = field if isinstance(field, bytes) else str(field).encode()
        message += len(part).to_bytes(4, "big") + part
    return digest(key, message, sha256)
