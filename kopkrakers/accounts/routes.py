"""Every route of accounts: importing this puts them on the blueprint."""

from kopkrakers.accounts import routes_account, routes_joining, routes_people, routes_sign_in, routes_teams
from kopkrakers.accounts.blueprint import blueprint

__all__ = ["blueprint", "routes_account", "routes_joining", "routes_people", "routes_sign_in", "routes_teams"]
