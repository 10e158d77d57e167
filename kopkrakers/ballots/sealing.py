"""Sealing a vote so that only the counter can open it, and marking a row so that nobody can move or change it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, digest

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kopkrakers.base.config import Settings

PADDED = 16
"""Bytes that every vote is padded to before sealing: all sealed votes are equally long."""
FILLER = b"\0"


@dataclass(frozen=True)
class MacKeys:
    """The key that marks rows, and the one before it, which stays accepted while rotating."""

    current: bytes
    previous: bytes | None = None


def mac_keys(settings: Settings) -> MacKeys:
    """The keys that mark rows, from the settings."""
    previous = settings.mac_key_previous
    return MacKeys(
        settings.mac_key.get_secret_value().encode(),
        previous.get_secret_value().encode() if previous else None,
    )


def seal(public_key: bytes, codes: str, *, padded: int = PADDED) -> bytes:
    """A libsodium sealed box over the codes, in UTF-8, padded to so many bytes: one length for all of a box.

    Raises: ValueError when the codes do not fit.
    """
    plain = codes.encode()
    if len(plain) > padded:
        raise ValueError("the codes of a vote are too long")
    return SealedBox(PublicKey(public_key)).encrypt(plain.ljust(padded, FILLER))


def unseal(private_key: bytes, sealed: bytes) -> str:
    """The codes of a sealed vote.

    Raises: nacl.exceptions.CryptoError or ValueError when it was not sealed to this key.
    """
    return _codes(SealedBox(PrivateKey(private_key)), sealed)


def opener(private_key: bytes) -> Callable[[bytes], str | None]:
    """Opens many votes that were sealed to one key (32 bytes): the codes, or None when it was another key's."""
    box = SealedBox(PrivateKey(private_key))

    def codes(sealed: bytes) -> str | None:
        try:
            return _codes(box, sealed)
        except (CryptoError, ValueError):
            return None

    return codes


def sign(keys: MacKeys, *fields: str | int | bool | bytes) -> bytes:
    """An HMAC-SHA256 over the fields of a row, each told apart by its length."""
    return _hmac(keys.current, fields)


def verify(keys: MacKeys, mac: bytes, *fields: str | int | bool | bytes) -> bool:
    """Whether a row is as it was marked, by the key of today or the one before."""
    known = [keys.current] if keys.previous is None else [keys.current, keys.previous]
    return any(compare_digest(_hmac(key, fields), mac) for key in known)


def _codes(box: "SealedBox[PrivateKey]", sealed: bytes) -> str:
    return box.decrypt(sealed).rstrip(FILLER).decode()


def _hmac(key: bytes, fields: tuple[str | int | bool | bytes, ...]) -> bytes:
    parts = [field if isinstance(field, bytes) else str(field).encode() for field in fields]
    return digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), sha256)
