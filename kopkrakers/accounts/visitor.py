"""The signed-in person, as templates and services get it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Row

from kopkrakers.accounts.chain.signing import SIGNED, WITH_LINK, roles_of
from kopkrakers.accounts.models import GEMEENTE, USER


@dataclass(frozen=True)
class Visitor:
    """The signed-in person. `roles` holds `Role` values; `generation` dates the session.

    `of_organisation`: no municipality is theirs, but a university, say. `owes_second_step`: they
    signed in with a password alone where their role asks for more.
    """

    id: int
    gemeente_id: int
    gemeente: str
    name: str
    roles: frozenset[str]
    generation: int
    of_organisation: bool = False
    owes_second_step: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return the id that flask-login keeps in the cookie."""
        return str(self.id)


def visitors() -> Select[Any]:
    """Return the statement for accounts with what `account_holds` and `visitor_from` read."""
    of_gemeente = GEMEENTE.c.id == USER.c.gemeente_id
    named = GEMEENTE.c.name.label("gemeente")
    return select(*SIGNED, named, GEMEENTE.c.is_organisation).select_from(
        WITH_LINK.join(GEMEENTE, of_gemeente)
    )


def visitor_from(account: Row[Any]) -> Visitor:
    """Return the person of an account that holds."""
    return Visitor(
        id=account.id,
        gemeente_id=account.gemeente_id,
        gemeente=account.gemeente,
        name=account.name or "",
        roles=roles_of(account),
        generation=account.generation,
        of_organisation=account.is_organisation,
    )
