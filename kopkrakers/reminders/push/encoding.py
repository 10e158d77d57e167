"""Messages that only the browser they are for can read: RFC 8291, in one record of RFC 8188.

Written out here, on top of a library for the curve and the cipher: the packages for Web Push bring
two HTTP clients along, which follow redirects and speak to any machine.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kopkrakers.base.keys import hkdf

RECORD_SIZE = 4096
"""Bytes of a record; what we send fits in one."""
POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
_LAST_RECORD = b"\x02"


# D-85
def encrypted(
    text: bytes,
    *,
    device_key: bytes,
    auth: bytes,
    own: EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body of a push request.

    `device_key` (an uncompressed point) and `auth` are those of the subscription. `own` and `salt`
    are new for each message, unless given: the example in the RFC names them.
    Raises: ValueError when the key is no point of the curve.
    """
    own = own or generate_private_key(SECP256R1())
    salt = salt or os.urandom(SALT_BYTES)
    theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), device_key)
    own_point = point_of(own.public_key())
    shared = own.exchange(ECDH(), theirs)
    # both public keys are in it, so that a message for one device opens on no other
    secret = hkdf(shared, salt=auth, info=b"WebPush: info\0" + device_key + own_point)
    key = hkdf(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0")[:16]
    nonce = hkdf(secret, salt=salt, info=b"Content-Encoding: nonce\0")[:12]
    sealed = AESGCM(key).encrypt(nonce, text + _LAST_RECORD, None)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(own_point)]) + own_point
    return header + sealed


def point_of(key: EllipticCurvePublicKey) -> bytes:
    """Return a public key as an uncompressed point of 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def in_base64(content: bytes) -> str:
    """Return bytes as base 64 for addresses, without padding."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    """Return the bytes of base 64 for addresses, with or without padding. Raises: ValueError."""
    if not text.isascii():
        raise ValueError("not base 64")
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
