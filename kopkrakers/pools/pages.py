"""Functions about pools for the templates of other packages."""

from flask import Flask
from flask_login import current_user

from kopkrakers.pools.standing import PoolStanding, standing_of
from kopkrakers.web.state import state


def install(app: Flask) -> None:
    """Let templates ask for the standing of the gemeente of who is signed in."""
    app.jinja_env.globals["own_standing"] = own_standing


def own_standing() -> PoolStanding:
    """Return the standing of the gemeente of the person who is signed in."""
    keys = state().row_keys
    with state().database.reading() as session:
        return standing_of(session, keys, current_user.gemeente_id, state().today())
