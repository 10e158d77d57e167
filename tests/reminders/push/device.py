"""A browser's half of Web Push: it makes a subscription and opens what arrives, by RFC 8291."""

import os

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kopkrakers.reminders.push.encoding import in_base64, point_of
from kopkrakers.reminders.push.subscription import Subscription


class Device:
    """A browser with keys of its own."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self._auth = os.urandom(16)

    def subscription(self, endpoint: str, server_key: str) -> Subscription:
        """Return what this browser gives a website."""
        point = in_base64(point_of(self._key.public_key()))
        return Subscription(endpoint, point, in_base64(self._auth), server_key)

    def open(self, body: bytes) -> bytes:
        """Return the text of a push message; fails when it is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        theirs = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender)
        shared = self._key.exchange(ECDH(), theirs)
        own = point_of(self._key.public_key())
        secret = _hkdf(shared, self._auth, b"WebPush: info\0" + own + sender, 32)
        key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert text.endswith(b"\x02"), "the last record ends in a 2"
        return text[:-1]


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
