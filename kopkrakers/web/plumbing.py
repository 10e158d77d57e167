"""Puts the shared plumbing on the application, in the order in which a request meets it."""

from typing import Any

from flask import Flask, Request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import cached_property

from kopkrakers.base.clock import Clock
from kopkrakers.base.config import Settings, asset_folder
from kopkrakers.base.db import Database
from kopkrakers.web import (
    access,
    cookies,
    csrf,
    errors,
    headers,
    health,
    limits,
    logs,
    pages,
    paths,
    templates,
)
from kopkrakers.web.assets import files, whole, worker
from kopkrakers.web.news import unread
from kopkrakers.web.state import AppState

MAX_BODY = 512 * 1024
"""Bytes of a request. The longest form that is right is a few kilobytes; one into which a whole
document was pasted must be read too, for only then its page can come back with nothing lost."""
MAX_FIELDS = 100


class ReadableRequest(Request):
    """A request that answers 400 when its query string is no valid text."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return what stands behind the question mark. Raises: BadRequest."""
        try:
            return super().args
        except UnicodeDecodeError:
            raise BadRequest from None


def bare_app(
    settings: Settings,
    *,
    database: Database,
    library: Any,
    clock: Clock,
    readiness: health.Readiness,
) -> Flask:
    """Return an application with the shared plumbing and no feature."""
    app = Flask(
        "kopkrakers",
        root_path=str(asset_folder("templates").parent),
        static_folder=None,
        template_folder="templates",
    )
    app.request_class = ReadableRequest
    app.extensions["kopkrakers"] = AppState(
        settings=settings,
        database=database,
        clock=clock,
        library=library,
    )
    install(app, readiness)
    return app


def install(app: Flask, readiness: health.Readiness) -> None:
    """Sessions, access, errors, headers, static files, template helpers, health."""
    state: AppState = app.extensions["kopkrakers"]
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY, MAX_FORM_PARTS=MAX_FIELDS
    )
    paths.install(app)
    cookies.install(app, state.settings)
    logs.install(app)
    access.install(app)
    csrf.install(app)
    errors.install(app)
    limits.install(app)
    templates.install(app)
    unread.install(app)
    app.jinja_env.globals.update(
        demo=state.settings.demo,
        visitor=LocalProxy(_visitor),
        device_key=state.device_key,
        edition_keys=state.edition_keys,
    )
    if state.settings.trusted_hops:
        hops = state.settings.trusted_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # outermost, so that it answers also for what fails around Flask
    headers.install(app, files.install(app, state.settings), over_tls=state.settings.over_tls)
    whole.install(app)
    worker.install(app)
    health.install(app, readiness)
    app.register_blueprint(pages.blueprint)


def _visitor() -> object | None:
    """The person who is signed in, for templates; None for anyone else."""
    if not current_user.is_authenticated:
        return None
    visitor: object = current_user._get_current_object()
    return visitor
