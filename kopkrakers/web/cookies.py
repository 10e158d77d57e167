"""The session cookie: signed, not readable by scripts, and absent from cacheable responses."""

from functools import cache

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from kopkrakers.base.config import Settings
from kopkrakers.base.keys import Use, keys_for


class SessionInterface(SecureCookieSessionInterface):
    """Sends no `Vary: Cookie` with cacheable files; a browser would fetch them again."""

    @cache  # noqa: B019  (one interface per application, as long as it lives; its keys never change)
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer, made once instead of twice per request."""
        return super().get_signing_serializer(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session changed, never on a file."""
        if not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def install(app: Flask, settings: Settings) -> None:
    """Set cookies that no other site can send or read. A previous key still verifies older ones."""
    app.session_interface = SessionInterface()
    keys = keys_for(Use.COOKIES, settings)
    app.secret_key = keys.current
    app.config.update(
        SECRET_KEY_FALLBACKS=list(keys.previous),
        SESSION_COOKIE_NAME="__Host-kopkrakers" if settings.over_tls else "kopkrakers",
        SESSION_COOKIE_SECURE=settings.over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
