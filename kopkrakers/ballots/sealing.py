"""Seal a vote so that only the counter can open it, and sign a row so that nobody can change it."""

from collections.abc import Callable

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.base.macs import sign, verify_mac

PADDED = 16
"""Bytes to which every vote is padded before sealing, so that all sealed votes are equally long."""
FILLER = b"\0"

__all__ = ["MacKeys", "mac_keys", "opener", "seal", "sign", "unseal", "verify_mac"]

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
