"""The pages of accounts, a module for each: signing in, own account, joining, people and teams."""

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, Flask, current_app

from kopkrakers.accounts.pages.browser import providers
from kopkrakers.accounts.service import RemovalStep

blueprint = Blueprint("accounts", __name__)
_REMOVAL_STEPS = "kopkrakers_removal_steps"


def install(app: Flask, *, on_removal: Sequence[RemovalStep]) -> None:
    """Add the pages. `on_removal` removes what other features keep of a person."""
    app.extensions[_REMOVAL_STEPS] = tuple(on_removal)
    providers.install(app)
    app.register_blueprint(blueprint)


def removal_steps() -> Sequence[RemovalStep]:
    """Return the steps that this application was given for removing a person."""
    return cast("Sequence[RemovalStep]", current_app.extensions[_REMOVAL_STEPS])


# Each of these puts its routes on the blueprint, so it is imported after it is made.
from kopkrakers.accounts.pages import (  # noqa: E402
    account,  # noqa: F401
    inviting_many,  # noqa: F401
    joining,  # noqa: F401
    news,  # noqa: F401
    pausing,  # noqa: F401
    people,  # noqa: F401
    sign_in,  # noqa: F401
    teams,  # noqa: F401
    trail,  # noqa: F401
    work_account,  # noqa: F401
)
from kopkrakers.accounts.pages.second_step import (  # noqa: E402
    of_others,  # noqa: F401
    own,  # noqa: F401
    signing_in,  # noqa: F401
)
