"""The key by which push services know this server: VAPID, RFC 8292."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kopkrakers.base.config import Settings
from kopkrakers.reminders.push.encoding import from_base64, in_base64, point_of

NUMBER_BYTES = 32
VALID_FOR = timedelta(hours=12)
"""A push service takes at most a day."""


def new_key() -> str:
    """Return a new private key, as the setting holds it."""
    number = generate_private_key(SECP256R1()).private_numbers().private_value
    return in_base64(number.to_bytes(NUMBER_BYTES, "big"))


def server_key(settings: Settings) -> EllipticCurvePrivateKey | None:
    """Return the key of this server; None where push is not set up."""
    if settings.push_key is None:
        return None
    number = int.from_bytes(from_base64(settings.push_key.get_secret_value()), "big")
    return derive_private_key(number, SECP256R1())


def public_key(settings: Settings) -> str | None:
    """Return the public key, as a browser wants it; None where push is not set up."""
    key = server_key(settings)
    if key is None:
        return None
    return in_base64(point_of(key.public_key()))


def authorization(key: EllipticCurvePrivateKey, endpoint: str, contact: str, now: datetime) -> str:
    """Return the header that tells a push service who sends, and whom to ask about it.

    `contact`: a `mailto:` or `https://` address.
    """
    where = urlsplit(endpoint)
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int((now + VALID_FOR).timestamp()),
        "sub": contact,
    }
    signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
    # a JWT wants the two numbers beside each other; the library gives them in DER
    first, second = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(NUMBER_BYTES, "big") for number in (first, second))
    own = in_base64(point_of(key.public_key()))
    return f"vapid t={signed}.{in_base64(signature)}, k={own}"


def _part(content: dict[str, object]) -> str:
    return in_base64(json.dumps(content, separators=(",", ":")).encode())
