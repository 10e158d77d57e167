"""Puts the shared plumbing on the application, in the order in which a request meets it."""

from flask import Flask

from kopkrakers.web import access


def install(app: Flask) -> None:
    """Sessions, access, errors, headers, static files, template helpers, health."""
    from kopkrakers.web.state import state

    app.secret_key = app.extensions["kopkrakers"].settings.secret_key.get_secret_value()
    access.install(app)
    _ = state
