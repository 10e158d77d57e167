"""The session cookie: signed, unreadable for scripts, and absent from answers that anyone may keep."""

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from kopkrakers.config import Settings


class SessionInterface(SecureCookieSessionInterface):
    """Leaves files that caches may keep without `Vary: Cookie`; a browser would else fetch them anew."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session changed, never on a file."""
        if not response.headers.get("Cache-Control", "").startswith("public"):
            super().save_session(app, session, response)


def install(app: Flask, settings: Settings) -> None:
    """Session cookies that no other site can send or read. A previous key still opens older ones."""
    app.session_interface = SessionInterface()
    app.secret_key = settings.secret_key.get_secret_value()
    previous = settings.secret_key_previous
    app.config.update(
        SECRET_KEY_FALLBACKS=[previous.get_secret_value()] if previous else None,
        SESSION_COOKIE_NAME="__Host-kopkrakers" if settings.over_tls else "kopkrakers",
        SESSION_COOKIE_SECURE=settings.over_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
