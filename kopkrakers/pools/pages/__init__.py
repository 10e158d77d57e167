"""The pages of regio's for beheerders, and functions about pools for templates of others."""

from flask import Blueprint, Flask
from flask_login import current_user

from kopkrakers.base.paging import ListPage
from kopkrakers.pools.proposals import Proposal, proposals_for
from kopkrakers.pools.standing import PoolStanding, colleagues, standing_of
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state

blueprint = Blueprint("pools", __name__)


def install(app: Flask) -> None:
    """Add the pages; let templates ask for the standing of the gemeente of whoever is signed in."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["own_chair"] = chair.own_chair
    app.jinja_env.globals["own_colleagues"] = own_colleagues
    app.jinja_env.globals["own_standing"] = own_standing
    app.jinja_env.globals["proposals_to_answer"] = proposals_to_answer


def own_standing() -> PoolStanding:
    """Return the standing of the gemeente of the person who is signed in."""
    keys = state().row_keys
    with state().database.reading() as session:
        return standing_of(session, keys, current_user.gemeente_id, state().today())


def own_colleagues() -> ListPage[str]:
    """Return the page that the address asks for, of those in the own gemeente who can vote."""
    with state().database.reading() as session:
        return colleagues(session, current_user.gemeente_id, asked_page("namen"))


def proposals_to_answer() -> list[Proposal]:
    """Return the proposals for a regio that wait for the gemeente of whoever is signed in."""
    gemeente_id = current_user.gemeente_id
    with state().database.reading() as session:
        waiting = proposals_for(session, state().row_keys, gemeente_id, state().today())
    return [proposal for proposal in waiting if not proposal.party(gemeente_id).agreed]


# It puts its routes on the blueprint, so it is imported after that is made.
from kopkrakers.pools.pages import chair, regios  # noqa: E402, F401
