"""The demo's own application: the product, with the one page that only the demo has."""

from flask import Flask

from kopkrakers.app import create_app
from kopkrakers.base.clock import Clock, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.demo.visit import routes
from kopkrakers.operations.gateway import Gateway
from kopkrakers.operations.serving import in_worker
from kopkrakers.web import access


def create_demo_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Flask:
    """The WSGI application of the demo.

    Raises: ConfigurationError when a setting is wrong.
    """
    app = create_app(settings, clock=clock)
    app.register_blueprint(routes.blueprint)
    access.require_marks(app)
    return app


def demo_worker_app() -> Gateway:
    """The demo's application in a worker process."""
    return in_worker(create_demo_app())
