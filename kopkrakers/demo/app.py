"""The demo's own application: the product, with the one page that only the demo has."""

from flask import Flask

from kopkrakers.app import create_app
from kopkrakers.base.clock import Clock
from kopkrakers.base.config import Settings, load_settings
from kopkrakers.demo.visit import routes
from kopkrakers.demo.visit.clock import demo_clock
from kopkrakers.web import access


def create_demo_app(settings: Settings, *, clock: Clock | None = None) -> Flask:
    """The WSGI application of the demo. `clock`: the demo's own, unless another is given."""
    app = create_app(settings, clock=clock or demo_clock(settings))
    app.register_blueprint(routes.blueprint)
    access.require_marks(app)
    return app


def demo_app() -> Flask:
    """The same by the settings of the environment.

    Raises: ConfigurationError when a setting is wrong.
    """
    return create_demo_app(load_settings())
