"""Every route of accounts: importing this puts them on the blueprint, which `install` registers."""

from kopkrakers.accounts.pages import account as routes_account
from kopkrakers.accounts.pages import joining as routes_joining
from kopkrakers.accounts.pages import people as routes_people
from kopkrakers.accounts.pages import sign_in as routes_sign_in
from kopkrakers.accounts.pages import teams as routes_teams
from kopkrakers.accounts.pages.blueprint import blueprint, install

__all__ = [
    "blueprint",
    "install",
    "routes_account",
    "routes_joining",
    "routes_people",
    "routes_sign_in",
    "routes_teams",
]
