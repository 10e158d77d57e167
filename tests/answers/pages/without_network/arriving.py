"""Answers that were sealed without a network, and how they arrive."""

import json
import os
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.reminders.push.encoding import point_of
from tests.support.pages import Fields, Site

CODES = "aw2b-"


def sealed_to_locks(site: Site, visitor: Visitor, codes: object = CODES) -> Fields:
    """Return an answer of a page without a network, sealed to the lock of this person's browser."""
    locks = site.browser(visitor).get("/zonder-verbinding/slot").json
    assert locks is not None
    lock, own = bytes.fromhex(locks["antwoord"]), generate_private_key(SECP256R1())
    sender = point_of(own.public_key())
    shared = own.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), lock))
    nonce = os.urandom(12)
    by = sha256(b"\0\0\0\1" + shared + sender + lock).digest()
    whole = AESGCM(by).encrypt(nonce, json.dumps(codes).ljust(1024).encode(), None)
    fields = {"aan": lock, "van": sender, "iv": nonce, "sealed": whole}
    return {name: value.hex() for name, value in fields.items()}


def arrive(site: Site, browser: FlaskClient, fields: Fields) -> int:
    """Send it; gives the status. The reply is empty whatever it is."""
    reply = browser.post(site.url("nagekomen"), data=fields)
    assert reply.data == b""
    return reply.status_code
