"""Locks that a device may keep: they close for a person, and nobody opens them there.

A lock is a public key on P-256, which every browser knows. Its private half is made from the keys
of a person's edition, so that the server and the pages of that person can make it and nothing has
to be stored.
"""

from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT_BYTES = 65
_BELOW_THE_ORDER = 2**255 - 1
_FIRST_ROUND = b"\0\0\0\1"


@dataclass(frozen=True)
class Locks:
    """Two locks as hexadecimal points: for the answer, and for what the device keeps of it."""

    answer: str
    choice: str


# D-91
def locks_of(answer_key: bytes, edition_key: str) -> Locks:
    """Return the locks that belong to the newest key of late answers and that of the edition."""
    of_choice = sha256(f"{edition_key} keuze".encode()).digest()
    return Locks(_point(_private(_of_answer(answer_key))), _point(_private(of_choice)))


def key_behind(answer_key: bytes, sender: bytes) -> bytes:
    """Return the key of an answer that was sealed to the lock of `answer_key`.

    One-step key derivation of NIST SP 800-56C over what the two halves share and both points.
    Raises: ValueError when `sender` is no point of the curve.
    """
    own = _private(_of_answer(answer_key))
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender)
    shared = own.exchange(ECDH(), theirs)
    points = sender + bytes.fromhex(_point(own))
    return sha256(_FIRST_ROUND + shared + points).digest()


def _of_answer(answer_key: bytes) -> bytes:
    return sha256(answer_key).digest()


def _private(secret: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(secret) & _BELOW_THE_ORDER, SECP256R1())


def _point(key: EllipticCurvePrivateKey) -> str:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point.hex()
