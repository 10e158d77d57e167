"""The session cookie: sealed, so that nobody reads it, and absent from cacheable responses."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from functools import cache
from time import time
from typing import Any

from flask import Flask, Response
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, SignatureExpired
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Keys, Use, derive, keys_for

_MOMENT_BYTES = 8
_TEXT = TaggedJSONSerializer()


class CookieSealer:
    """Seals what a cookie holds, and opens what any of the keys sealed.

    It takes the place of Flask's signer, whose cookies everyone who holds them can read.
    """

    def __init__(self, keys: Keys) -> None:
        self._boxes = [SecretBox(derive(key, "sealed cookie")) for key in keys.all]

    def dumps(self, value: object) -> str:
        """Return the sealed value, with the moment of sealing in it."""
        moment = int(time()).to_bytes(_MOMENT_BYTES, "big")
        sealed = self._boxes[0].encrypt(moment + _TEXT.dumps(value).encode())
        return urlsafe_b64encode(sealed).decode()

    def loads(self, sealed: str, max_age: int) -> Any:
        """Return what was sealed at most `max_age` seconds ago.

        Raises: BadSignature for what none of the keys sealed; SignatureExpired.
        """
        opened = self._open(sealed)
        age = time() - int.from_bytes(opened[:_MOMENT_BYTES], "big")
        if age > max_age:
            raise SignatureExpired("too old")
        return _TEXT.loads(opened[_MOMENT_BYTES:].decode())

    def _open(self, sealed: str) -> bytes:
        for box in self._boxes:
            try:
                return box.decrypt(urlsafe_b64decode(sealed))
            # a text that is no base64, or too short to be sealed, raises a ValueError
            except (CryptoError, NotBase64, ValueError):
                continue
        raise BadSignature("not sealed by us")


class SessionInterface(SecureCookieSessionInterface):
    """Sends no `Vary: Cookie` with cacheable files; a browser would fetch them again."""

    @cache  # noqa: B019  (one interface per application, as long as it lives; its keys never change)
    def get_signing_serializer(self, app: Flask) -> CookieSealer:  # type: ignore[override]
        """The sealer, made once instead of twice per request."""
        return CookieSealer(app.extensions["kopkrakers_cookie_keys"])

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session changed, never on a file."""
        if not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def install(app: Flask, settings: Settings) -> None:
    """Set cookies that no other site can send or read. A previous key still opens older ones."""
    app.session_interface = SessionInterface()
    keys = keys_for(Use.COOKIES, settings)
    app.extensions["kopkrakers_cookie_keys"] = keys
    app.secret_key = keys.current
    name = "kopkrakers"
    if settings.over_tls:
        name = "__Host-kopkrakers"
    app.config.update(
        SESSION_COOKIE_NAME=name,
        SESSION_COOKIE_SECURE=settings.over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
