"""The pages of the desk: sending in for everybody, the rest for redacteuren."""

from flask import Blueprint, Flask

blueprint = Blueprint("desk", __name__)


def install(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)


# Each of these puts its routes on the blueprint, so it is imported after it is made.
from kopkrakers.desk.pages import (  # noqa: E402
    editor,  # noqa: F401
    inbox,  # noqa: F401
    planning,  # noqa: F401
    publishing,  # noqa: F401
    remarks,  # noqa: F401
    reporting,  # noqa: F401
    sending,  # noqa: F401
)
